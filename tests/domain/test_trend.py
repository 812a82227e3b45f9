"""Small graphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.trend import BARS, trend


@pytest.mark.parametrize(
    ("values", "top", "drawn"),
    [
        ([], 0, ""),
        ([0, 0], 0, "▁▁"),
        ([0, 7, 14], 0, "▁▅█"),
        ([1], 7, "▂"),
        ([14], 7, "█"),
        ([-1, 7], 0, "▁█"),
    ],
)
def test_bars(values: list[float], top: float, drawn: str) -> None:
    assert trend(values, top=top) == drawn


@given(st.lists(st.floats(0, 1e9), min_size=1), st.integers(1, 40), st.floats(0, 1e9))
def test_higher_values_have_no_lower_bars(values: list[float], width: int, top: float) -> None:
    drawn = trend(values, width, top)
    shown = values[-width:]
    assert len(drawn) == len(shown)
    heights = [BARS.index(bar) for bar in drawn]
    in_order = [height for _, height in sorted(zip(shown, heights, strict=True))]
    assert in_order == sorted(in_order)
