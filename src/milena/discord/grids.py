"""How a grid is shown in a message: as emoji, as a picture, or in columns of text.

What it is decides, not which game it is of: a small board of known marks is emoji, which a phone shows large;
a large one, or one of numbers, is a picture (see :mod:`.picture`) with words for those who can't see it; a
table is text. Without Pillow, what would be a picture is text too.
"""

from typing import NamedTuple

from milena.discord import picture
from milena.discord.message import File
from milena.discord.text import block, clip, columns
from milena.domain.view import View

EMPTY = "🟦"
TILES = {"": EMPTY, "X": "❌", "O": "⭕", "●": "⚫", "○": "⚪"}
_KEYCAP = "\ufe0f\u20e3"
_WIDEST = 8
"""Emoji side by side, on a narrow phone."""
_LARGE = 36
"""Cells from which on a board is easier to read as a picture."""
_SMALLEST = 9
LONGEST_ALT = 1000
NAME = "board.png"


class Shown(NamedTuple):
    """``text`` as markdown; ``file`` where it is a picture."""

    text: str = ""
    file: File | None = None


def show(view: View) -> Shown:
    if not view.grid:
        return Shown()
    if _is_emoji(view):
        return Shown(_emoji(view))
    if _is_picture(view):
        return Shown(file=File(NAME, picture.png(view.grid, view.columns, view.rows), alternative(view)))
    return Shown(block(_lines(view)))


def mark(text: str) -> str:
    """A seat's mark as it is shown beside its name."""
    return TILES.get(text, text)


def _texts(view: View) -> set[str]:
    return {cell.text for row in view.grid for cell in row}


def _is_emoji(view: View) -> bool:
    high, wide = len(view.grid), len(view.grid[0])
    headed = all(len(heading) == 1 and heading.isdecimal() for heading in view.columns)
    fits = max(high, wide) <= _WIDEST and high * wide >= _SMALLEST
    return fits and headed and not view.rows and _texts(view) <= TILES.keys()


def _is_picture(view: View) -> bool:
    cells = len(view.grid) * len(view.grid[0])
    numbers = not view.rows and all(not text or text.isdecimal() for text in _texts(view))
    large = cells >= _LARGE or (numbers and cells >= _SMALLEST)
    return large and picture.can_draw(view.grid, view.columns, view.rows)


def _emoji(view: View) -> str:
    rows = ["".join(TILES[cell.text] for cell in row) for row in view.grid]
    return "\n".join([*rows, "".join(heading + _KEYCAP for heading in view.columns)]).rstrip()


def _lines(view: View) -> list[str]:
    """The grid in columns. What has no headings has strokes between its cells, so that one sees them."""
    side = max(map(columns, view.rows), default=0)
    texts = [*_texts(view), *view.columns]
    width = max(map(columns, texts), default=1) or 1
    between = " " if view.rows or view.columns else "|"

    def line(heading: str, cells: list[str]) -> str:
        padded = between.join(" " * (width - columns(cell)) + cell for cell in cells)
        return (heading + " " * (side - columns(heading)) + " " if side else "") + padded

    headings = [line("", list(view.columns))] if view.columns else []
    sides = view.rows or ("",) * len(view.grid)
    return headings + [
        line(heading, [cell.text for cell in row]) for heading, row in zip(sides, view.grid, strict=True)
    ]


def alternative(view: View) -> str:
    """The grid in words, for those who hear it: row by row, an underscore where nothing stands."""
    told = [f"{len(view.grid)} rows, {len(view.grid[0])} columns."]
    for number, row in enumerate(view.grid):
        heading = view.rows[number] if view.rows else str(number + 1)
        told.append(f"{heading}: {' '.join(cell.text or '_' for cell in row)}.")
    return clip("\n".join(told), LONGEST_ALT)
