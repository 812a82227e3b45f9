"""A grid as a small PNG. Needs Pillow, of the extra ``discord``, and no font of the machine's."""

from functools import cache, lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from milena.domain.view import Cell, Tone

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Grid = tuple[tuple[Cell, ...], ...]
Headings = tuple[str, ...]
Colour = tuple[int, int, int]

LONGEST = 5
"""Characters in a cell."""
_CELLS = ((12, 48), (18, 36), (40, 26))
"""Up to so many columns: so many pixels a cell."""
_KEPT = 200
_DISCS = {"●": (24, 25, 28), "○": (236, 238, 242)}
_COVERED, _DOT = "■", "·"
_KNOWN = {*_DISCS, _COVERED, _DOT, "√"}
"""What is drawn beside what every font has."""

BACK: Colour = (43, 45, 49)
CELL: Colour = (62, 66, 73)
_LID: Colour = (118, 124, 136)
HEADING: Colour = (168, 173, 182)
TONES: dict[Tone, Colour] = {
    "": (232, 234, 238), "dim": (150, 156, 166), "first": (110, 176, 255), "second": (250, 196, 80),
    "accent": (214, 150, 255), "good": (96, 214, 132), "bad": (255, 110, 110),
}  # fmt: skip


@cache
def available() -> bool:
    try:
        from PIL import features
    except ImportError:
        return False
    return bool(features.check("freetype2"))


def can_draw(grid: Grid, columns: Headings, rows: Headings) -> bool:
    """Whether it fits, and has only what there are letters for."""
    texts = {cell.text for row in grid for cell in row}.union(columns, rows)
    fits = len(grid[0]) <= _CELLS[-1][0] and all(len(text) <= LONGEST for text in texts)
    return fits and all(char in _KNOWN or " " <= char <= "~" for char in "".join(texts)) and available()


@lru_cache(_KEPT)
def png(grid: Grid, columns: Headings, rows: Headings) -> bytes:
    from PIL import Image, ImageDraw

    wide = len(grid[0])
    side = next(pixels for most, pixels in _CELLS if wide <= most)
    left, top = side * 3 // 4 if rows else side // 4, side * 3 // 4 if columns else side // 4
    edge = side // 4
    image = Image.new("RGB", (left + wide * side + edge, top + len(grid) * side + edge), BACK)
    draw = ImageDraw.Draw(image)
    for number, heading in enumerate(columns):
        _write(draw, heading, left + number * side + side // 2, top // 2, side * 2 // 5, HEADING)
    for number, heading in enumerate(rows):
        _write(draw, heading, left // 2, top + number * side + side // 2, side * 2 // 5, HEADING)
    gaps = {number for number, heading in enumerate(columns) if not heading} if any(columns) else set()
    for y, row in enumerate(grid):
        for x, cell in enumerate(row):
            if x not in gaps:
                _cell(draw, cell, left + x * side, top + y * side, side)
    out = BytesIO()
    image.quantize(48).save(out, "PNG")
    return out.getvalue()


def _cell(draw: "ImageDraw", cell: Cell, x: int, y: int, side: int) -> None:
    tone = TONES[cell.tone]
    covered = cell.text == _COVERED
    tinted = bool(cell.text) and cell.tone not in ("", "dim") and cell.text not in _DISCS
    fill = _LID if covered else _mix(CELL, tone) if tinted else CELL
    draw.rounded_rectangle((x + 1, y + 1, x + side - 2, y + side - 2), side // 10, fill)
    middle_x, middle_y = x + side // 2, y + side // 2
    if cell.text in _DISCS:
        lit = cell.tone == "good"
        _disc(draw, middle_x, middle_y, side * 2 // 5, _DISCS[cell.text], TONES["good"] if lit else None)
    elif cell.text == _DOT:
        _disc(draw, middle_x, middle_y, max(2, side // 10), tone, None)
    elif not covered and cell.text:
        size = side * 3 // 5 if len(cell.text) < 3 else side * 8 // 5 // len(cell.text)
        _write(draw, cell.text, middle_x, middle_y, size, tone)


def _disc(draw: "ImageDraw", x: int, y: int, radius: int, fill: Colour, ring: Colour | None) -> None:
    around = (x - radius, y - radius, x + radius, y + radius)
    draw.ellipse(around, fill, ring or HEADING, max(2, radius // 5) if ring else 1)


def _write(draw: "ImageDraw", text: str, x: int, y: int, size: int, colour: Colour) -> None:
    draw.text((x, y), text, colour, font(size), "mm")


def _mix(one: Colour, other: Colour) -> Colour:
    return (
        (3 * one[0] + other[0]) // 4,
        (3 * one[1] + other[1]) // 4,
        (3 * one[2] + other[2]) // 4,
    )


@cache
def font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(max(8, size))
