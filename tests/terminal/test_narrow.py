"""What is listed fits 80 columns whole, and 40 with less of it: no cell is cut off."""

from collections.abc import Callable
from typing import Any

import pytest

Open = Callable[..., Any]
Play = Callable[..., str]


@pytest.fixture
def key(play: Play) -> str:
    return play("tictactoe", "ann", "bob", moves="5 1 2 9 8")


def shown(terminal: Open, columns: int, *arguments: str) -> list[str]:
    screen = terminal(*arguments, env={"COLUMNS": str(columns)})
    assert screen.status() == 0
    lines = [line.rstrip() for line in screen.lines]
    assert "…" not in screen.text
    assert max(map(len, lines)) <= columns
    return lines


def test_a_leaderboard(terminal: Open, key: str) -> None:
    heads = shown(terminal, 80, "leaderboard", "tictactoe")[1].split()
    assert heads == ["#", "player", "score", "won", "drawn", "lost", "share", "streak", "rating"]
    _, heads, first, *_ = shown(terminal, 40, "leaderboard", "tictactoe")
    assert heads.split() == ["#", "player", "score", "share", "rating"]
    assert first.startswith("1  ann         1  100% ██████  1578 ±")


def test_who_leads_each_game(terminal: Open, key: str) -> None:
    heads, first, *_ = shown(terminal, 40, "leaderboard")
    assert (heads.split(), first.split()) == (
        ["game", "played", "leads", "score"],
        ["tictactoe", "1", "ann", "1", "of", "1"],
    )


def test_games(terminal: Open, key: str) -> None:
    assert "Tic-tac-toe  ann, bob  ann won: three in a row." in shown(terminal, 80, "games")[1]
    assert shown(terminal, 40, "games")[1:3] == [
        f"{key}  Tic-tac-toe, ann, bob: ann",
        f"{'':12}  won: three in a row.",
    ]


def test_the_audit(terminal: Open, key: str) -> None:
    assert shown(terminal, 40, "audit", "--limit", "1")[0].split() == ["#", "player", "what", "outcome"]
    assert shown(terminal, 80, "audit", "--limit", "1")[0].split()[1:4] == ["time", "player", "game"]


def test_what_can_be_played(terminal: Open) -> None:
    lines = shown(terminal, 80, "games", "--rules", "quiz")
    assert "  --set own=@FILE       Questions of your own, asked instead. (a list of" in lines
    assert any("(any, easy, hard or medium)" in line for line in lines)
    lines = shown(terminal, 40, "games", "--rules", "tictactoe")
    assert lines[1:3] == ["  Type the number of a free cell, 1 to", "  9, counted in reading order."]


def test_the_digest_breaks_lines_between_words(terminal: Open, key: str) -> None:
    text = " ".join(shown(terminal, 40, "digest"))
    assert "'milena backup create' makes one" in text
