"""Charts as SVG that scales with the page: bars and lines stretch, and all words are text of the page.

Each is a picture with a name and a sentence of what it shows; the page has the numbers in a table below.
Colours are the style sheet's.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup

HEIGHT = 100.0
"""The drawing's own height; its width is what it needs."""
FEWEST = 7
"""Columns that there is room for, so that a single one is no wall."""
_BAR = Markup('<rect class="bar bar-{}" x="{}" y="{:.2f}" width="8" height="{:.2f}"/>')
_GRID = Markup('<line class="grid" x1="0" x2="300" y1="{:.0f}" y2="{:.0f}"/>')
_LINE = Markup('<path class="line line-{}" d="{}"/>')


def columns(values: Sequence[Sequence[float]], title: str, about: str) -> Markup:
    """A column for each of ``values``, side by side; its parts stand on one another."""
    top = max(map(sum, values), default=0) or 1
    bars = Markup()
    for number, parts in enumerate(values):
        below = HEIGHT
        for part, value in enumerate(parts):
            height = HEIGHT * value / top
            below -= height
            if value:
                bars += _BAR.format(part, number * 10 + 1, below, height)
    return _svg("columns", 10 * max(FEWEST, len(values)), bars, title, about)


def bar(share: float) -> Markup:
    """One bar, ``share`` (0 to 1) of what there is room for; the number stands beside it."""
    width = 100 * min(1.0, max(0.0, share))
    return Markup(
        '<svg class="hbar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar" width="{:.2f}" height="10"/></svg>'
    ).format(width)


def lines(series: Iterable[Sequence[float]], low: float, high: float, title: str, about: str) -> Markup:
    """A line for each series, all between ``low`` and ``high``."""
    spread = (high - low) or 1
    grid = Markup().join(_GRID.format(HEIGHT * part / 4, HEIGHT * part / 4) for part in range(5))
    drawn = Markup()
    for number, values in enumerate(series):
        step = 300 / max(1, len(values) - 1)
        points = [
            (index * step, HEIGHT - HEIGHT * (value - low) / spread) for index, value in enumerate(values)
        ]
        if len(points) == 1:
            points.append((300, points[0][1]))
        segments = "".join(f"L{x:.1f} {y:.2f}" for _, (x, y) in pairwise(points))
        x, y = points[0]
        drawn += _LINE.format(number, f"M{x:.1f} {y:.2f}{segments}")
    return _svg("lines", 300, grid + drawn, title, about)


def _svg(kind: str, width: float, shapes: Markup, title: str, about: str) -> Markup:
    return Markup(
        '<svg class="chart {}" viewBox="0 0 {:g} {:g}" preserveAspectRatio="none" role="img">'
        "<title>{}</title><desc>{}</desc>{}</svg>"
    ).format(kind, width, HEIGHT, title, about, shapes)
