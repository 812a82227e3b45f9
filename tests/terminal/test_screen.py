"""A game at a real terminal, key by key."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Open = Callable[..., Any]

TOOLS = " ?: help   Tab: moves   abort   draw   quit or Ctrl-C: go on later"


def game_id(terminal: Any) -> str:
    found = re.search(r"game (\w{12})$", terminal.lines[0])
    assert found, terminal.text
    return found[1]


def cells(terminal: Any) -> list[str]:
    return [line for line in terminal.lines if line.startswith("  │")]


def enter(terminal: Any, text: str, then: str) -> None:
    terminal.type(text, "Enter")
    terminal.wait_for(then)


def test_two_people_play_a_game_to_its_end_at_one_keyboard(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "bob")
    screen.wait_for("▸ ann X   bob O")
    assert screen.lines[1:12] == [
        " ▸ ann X   bob O",
        "",
        "  ╭───┬───┬───╮",
        "  │ 1 │ 2 │ 3 │",
        "  ├───┼───┼───┤",
        "  │ 4 │ 5 │ 6 │",
        "  ├───┼───┼───┤",
        "  │ 7 │ 8 │ 9 │",
        "  ╰───┴───┴───╯",
        "",
        "",
    ]
    screen.wait_for("ann X › 1, 2, 3, 4, 5, 6, 7, 8, 9")
    screen.wait_for(TOOLS)
    key = game_id(screen)

    enter(screen, "5", "▸ bob O")
    enter(screen, "1", "1 ann 5 · 2 bob 1")
    enter(screen, "2", "3 ann 2")
    enter(screen, "9", "4 bob 9")
    enter(screen, "8", "ann won: three in a row.")

    assert screen.status() == 0
    assert "│   │ X │   │" in screen.text
    assert f"Watch it again with: milena replay {key}" in screen.text


def test_what_is_not_legal_is_told_and_asked_again(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "bob")
    screen.wait_for("ann X ›")
    enter(screen, "5", "bob O ›")
    enter(screen, "5", "Cell 5 is taken. Free: 1, 2, 3, 4, 6, 7, 8, 9.")
    screen.wait_for("bob O ›")
    enter(screen, "x" * 70, "That can't be read as a move. Type the number of a free cell")
    enter(screen, "4", "2 bob 4")


def test_ctrl_z_is_no_part_of_a_move(terminal: Open) -> None:
    """It stops the process, where a shell is there that can wake it."""
    screen = terminal("play", "tictactoe", "ann", "bob")
    screen.wait_for("ann X ›")
    screen.type("Ctrl-Z")
    enter(screen, "5", "1 ann 5")


def test_help_tells_the_notation_and_the_moves_and_tab_lists_them(terminal: Open) -> None:
    screen = terminal("play", "connect4", "ann", "bob")
    screen.wait_for("ann ● ›")
    for word in ("?", "help"):
        enter(screen, word, "Type the number of a column that is not full")
        assert "  Moves: 1, 2, 3, 4, 5, 6, 7" in screen.lines
        assert screen.lines[0].startswith(" Connect Four"), "all of it fits on the screen"
        enter(screen, "4", "ann 4")
        screen.wait_for("▸ bob" if word == "?" else "▸ ann")

    screen = terminal("play", "2048", "ann")
    screen.wait_for("ann ›")
    enter(screen, "?", "Moves: ")
    (moves,) = (line for line in screen.lines if "Moves: " in line)
    move = moves.partition(": ")[2].partition(",")[0].strip()  # which there are is up to chance
    screen.type(move[0], "Tab")
    screen.wait_for(f"ann › {move}")
    screen.type("Enter")
    screen.wait_for(f"ann {move}")


@pytest.mark.parametrize("way", [("Ctrl-C",), ("Ctrl-D",), ("quit", "Enter")], ids=" ".join)
def test_a_game_that_is_left_goes_on_later(terminal: Open, way: tuple[str, ...]) -> None:
    screen = terminal("play", "tictactoe", "ann", "bob")
    screen.wait_for("ann X ›")
    key = game_id(screen)
    enter(screen, "5", "bob O ›")

    screen.type(*way)

    assert screen.status() == 0
    assert "Traceback" not in screen.raw
    assert f"Game {key} is kept. Go on with: milena play --resume {key}" in screen.text

    later = terminal("play", "--resume", key[4:])
    later.wait_for("▸ bob O")
    assert game_id(later) == key
    assert "│ 4 │ X │ 6 │" in later.text
    enter(later, "1", "1 ann 5 · 2 bob 1")


def test_a_game_goes_on_after_its_process_was_killed(terminal: Open) -> None:
    screen = terminal("play", "connect4", "ann", "bob")
    screen.wait_for("ann ● ›")
    enter(screen, "4", "1 ann 4")
    enter(screen, "3", "2 bob 3")
    screen.kill()

    later = terminal("play", "--resume", "last")
    later.wait_for("ann ● ›")
    assert game_id(later) == game_id(screen)
    assert cells(later) == cells(screen)
    assert cells(later)[-1] == "  │   │   │ ○ │ ● │   │   │   │"


def test_resign_and_abort_end_a_game(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "bob")
    screen.wait_for("ann X ›")
    enter(screen, "resign", "bob won: ann resigned.")
    assert screen.status() == 0

    screen = terminal("play", "tictactoe", "ann", "bob")
    screen.wait_for("ann X ›")
    enter(screen, "bob: abort", "Aborted: bob aborted it.")
    assert screen.status() == 0


def test_simultaneous_choices_are_typed_unseen(terminal: Open) -> None:
    screen = terminal("play", "rock-paper-scissors", "ann", "bob", "--set", "best_of=1")
    screen.wait_for("ann ›")
    enter(screen, "scissors", "ann has chosen.")
    screen.wait_for("bob ›")
    shown = screen.raw.replace("Unseen while you type: rock, paper, scissors", "")
    assert "scissors" not in shown.replace("Rock, paper, scissors", ""), "it was echoed"
    enter(screen, "rock", "bob won: 1 : 0 rounds.")
    assert "1 ann scissors, bob rock" in screen.text


def test_a_choice_in_secret_can_be_left_and_taken_later(terminal: Open) -> None:
    screen = terminal("play", "rock-paper-scissors", "ann", "bob", "--set", "best_of=1")
    screen.wait_for("ann ›")
    enter(screen, "paper", "ann has chosen.")
    screen.type("Ctrl-C")
    assert screen.status() == 0
    assert "Game " in screen.text

    later = terminal("play", "--resume", "last")
    later.wait_for("bob ›")
    enter(later, "rock", "ann won: 1 : 0 rounds.")


def test_a_machine_answers_every_move(terminal: Open) -> None:
    screen = terminal("play", "tictactoe", "ann", "--with", "bot")
    screen.wait_for("ann X   minimax O")
    screen.wait_for("ann X ›")
    enter(screen, "1", "1 ann 1 · 2 minimax 5")  # anything else would lose
    screen.wait_for("ann X ›")
    screen.type("Ctrl-C")
    assert screen.status() == 0

    later = terminal("play", "--resume", "last")
    later.wait_for("ann X ›")
    enter(later, "2", "4 minimax 3")  # stops 1-2-3


def test_no_colour_where_none_is_wanted(terminal: Open) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*\b(3[0-7]|38;5;\d+|9[0-7])m")
    plain = terminal("play", "tictactoe", "ann", "bob", env={"NO_COLOR": "1"})
    plain.wait_for("ann X ›")
    enter(plain, "5", "bob O ›")
    assert not colour.search(plain.raw)

    bright = terminal("play", "tictactoe", "ann", "bob")
    bright.wait_for("ann X ›")
    assert colour.search(bright.raw)


HANDS = """
from msgspec import Struct
from milena.domain.refusal import Refused
from milena.domain.rules import NoOptions, Outcome, Rules, Seats
from milena.domain.view import View

