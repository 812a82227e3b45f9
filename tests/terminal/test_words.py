"""Words that can be typed beside moves, for draws, takebacks, leaving: offered where they mean something."""

from collections.abc import Callable
from typing import Any

import pytest

Open = Callable[..., Any]


def enter(terminal: Any, text: str, then: str) -> None:
    terminal.type(text, "Enter")
    terminal.wait_for(then)


def test_two_agree_on_a_draw_at_one_keyboard(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "bob")
    screen.wait_for("ann X ›")
    enter(screen, "draw", "ann offers a draw. (accept or decline)")
    screen.wait_for("accept   decline")
    enter(screen, "decline", "Tab: moves   abort   quit")
    enter(screen, "draw", "The draw was declined; you can ask again when you have moved.")
    enter(screen, "5", "bob O ›")
    enter(screen, "draw", "bob offers a draw.")
    enter(screen, "accept", "Draw: a draw by agreement.")
    assert screen.status() == 0


def test_two_agree_to_take_a_move_back(terminal: Open) -> None:
    screen = terminal("play", "connect4", "ann", "bob")
    screen.wait_for("ann ● ›")
    enter(screen, "4", "bob ○ ›")
    assert "takeback" not in screen.lines[-1], "bob has made no move yet"
    enter(screen, "takeback", "You have made no move yet.")
    enter(screen, "ann: takeback", "ann asks to take a move back.")
    enter(screen, "accept", "they took back 1 ply")
    screen.wait_for("ann ● ›")
    assert "●" not in "".join(line for line in screen.lines if line.startswith("  │"))
    enter(screen, "1", "bob ○ ›")
    enter(screen, "2", "3 ann 1 · 4 bob 2")
    screen.wait_for("takeback")


def test_a_machine_lets_a_move_be_taken_back_and_plays_on(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "--with", "minimax")
    screen.wait_for("ann X ›")
    enter(screen, "1", "2 minimax 5")
    screen.wait_for("resign   draw   takeback")
    enter(screen, "takeback", "they took back 2 plies")
    screen.wait_for("│ 4 │ 5 │ 6 │")
    enter(screen, "1", "minimax 5")
    screen.wait_for("resign   draw")
    enter(screen, "draw", "The machine plays on.")
    screen.wait_for("resign   takeback   quit")


@pytest.mark.parametrize(
    ("game", "offered", "kept_back"),
    [
        ("tictactoe", "draw", "takeback"),
        ("crazy-eights", "abort", "draw"),
        ("othello", "draw", "takeback"),
        ("rock-paper-scissors", "abort", "draw"),
    ],
)
def test_only_what_can_be_is_offered(terminal: Open, game: str, offered: str, kept_back: str) -> None:
    screen = terminal("play", game, "ann", "--with", "random")
    screen.wait_for("?: help")
    assert offered in screen.lines[-1]
    assert kept_back not in screen.lines[-1]


def test_a_word_that_is_a_move_is_a_move(terminal: Open) -> None:
    screen = terminal("play", "crazy-eights", "ann", "--with", "random")
    screen.wait_for("ann ›")
    enter(screen, "draw", "ann draw")
    assert "knows no draw" not in screen.text
    enter(screen, "/draw", "Crazy eights knows no draw by agreement")
    enter(screen, "/quit", "is kept.")
    assert screen.status() == 0


def test_help_tells_what_can_be_done_and_fits_on_the_screen(terminal: Open) -> None:
    screen = terminal("play", "battleship", "ann", "--with", "random")
    screen.wait_for("ann ›")
    enter(screen, "random", " random hidden")  # how many plies its placing takes is up to chance
    screen.wait_for("ann ›")
    enter(screen, "?", "Tab lists them)")
    assert screen.lines[0].startswith(" Battleship"), screen.text
    assert "/quit is never a move." in screen.text


def test_a_rematch_has_the_seats_turned_round(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "bob")
    screen.wait_for("ann X ›")
    enter(screen, "resign", "Play it again with: milena play --rematch")
    again = terminal("play", "--rematch", "last")
    again.wait_for("▸ bob X   ann O")


def test_a_rematch_with_a_machine(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "--with", "minimax")
    screen.wait_for("ann X ›")
    enter(screen, "resign", "minimax won")
    again = terminal("play", "--rematch", "last")
    again.wait_for("minimax X")
    again.wait_for("ann O ›")
