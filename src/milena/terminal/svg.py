"""A line as a picture that stands by itself: SVG without scripts, fonts or addresses of others.

It has a title and says in words what it shows, for those who can't see it, and fits a dark page, too.
"""

from collections.abc import Iterator, Sequence
from html import escape

from msgspec import Struct

from milena.terminal.scale import ticks, within

WIDTH, HEIGHT = 800, 400
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 50, 50
"""Room beside the line."""
MOST_DOTS = 150
"""Points that are shown one by one."""
STYLE = """
text{font:14px sans-serif;fill:#333}.title{font-size:18px;font-weight:bold}.grid{stroke:#ddd}
.line{fill:none;stroke:#0b62a4;stroke-width:2}.band{fill:#0b62a4;fill-opacity:.15}.dot{fill:#0b62a4}
rect{fill:#fff}
@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}rect{fill:#1b1b1f}
.line{stroke:#6bb6f0}.band,.dot{fill:#6bb6f0}}
"""


class Point(Struct, frozen=True):
    """``spread``: how uncertain the value is, on both sides; ``about`` says what it is."""

    value: float
    spread: float
    about: str


class _Axes(Struct, frozen=True):
    """Where numbers from 0 to ``last`` lie across, and values between the outer ``marks`` upwards."""

    last: int
    marks: tuple[float, ...]

    def x(self, number: float) -> float:
        return LEFT + within(number, 0, self.last, WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - within(value, self.marks[0], self.marks[-1], HEIGHT - TOP - BOTTOM)

    def at(self, number: float, value: float) -> str:
        return f"{self.x(number):.1f},{self.y(value):.1f}"


def line_chart(title: str, description: str, x_label: str, points: Sequence[Point]) -> str:
    """The values of at least one point from left to right, counted from 0, with what they may be around
    them."""
    spreads = [point.value + sign * point.spread for point in points for sign in (-1, 1)]
    axes = _Axes(len(points) - 1, tuple(ticks(min(spreads), max(spreads), 8)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title description">',
        f'<title id="title">{_text(title)}</title>',
        f'<desc id="description">{_text(description)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="title" x="{LEFT}" y="28">{_text(title)}</text>',
        *_grid(axes, x_label),
        *_line(axes, points),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _grid(axes: _Axes, x_label: str) -> Iterator[str]:
    """Round numbers on both axes."""
    for mark in axes.marks:
        yield f'<path class="grid" d="M{LEFT} {axes.y(mark):.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 8}" y="{axes.y(mark) + 5:.1f}" text-anchor="end">{mark:g}</text>'
    below, middle = HEIGHT - BOTTOM + 20, (LEFT + WIDTH - RIGHT) / 2
    for mark in ticks(0, axes.last, 9) if axes.last else []:
        if mark <= axes.last and mark == int(mark):
            yield f'<text x="{axes.x(mark):.1f}" y="{below}" text-anchor="middle">{mark:g}</text>'
    yield f'<text x="{middle:g}" y="{HEIGHT - 8}" text-anchor="middle">{_text(x_label)}</text>'


def _line(axes: _Axes, points: Sequence[Point]) -> Iterator[str]:
    """The line, what it may be around it, and its points, which say what they are under a pointer."""
    numbered = list(enumerate(points))
    above = [axes.at(number, point.value + point.spread) for number, point in numbered]
    below = [axes.at(number, point.value - point.spread) for number, point in reversed(numbered)]
    yield f'<polygon class="band" points="{" ".join(above + below)}"/>'
    line = " ".join(axes.at(number, point.value) for number, point in numbered)
    yield f'<polyline class="line" points="{line}"/>'
    for number, point in numbered if len(points) <= MOST_DOTS else []:
        yield (
            f'<circle class="dot" cx="{axes.x(number):.1f}" cy="{axes.y(point.value):.1f}" r="3">'
            f"<title>{_text(point.about)}</title></circle>"
        )


def _text(text: str) -> str:
    """As XML wants it: some characters may not even be escaped there."""
    return escape("".join(char if char.isprintable() else "?" for char in text))
