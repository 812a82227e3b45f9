"""Clocks, and whatever happens while somebody sits at the prompt."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from milena.aggregates import GAMES
from milena.domain.ids import PlayerId
from milena.home import Home
from milena.terminal.calling import Caller

Open = Callable[..., Any]


def enter(terminal: Any, text: str, then: str) -> None:
    terminal.type(text, "Enter")
    terminal.wait_for(then)


def test_clocks_run_below_the_prompt(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "bob", "--clock", "5m+2s")
    screen.wait_for("ann 4:5")
    assert "bob 5:00" in screen.lines[-1]
    screen.wait_for("ann 4:57")
    enter(screen, "5", "bob 4:5")
    left = re.search(r"ann (\d):(\d\d)", screen.lines[-1])
    assert left, screen.text
    assert int(left[1]) * 60 + int(left[2]) in range(290, 302), "two seconds came with the move"


def test_a_game_is_lost_while_the_prompt_waits(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "bob", "--clock", "2s/turn")
    screen.wait_for("ann X ›")
    screen.wait_for("bob won: ann ran out of time.")
    assert screen.status() == 0
    assert "Traceback" not in screen.raw


def test_who_missed_a_turn_is_told_and_the_next_one_asked(terminal: Open) -> None:
    screen = terminal("play", "crazy-eights", "ann", "--with", "random", "--clock", "2s/turn")
    screen.wait_for("ann ›")
    screen.wait_for("ann missed the turn")
    screen.wait_for("random")
    screen.wait_for("ann ›")


def test_a_clock_that_can_not_be_read_is_refused(terminal: Open, data: Path) -> None:
    screen = terminal("play", "tictactoe", "ann", "bob", "--clock", "soon")
    screen.wait_for("'soon' is no clock. Write 5m for a whole game")
    assert screen.status() == 1
    assert not data.exists()


def test_two_terminals_play_one_game(terminal: Open) -> None:
    # Given a game in one terminal, which a second one has joined
    one = terminal("play", "connect4", "ann", "bob")
    one.wait_for("ann ● ›")
    two = terminal("play", "--resume", "last")
    two.wait_for("ann ● ›")
    # When ann moves in one of them
    one.type("4", "Enter")
    # Then both ask bob, and what he does in the other one is seen in the first
    for screen in (one, two):
        screen.wait_for("bob ○ ›")
        screen.wait_for("1 ann 4")
    enter(two, "3", "2 bob 3")
    one.wait_for("2 bob 3")
    one.wait_for("ann ● ›")


def test_what_was_half_typed_is_kept_when_somebody_else_moves_first(terminal: Open, data: Path) -> None:
    screen = terminal("play", "hangman", "ann", "bob", "--set", "word=drawn")
    screen.wait_for("ann ›")
    with Home(data) as home:
        [key] = home.store.streams("game")
        word = GAMES.rules(game := home.store.fold(GAMES, key).state).hide(game.board, 0).word
    screen.type("ab")
    screen.wait_for("ann › ab")
    with Home(data) as home, home.engine() as engine:  # another process
        bob = home.vault.player("terminal", "bob")
        Caller(engine, home.vault.name).must("takeback" if not word else "resign", bob, game=key)
    screen.wait_for("bob resigned")
    screen.wait_for("ann › ab")


def test_ctrl_c_does_not_wait_for_a_machine_that_thinks(terminal: Open) -> None:
    screen = terminal("play", "othello", "ann", "--with", "mcts5")
    screen.wait_for("ann ● ›")
    enter(screen, "d3", "▸ mcts5")
    screen.type("Ctrl-C")
    screen.wait_for("is kept. Go on with: milena play --resume")
    assert screen.status() == 0
    assert "Traceback" not in screen.raw


@pytest.fixture
def waiting(data: Path) -> str:
    """A game that waits for its second player."""
    with Home(data) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")
        key: str = Caller(engine, home.vault.name).must("open", ann, game="tictactoe")["game"]
    return key


def ask(data: Path, name: str, command: str, key: str, **options: Any) -> None:
    with Home(data) as home, home.engine() as engine:
        player = home.vault.player("terminal", name)
        Caller(engine, home.vault.name).must(command, PlayerId(player), game=key, **options)


def test_who_watches_sees_each_move_and_the_end(terminal: Open, data: Path, waiting: str) -> None:
    screen = terminal("watch", waiting[3:])
    screen.wait_for(f"Game {waiting} has not begun: 1 seat free.")
    ask(data, "bob", "join", waiting)
    screen.wait_for("▸ ann X   bob O")
    ask(data, "ann", "move", waiting, move="5")
    screen.wait_for("1 ann 5")
    ask(data, "bob", "draw", waiting)
    screen.wait_for("bob offers a draw.")
    ask(data, "ann", "accept", waiting)
    screen.wait_for("Draw: a draw by agreement.")
    assert screen.status() == 0


def test_watching_is_left_with_ctrl_c(terminal: Open, data: Path, waiting: str) -> None:
    ask(data, "bob", "join", waiting)
    screen = terminal("watch", "last")
    screen.wait_for("▸ ann X   bob O")
    screen.type("Ctrl-C")
    screen.wait_for(f"It goes on. Watch it again with: milena watch {waiting}")
    assert screen.status() == 0
    assert "Traceback" not in screen.raw


def test_the_clocks_run_for_who_watches_too(terminal: Open) -> None:
    playing = terminal("play", "tictactoe", "ann", "bob", "--clock", "1m")
    playing.wait_for("ann X ›")
    screen = terminal("watch", "last")
    screen.wait_for("ann 0:5")
    before = re.search(r"ann 0:\d\d", screen.text)
    assert before
    screen.wait_until_gone(before[0])
    screen.wait_for("ann 0:5")
