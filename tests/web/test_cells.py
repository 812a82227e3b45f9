"""How values are shown."""

from typing import Any

import pytest

from milena.home import Home
from milena.web.cells import Cells


@pytest.fixture
def cells(home: Home) -> Cells:
    return Cells(home.vault, lambda what, key: f"/{what}/{key}" if what == "player" else None)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1_767_225_600_000, '<time datetime="2026-01-01T00:00:00+00:00">2026-01-01 00:00:00</time>'),
        (1_767_225_600, None),
        (None, None),
        (True, None),
        (12, None),
        (4.0, "4"),
        (6.5, "6.5"),
        (1 / 3, "0.3333333333"),
        ("finished", None),
        (b"x", None),
    ],
)
def test_numbers_that_are_times_are_dates(cells: Cells, value: Any, shown: str | None) -> None:
    assert cells.show("any", value) == shown


def test_a_player_is_a_name_with_a_link(cells: Cells, home: Home) -> None:
    ann = home.vault.player("discord", "1", "<Ann>")
    assert cells.show("opponent", ann) == f'<a href="/player/{ann}" title="{ann}">&lt;Ann&gt;</a>'
    assert cells.show("detail", f"<{ann}> resigns & goes") == "&lt;Ann&gt; resigns &amp; goes"


def test_a_list_of_players_is_one_of_names(cells: Cells, home: Home) -> None:
    ann, bob = (home.vault.player("discord", name, name) for name in ("Ann", "B&b"))
    shown = cells.show("players", f'["{ann}","{bob}","2q4g7c9mjw4d"]')
    assert shown is not None
    assert shown.striptags() == "Ann, B&b, 2q4g7c9mjw4d"
    assert cells.show("players", "[]") is None


def test_who_is_not_known_is_an_id(cells: Cells) -> None:
    assert cells.show("player", "2q4g7c9mjw4d") is None
    assert cells.show("detail", "<2q4g7c9mjw4d> resigns") == "2q4g7c9mjw4d resigns"


def test_a_game_without_a_page_is_an_id(cells: Cells) -> None:
    assert cells.show("game", "2q4g7c9mjw4d") == '<span title="2q4g7c9mjw4d">2q4g7c9mjw4d</span>'
