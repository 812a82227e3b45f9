"""A few numbers as a line of small bars: ``▁▂▅█``."""

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"


def trend(values: Sequence[float], width: int = 30, top: float = 0.0) -> str:
    """The last ``width`` values, each as a bar from 0 to the highest one, or to ``top``."""
    shown = values[-width:]
    most = max([top, *shown])
    if most <= 0:
        return BARS[0] * len(shown)
    return "".join(BARS[round(max(0.0, value) / most * (len(BARS) - 1))] for value in shown)
