"""How a view is drawn."""

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from milena import games
from milena.domain.view import Cell, View
from milena.terminal.board import FINE, PLAIN, draw, lines


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
