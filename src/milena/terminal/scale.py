"""Round numbers along an axis."""

from math import ceil, floor, log10

STEPS = (1, 2, 5, 10)
FEWEST = 3
"""Where an axis goes below and above zero, it can't do with less."""


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers in equal steps, at most ``most`` of them (three at least), the first at or below ``low``
    and the last at or above ``high``."""
    most = max(FEWEST, most)
    span = max(high - low, max(1.0, abs(low), abs(high)) / 100)
    power = 10.0 ** floor(log10(span / most))
    while True:
        for step in STEPS:
            size = step * power
            first, last = floor(low / size), ceil(high / size)
            last = max(last, first + 1)
            if last - first < most:
                return [number * size for number in range(first, last + 1)]
        power *= 10


def within(value: float, low: float, high: float, size: float) -> float:
    """Where a value lies on an axis of this size."""
    return (value - low) / (high - low) * size if high > low else size / 2
