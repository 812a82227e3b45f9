"""Grids whose cells are named by the letter of a row and the number of a column: ``A1`` is top left."""

from functools import cache
from string import ascii_uppercase


@cache
def cells(width: int, height: int) -> dict[str, int]:
    """The number of each cell, counted from 0 in reading order, by its name."""
    names = [f"{row}{column}" for row in ascii_uppercase[:height] for column in range(1, width + 1)]
    return {name: number for number, name in enumerate(names)}


def headings(width: int, height: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to write above the columns, and beside the rows."""
    return tuple(str(column) for column in range(1, width + 1)), tuple(ascii_uppercase[:height])
