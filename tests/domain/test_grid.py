"""Grids: the names of their cells, and their headings."""

import pytest

from milena.domain.grid import cells, headings


def test_cells_are_named_by_the_letter_of_the_row_and_the_number_of_the_column() -> None:
    assert cells(3, 2) == {"A1": 0, "A2": 1, "A3": 2, "B1": 3, "B2": 4, "B3": 5}


@pytest.mark.parametrize(("width", "height"), [(10, 10), (30, 16), (1, 26)])
def test_each_cell_has_its_number_in_reading_order(width: int, height: int) -> None:
    found = cells(width, height)
    assert list(found.values()) == list(range(width * height))
    columns, rows = headings(width, height)
    assert list(found) == [row + column for row in rows for column in columns]
