"""Dice with six sides."""

from collections import Counter
from functools import cache
from itertools import combinations_with_replacement
from math import factorial, prod


@cache
def rolls(count: int, between: str = "") -> tuple[tuple[str, int], ...]:
    """What so many dice can show, the lowest first (``13355``), and in how many ways each comes about."""
    shown = combinations_with_replacement("123456", count)
    orders = factorial(count)
    return tuple(
        (between.join(roll), orders // prod(map(factorial, Counter(roll).values()))) for roll in shown
    )
