"""Stepping through a recorded game with the arrow keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from milena.aggregates import GAMES
from milena.domain.command import Invocation
from milena.home import Home

Open = Callable[..., Any]
Play = Callable[..., str]


def test_the_arrow_keys_go_through_a_game(terminal: Open, play: Play) -> None:
    key = play("tictactoe", "ann", "bob", moves="5 1 2 9 8")
    screen = terminal("replay", key, "--step")
    screen.wait_for("ply 0 of 5")
    assert screen.lines[0] == f"  Tic-tac-toe  {key}   ann X, bob O"
    assert "▸ 0 start" in screen.text
    assert "│ 1 │ 2 │ 3 │" in screen.text

    screen.type("Right")
    screen.wait_for("ply 1 of 5")
    assert "▸ 1 ann 5" in screen.text
    assert "│ 4 │ X │ 6 │" in screen.text

    screen.type("Right", "Right")
    screen.wait_for("ply 3 of 5")
    screen.type("Left")
    screen.wait_for("ply 2 of 5")
    assert "│ O │ 2 │ 3 │" in screen.text

    screen.type("End")
    screen.wait_for("ply 5 of 5")
    assert "  ann won: three in a row." in screen.lines
    screen.type("Right")
    screen.type("Home")
    screen.wait_for("ply 0 of 5")
    assert "won" not in screen.text

    screen.type("q")
    assert screen.status() == 0


def test_it_begins_where_it_is_told_to(terminal: Open, play: Play) -> None:
    key = play("connect4", "ann", "bob", moves="4 4 3 3 2 2 1")
    screen = terminal("replay", key, "--at", "6", "--step")
    screen.wait_for("ply 6 of 7")
    assert "│   │ ○ │ ○ │ ○ │   │   │   │" in screen.text
    screen.type("Ctrl-C")
    assert screen.status() == 0


def play_2048(data: Path, make: Callable[..., Invocation], moves: int) -> str:
    """A game on the widest board; which moves there are is up to chance."""
    with Home(data) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")
        wide = {"size": 6, "target": 0}
        key = str(engine.call(make("open", ann, game="2048", options=wide)).result["game"])
        for number in range(moves):
            game = engine.read("game", key).state
            legal = GAMES.rules(game).legal(game.board, 0)
            answer = engine.call(make("move", ann, game=key, move=legal[number % len(legal)]))
            assert answer.verdict == "accepted"
    return key


def test_a_long_game_on_a_wide_board_fits_on_the_screen(
    terminal: Open, data: Path, invocation: Callable[..., Invocation]
) -> None:
    key = play_2048(data, invocation, 160)
    screen = terminal("replay", key, "--step")
    screen.wait_for("ply 0 of")
    screen.type("End")
    screen.wait_until_gone("ply 0 of")
    assert screen.lines[0].startswith("  2048")
    assert sum(line.startswith("  │") for line in screen.lines) == 6
    assert screen.lines[-1].endswith("q leaves")
    last = screen.lines[-1].split()[1]
    assert f"▸ {last} " in screen.text
    screen.type("Up")
    screen.wait_for(f"ply {int(last) - 10} of {last}")
    screen.type("q")
    assert screen.status() == 0


def test_a_game_that_goes_on_shows_no_secret(terminal: Open, play: Play) -> None:
    key = play("hangman", "ann", moves="e")
    screen = terminal("replay", key, "--step")
    screen.wait_for("ply 0 of 2")
    screen.type("Right")
    screen.wait_for("▸ 1 chance hidden")
    assert "_ _ _" in screen.text
