"""Where files lie: one live generation, the one before, one builder at a time."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from milena.readside.shelf import Shelf
from milena.store import Unavailable


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models", "games")


def publish(shelf: Shelf, text: str = "x") -> Path:
    with shelf.building() as part:
        part.write_text(text)
        return shelf.publish(part)


def test_nothing_is_there_at_first(shelf: Shelf) -> None:
    assert (shelf.live(), shelf.previous(), shelf.generations(), shelf.is_gone) == (None, None, [], False)
    assert not shelf.directory.exists()


def test_what_is_published_is_live_and_the_one_before_is_kept(shelf: Shelf) -> None:
    first, second, third = publish(shelf, "1"), publish(shelf, "2"), publish(shelf, "3")
    assert (shelf.live(), shelf.previous()) == (third, second)
    assert shelf.is_live(third)
    assert not first.exists()
    assert (shelf.directory / "games.db").read_text() == "3"
    assert os.readlink(shelf.link) == "games.v3.db", "the directory may be moved"


def test_models_whose_names_begin_alike_do_not_meet(shelf: Shelf) -> None:
    other = Shelf(shelf.directory, "games_won")
    dotted = Shelf(shelf.directory, "g")
    publish(other)
    publish(dotted)
    for _ in range(3):
        publish(shelf)
    assert (other.generations(), dotted.generations(), shelf.generations()) == ([1], [1], [2, 3])


def test_a_builder_who_fails_leaves_nothing(shelf: Shelf) -> None:
    publish(shelf)
    before = set(os.listdir(shelf.directory))
    with suppress(ZeroDivisionError), shelf.building() as part:
        part.write_text("half")
        part.with_name(f"{part.name}-journal").write_text("half")
        raise ZeroDivisionError
    assert set(os.listdir(shelf.directory)) == before


def test_there_is_one_builder_at_a_time(shelf: Shelf) -> None:
    with shelf.building(), pytest.raises(Unavailable, match="wait until that is done"), shelf.building():
        pass
    with shelf.building():
        pass


def test_a_number_is_never_given_again(shelf: Shelf) -> None:
    publish(shelf)
    live = publish(shelf)
    live.unlink()
    assert shelf.is_gone
    assert shelf.live() is None
    assert publish(shelf).name == "games.v3.db"


def test_a_plain_file_in_the_place_of_the_link_is_replaced(shelf: Shelf) -> None:
    shelf.directory.mkdir()
    shelf.link.write_text("what somebody copied here")
    assert shelf.live() is None
    publish(shelf)
    assert shelf.link.is_symlink()


def test_a_directory_that_can_not_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(Unavailable, match="can't be written"),
        Shelf(tmp_path / "file" / "x", "games").building(),
    ):
        pass
