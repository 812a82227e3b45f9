"""A line drawn with dots of Braille: two across and four down in each character.

A line plot is all that is needed here: hence no plotting library, which would come as compiled code.
"""

from collections.abc import Sequence

from milena.terminal.scale import ticks, within

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot, by its row and column in a character."""
_BRAILLE = 0x2800


class Canvas:
    """So many characters, with no dot set. Dots count from the upper left."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = 2 * width, 4 * height
        self._cells = [[0] * width for _ in range(height)]

    def dot(self, x: int, y: int) -> None:
        self._cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]

    def line(self, x: int, y: int, to_x: int, to_y: int) -> None:
        steps = max(abs(to_x - x), abs(to_y - y), 1)
        for step in range(steps + 1):
            self.dot(round(x + (to_x - x) * step / steps), round(y + (to_y - y) * step / steps))

    def lines(self) -> list[str]:
        return ["".join(chr(_BRAILLE + cell) if cell else " " for cell in row) for row in self._cells]


def plot(values: Sequence[float], width: int, height: int) -> list[str]:
    """The values from left to right in ``height`` lines of ``width`` characters, with round numbers on the
    left, and below them how many there are before each: 0 is the first one."""
    marks = ticks(min(values), max(values), max(2, height // 3))
    low, high = marks[0], marks[-1]
    labels = [f"{mark:g}" for mark in marks]
    left = max(map(len, labels))
    across, down = max(4, width - left - 2), max(2, height - 2)
    canvas = Canvas(across, down)
    points = [
        (
            round(within(number, 0, len(values) - 1, canvas.width - 1)),
            round(canvas.height - 1 - within(value, low, high, canvas.height - 1)),
        )
        for number, value in enumerate(values)
    ]
    for before, after in zip(points, points[1:] or points, strict=False):
        canvas.line(*before, *after)
    rows = {
        down - 1 - round(within(mark, low, high, down - 1)): text
        for mark, text in zip(marks, labels, strict=True)
    }
    drawn = [
        f"{rows.get(number, ''):>{left}} {'┤' if number in rows else '│'}{line}"
        for number, line in enumerate(canvas.lines())
    ]
    return [*drawn, f"{'':{left}} ╰{'─' * across}", f"{'':{left}}  {_numbers(len(values) - 1, across)}"]


def _numbers(last: int, width: int) -> str:
    """0 and the last number at the ends, and a few round ones between them."""
    line = [" "] * width
    end = str(last)
    taken = width - len(end) - 1
    for mark in ticks(0, last, max(2, width // 12)) if last else []:
        text, at = f"{mark:g}", round(within(mark, 0, last, width - 1))
        if mark == int(mark) and mark < last and at + len(text) < taken:
            line[at : at + len(text)] = text
    line[width - len(end) :] = end
    return "".join(line)
