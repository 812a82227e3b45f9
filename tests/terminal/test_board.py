"""How a view is drawn."""

from io import StringIO
from random import Random

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from milena import games
from milena.domain.rules import CHANCE
from milena.domain.view import Cell, View
from milena.terminal.board import FINE, PLAIN, draw, fit, lines, tall


def grid(*rows: str) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(Cell(text) for text in row.split("|")) for row in rows)


def text(view: View) -> list[str]:
    return draw(view, PLAIN).plain.splitlines()


def test_a_grid_has_a_line_between_all_cells() -> None:
    assert text(View(grid=grid("X|O", "|X"))) == [
        "+---+---+",
        "| X | O |",
        "+---+---+",
        "|   | X |",
        "+---+---+",
    ]


def test_headings_stand_over_the_columns_and_before_the_rows() -> None:
    assert text(View(grid=grid("a|b", "c|d"), columns=("x", "y"), rows=("1", "10"))) == [
        "     x   y ",
        "   +---+---+",
        " 1 | a | b |",
        "   +---+---+",
        "10 | c | d |",
        "   +---+---+",
    ]


def test_cells_are_as_wide_as_the_widest() -> None:
    assert text(View(grid=grid("2048|2")))[1] == "| 2048 |  2   |"


def test_an_emoji_takes_two_columns() -> None:
    top, row, _ = text(View(grid=grid("🚢|x")))
    assert cell_len(row) == len(top)


def test_a_tall_board_has_no_lines_between_its_rows() -> None:
    assert len(text(View(grid=grid(*["a|b"] * 10)))) == 12


def test_a_wide_board_is_squeezed_into_80_columns() -> None:
    assert max(map(len, text(View(grid=grid("|".join("ab" * 12)))))) <= 80


def test_a_hand_and_lines_stand_below_the_board() -> None:
    view = View(grid=grid("a"), lines=("first", "second"), hand=("8S", "QH"))
    assert text(view)[-3:] == ["first", "second", "In hand: 8S  QH"]


def test_what_a_view_says_is_never_taken_for_markup() -> None:
    assert draw(View(lines=("[bold]not bold[/bold]",))).plain == "[bold]not bold[/bold]"


def test_winning_cells_stand_out() -> None:
    rules = games.load("tictactoe")
    state = rules.start(2, rules.options_type())
    for ply, move in enumerate("15283"):
        state = rules.play(state, ply % 2, move)
    assert rules.outcome(state)
    styles = {str(span.style) for span in draw(rules.view(state, None)).spans}
    assert "bold green" in styles


@pytest.mark.parametrize(("terminal", "expected"), [(True, FINE), (False, PLAIN)])
def test_what_is_piped_is_drawn_in_ascii(terminal: bool, expected: object) -> None:
    class Output(StringIO):
        encoding = "utf-8"

    assert lines(Console(file=Output(), force_terminal=terminal)) is expected


# -------------------------------------------------------------------------------------- on a low screen


def rows_of(text: Text) -> list[str]:
    return [line.rstrip() for line in text.plain.split("\n")]


def test_where_there_is_room_a_board_is_drawn_as_ever() -> None:
    view = View(grid=grid("a|b", "c|d"), lines=("said",))
    assert fit(view, PLAIN, 6).plain == draw(view, PLAIN).plain


def test_where_there_is_none_below_things_are_said_beside_the_board() -> None:
    view = View(grid=grid("a|b", "c|d"), lines=("one", "two"), hand=("8S",))
    assert rows_of(fit(view, PLAIN, 5)) == [
        "+---+---+   one",
        "| a | b |   two",
        "+---+---+   In hand: 8S",
        "| c | d |",
        "+---+---+",
    ]


def test_then_the_lines_between_the_rows_go_and_then_the_frame() -> None:
    view = View(grid=grid("a|b", "c|d", "e|f"))
    assert rows_of(fit(view, PLAIN, 6)) == ["+---+---+", "| a | b |", "| c | d |", "| e | f |", "+---+---+"]
    assert rows_of(fit(view, PLAIN, 4)) == ["| a | b |", "| c | d |", "| e | f |"]
    assert rows_of(fit(view, PLAIN, 1)) == ["| a | b |", "| c | d |", "| e | f |"], "no lower than that"


EXTREMES = {
    "battleship": {"size": 10},
    "minesweeper": {"level": "expert"},
    "dungeon": {"length": "long"},
    "2048": {"size": 6},
}


@pytest.mark.parametrize("name", games.names())
def test_every_game_fits_on_a_screen_of_80_by_24(name: str) -> None:
    rules = games.load(name)
    options = msgspec.convert(EXTREMES.get(name, {}), rules.options_type)
    room = 24 - 3 - 1  # the title, the prompt and the tools; the players in one line
    for seats in {max(rules.seats.min, min(2, rules.seats.max)), rules.seats.max}:
        random = Random(seats)
        state = rules.start(seats, options)
        for _ in range(120):
            actors = rules.actors(state)
            if not actors:
                break
            if actors == (CHANCE,):
                outcomes, weights = zip(*rules.chances(state), strict=True)
                state = rules.resolve(state, random.choices(outcomes, weights)[0])
                continue
            seat = random.choice(actors)
            drawn = fit(rules.view(rules.hide(state, seat), seat), FINE, room)
            assert tall(drawn) <= room, drawn.plain
            assert max(line.cell_len for line in drawn.split("\n")) <= 80 or not rules.view(state, seat).grid
            state = rules.play(state, seat, random.choice(rules.legal(state, seat)))
