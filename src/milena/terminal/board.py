"""A view as it is drawn in a terminal of 80 columns and 24 lines."""

from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from milena.domain.view import Tone, View

STYLES: dict[Tone, str] = {
    "": "",
    "first": "bold cyan",
    "second": "bold yellow",
    "accent": "bold magenta",
    "dim": "dim",
    "good": "bold green",
    "bad": "bold red",
}
FRAME = "dim"
ROOM_Y = 7
"""Boards of more rows are drawn without lines between them, so that they fit on a screen."""
ROOM_X = 76


class Lines(NamedTuple):
    """The strokes of a frame: left end, crossing and right end of each kind of rule, then the strokes."""

    top: str
    middle: str
    bottom: str
    across: str
    upright: str


FINE = Lines("╭┬╮", "├┼┤", "╰┴╯", "─", "│")
PLAIN = Lines("+++", "+++", "+++", "-", "|")


def lines(console: Console) -> Lines:
    """The strokes that can be shown there: plain ones in a file, or where only ASCII is safe."""
    return FINE if console.is_terminal and not console.options.ascii_only else PLAIN


def draw(view: View, lines: Lines = FINE) -> Text:
    """The board, what is said below it, and the hand."""
    parts = [_grid(view, lines)] if view.grid else []
    parts += [Text("\n".join(view.lines))] if view.lines else []
    parts += [Text("In hand: ").append("  ".join(view.hand), STYLES["accent"])] if view.hand else []
    return Text("\n").join(parts)


def _grid(view: View, lines: Lines) -> Text:
    columns = max(len(row) for row in view.grid)
    longest = max(
        [cell_len(cell.text) for row in view.grid for cell in row] + [cell_len(c) for c in view.columns]
    )
    side = max((cell_len(row) + 1 for row in view.rows), default=0)
    width = max(3, longest + 2)
    if side + columns * (width + 1) + 1 > ROOM_X:
        width = max(1, longest)
    rows = []
    if view.columns:
        headings = " ".join(_centre(heading, width) for heading in view.columns)
        rows.append(Text(" " * (side + 1) + headings, STYLES["dim"]))

    def rule(ends: str) -> Text:
        return Text(" " * side + ends[0] + ends[1].join([lines.across * width] * columns) + ends[2], FRAME)

    rows.append(rule(lines.top))
    for number, cells in enumerate(view.grid):
        heading = view.rows[number] if number < len(view.rows) else ""
        row = Text(heading.rjust(side - 1) + " " if side else "", STYLES["dim"])
        for cell in cells:
            row.append(lines.upright, FRAME).append(_centre(cell.text, width), STYLES[cell.tone])
        rows.append(row.append(lines.upright, FRAME))
        last = number == len(view.grid) - 1
        if last or len(view.grid) <= ROOM_Y:
            rows.append(rule(lines.bottom if last else lines.middle))
    return Text("\n").join(rows)


def _centre(text: str, width: int) -> str:
    """``text`` in the middle of ``width`` columns; an emoji takes two."""
    blank = max(0, width - cell_len(text))
    return " " * (blank // 2) + text + " " * (blank - blank // 2)
