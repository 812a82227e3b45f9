"""Round numbers along an axis."""

from math import ceil, floor, log10

STEPS = (1, 2, 5, 10)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers in equal steps, at most ``most`` of them (two at least), the first at or below ``low``
    and the last at or above ``high``."""
    span = high - low if high > low else max(1.0, abs(high) / 100)
    power = 10.0 ** floor(log10(span / max(1, most - 1)))
    while True:
        for step in STEPS:
            first, last = floor(low / (step * power)), ceil(high / (step * power))
            last = max(last, first + 1)
            if last - first < max(2, most):
                return [number * step * power for number in range(first, last + 1)]
        power *= 10


def within(value: float, low: float, high: float, size: float) -> float:
    """Where a value lies on an axis of this size."""
    return (value - low) / (high - low) * size if high > low else size / 2