class State(Struct, frozen=True):
    cards: tuple[str, ...] = ("ace", "king")
    turn: int = 0

class Hands(Rules[State, NoOptions]):
    name = "hands"
    title = "Hands"
    seats = Seats(2, 2)
    bound = 4
    notation = "Type pass."

    def start(self, seats, options):
        return State()

    def actors(self, state):
        return (state.turn % 2,) if state.turn < 4 else ()

    def legal(self, state, seat):
        return ["pass"] if seat in self.actors(state) else []

    def play(self, state, seat, move):
        if move != "pass":
            raise Refused("no_pass", "Only pass is possible.")
        return State(state.cards, state.turn + 1)

    def outcome(self, state):
        return Outcome((0.5, 0.5), "all passed") if state.turn == 4 else None

    def hide(self, state, seat):
        cards = tuple(card if at == seat else "" for at, card in enumerate(state.cards))
        return State(cards, state.turn)

    def view(self, state, seat):
        return View(hand=() if seat is None else (state.cards[seat],))

rules = Hands()
"""


def test_a_hand_is_shown_to_its_owner_alone_when_the_keyboard_is_handed_over(
    terminal: Open, tmp_path: Path
) -> None:
    packages = tmp_path / "packages"
    (packages / "hands-1.0.dist-info").mkdir(parents=True)
    (packages / "hands.py").write_text(HANDS)
    (packages / "hands-1.0.dist-info" / "METADATA").write_text("Name: hands\nVersion: 1.0\n")
    (packages / "hands-1.0.dist-info" / "entry_points.txt").write_text(
        "[milena.games]\nhands = hands:rules\n"
    )

    path = os.pathsep.join([str(packages), os.environ.get("PYTHONPATH", "")])
    screen = terminal("play", "hands", "ann", "bob", env={"PYTHONPATH": path})
    screen.wait_for("The keyboard is ann's now; the others look away.")
    assert "ace" not in screen.raw
    screen.type("Enter")
    screen.wait_for("In hand: ace")
    screen.wait_for("ann ›")
    enter(screen, "pass", "The keyboard is bob's now; the others look away.")
    assert "ace" not in screen.text
    assert "king" not in screen.raw
    screen.type("Enter")
    screen.wait_for("In hand: king")
    screen.wait_for("bob ›")
    screen.type("Ctrl-C")
    assert screen.status() == 0
    assert "king" not in screen.text
    assert "ace" not in screen.text
