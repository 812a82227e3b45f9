"""A chart on Discord: a line for each bar, which everybody can read, and below them a picture.

The picture has the numbers of the lines, and their words where it has letters for them: the font that comes
with Pillow has those of English. Without Pillow there are the lines alone.
"""

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from milena.discord import picture
from milena.discord.message import File
from milena.discord.text import clip, plain, say
from milena.domain.chart import Chart
from milena.telling import Name

NAME = "chart.png"
LONGEST_ALT = 1000
LONGEST_LABEL = 60
"""Characters of a label in the picture."""
_WIDE, _EDGE, _HIGH, _BAR, _LETTERS, _COUNT = 640, 16, 52, 18, 16, 56
"""Pixels: the picture's width and edge; height of a line, its bar and letters; room for the count."""
_KEPT = 50


class Shown(NamedTuple):
    """``text`` as markdown; ``files``: the picture, if there is one."""

    text: str
    files: tuple[File, ...] = ()


def show(chart: Chart, name: Name) -> Shown:
    lines = [
        f"{number}. {bar.label}: {bar.count}" + (f" ({bar.note})" if bar.note else "")
        for number, bar in enumerate(chart.bars, 1)
    ]
    text = say("\n".join(lines), name)
    if not chart.whole or not picture.available():  # empty bars say nothing
        return Shown(text)
    told = "; ".join(f"{number}. {plain(bar.label)}: {bar.count}" for number, bar in enumerate(chart.bars, 1))
    return Shown(text, (File(NAME, png(chart), clip(f"Bars. {told}.", LONGEST_ALT)),))


@lru_cache(_KEPT)
def png(chart: Chart) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (_WIDE, len(chart.bars) * _HIGH + _EDGE), picture.BACK)
    draw = ImageDraw.Draw(image)
    room = _WIDE - 2 * _EDGE - _COUNT
    for number, bar in enumerate(chart.bars, 1):
        top = (number - 1) * _HIGH + _EDGE
        label = clip(plain(bar.label), LONGEST_LABEL).replace("…", "...")
        called = f"{number}. {label}" if label.isascii() else f"{number}."
        draw.text((_EDGE, top), called, picture.TONES[""], picture.font(_LETTERS))
        low = top + _LETTERS + 6
        draw.rounded_rectangle((_EDGE, low, _EDGE + room, low + _BAR), 4, picture.CELL)
        if bar.count:
            full = max(8, round(room * chart.share(bar)))
            draw.rounded_rectangle((_EDGE, low, _EDGE + full, low + _BAR), 4, picture.TONES["first"])
        draw.text(
            (_WIDE - _EDGE, low + _BAR // 2), str(bar.count), picture.TONES[""], picture.font(_LETTERS), "rm"
        )
    out = BytesIO()
    image.quantize(32).save(out, "PNG")
    return out.getvalue()
