"""A backup is whole, or is not there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from milena.home import Home
from milena.ops.backup import make
from milena.store import Damaged, Unavailable


@pytest.fixture
def played(home: Home, invoke: Callable[..., Any], ann: str) -> Path:
    invoke("open", ann, game="2048")
    return home.path


def test_it_is_taken_while_the_log_is_in_use(
    played: Path, home: Home, invoke: Callable[..., Any], ann: str, tmp_path: Path
) -> None:
    to = tmp_path / "copies" / "one"
    made = make(played, to)
    assert made.head == home.store.head()
    assert {file.name for file in to.iterdir()} == {"events.db", "vault.db"}
    assert made.size == sum(file.stat().st_size for file in to.iterdir())
    assert [file.stat().st_mode & 0o777 for file in (to, *to.iterdir())] == [0o700, 0o600, 0o600]
    invoke("resign", ann, game="none")
    assert make(played, to) == made, "what was copied stands"
    assert make(played, tmp_path / "copies" / "two").head == home.store.head() != made.head
    with Home(to) as copy:
        assert copy.store.head() == made.head
        assert copy.vault.name(ann) == "ann"


def test_nothing_half_made_is_left_where_the_disk_refuses(played: Path, tmp_path: Path) -> None:
    (tmp_path / "copies").write_text("a file")
    with pytest.raises(Unavailable, match="No backup was made"):
        make(played, tmp_path / "copies" / "one")
    with pytest.raises((Unavailable, Damaged)):
        make(tmp_path / "nothing", tmp_path / "other")
    assert not (tmp_path / "other").exists()
    assert not list(tmp_path.glob("*.part"))


def test_a_damaged_vault_is_not_copied(tmp_path: Path) -> None:
    with Home(tmp_path / "data") as home:
        home.vault.player("terminal", "ann")
    vault = tmp_path / "data" / "vault.db"
    data = vault.read_bytes()
    vault.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(Damaged):
        make(tmp_path / "data", tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_file_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with Home(tmp_path / "data"):
        pass
    (tmp_path / "data" / "vault.db").unlink()
    with pytest.raises(Unavailable):
        make(tmp_path / "data", tmp_path / "copy")
    assert not (tmp_path / "data" / "vault.db").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]
