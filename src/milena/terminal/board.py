"""A view as it is drawn in a terminal of 80 columns and 24 lines."""

import textwrap
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
GAP = 3
"""Columns between the board and what is said beside it, where there is no room below."""
NARROWEST = 30
"""Columns that it needs there."""


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
    grid = [_grid(view, lines)] if view.grid else []
    return Text("\n").join(grid + _said(view))


def fit(view: View, lines: Lines, height: int, width: int = ROOM_X) -> Text:
    """:func:`draw` in ``height`` lines, if that can be: with what is said beside the board, then without
    lines between its rows, then without a frame."""
    whole = draw(view, lines)
    ways = [whole]
    if view.grid:
        for ruled, framed in ((True, True), (False, True), (False, False)):
            grid, said = _grid(view, lines, ruled, framed), _said(view)
            ways += [Text("\n").join([grid, *said]), *_beside(grid, said, width)]
    return next(
        (way for way in ways if tall(way, width) <= height), min(ways, key=lambda way: tall(way, width))
    )


def tall(text: Text, width: int = ROOM_X) -> int:
    """How many lines a text takes on a screen."""
    return sum(max(1, len(textwrap.wrap(line, width))) for line in text.plain.split("\n"))


def _said(view: View) -> list[Text]:
    parts = [Text("\n".join(view.lines))] if view.lines else []
    parts += [Text("In hand: ").append("  ".join(view.hand), STYLES["accent"])] if view.hand else []
    return parts


def _beside(grid: Text, said: list[Text], width: int) -> list[Text]:
    """The board on the left, what is said on the right; nothing where that is too narrow."""
    left = grid.split("\n", allow_blank=True)
    wide = max(line.cell_len for line in left)
    room = width - wide - GAP
    if room < NARROWEST or not said:
        return []
    right = []
    for part in said:
        for line in part.plain.split("\n"):
            right += textwrap.wrap(line, room, subsequent_indent="  ") or [""]
    rows = []
    for number in range(max(len(left), len(right))):
        row = left[number].copy() if number < len(left) else Text()
        if number < len(right):
            row.append(" " * (wide - row.cell_len + GAP) + right[number])
        rows.append(row)
    return [Text("\n").join(rows)]


def _grid(view: View, lines: Lines, ruled: bool = True, framed: bool = True) -> Text:
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

    if framed:
        rows.append(rule(lines.top))
    for number, cells in enumerate(view.grid):
        heading = view.rows[number] if number < len(view.rows) else ""
        row = Text(heading.rjust(side - 1) + " " if side else "", STYLES["dim"])
        for cell in cells:
            row.append(lines.upright, FRAME).append(_centre(cell.text, width), STYLES[cell.tone])
        rows.append(row.append(lines.upright, FRAME))
        last = number == len(view.grid) - 1
        if framed if last else ruled and len(view.grid) <= ROOM_Y:
            rows.append(rule(lines.bottom if last else lines.middle))
    return Text("\n").join(rows)


def _centre(text: str, width: int) -> str:
    """``text`` in the middle of ``width`` columns; an emoji takes two."""
    blank = max(0, width - cell_len(text))
    return " " * (blank // 2) + text + " " * (blank - blank // 2)
