"""Lines drawn with characters, and as a picture."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.terminal.plot import plot
from milena.terminal.scale import ticks
from milena.terminal.svg import Point, line_chart

values = st.floats(-1e6, 1e6)


def test_a_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    assert plot([0, 10], 12, 6) == [
        "10 ┤      ⡠⠊",
        " 5 ┤    ⡠⠊  ",
        "   │  ⡠⠊    ",
        " 0 ┤⡠⠊      ",
        "   ╰────────",
        "    0      1",
    ]


def test_one_value_is_a_dot() -> None:
    drawn = plot([1500.0], 20, 8)
    assert sum(char > "⠀" and char <= "⣿" for line in drawn for char in line) == 1


@given(st.lists(values, min_size=1, max_size=300), st.integers(20, 130), st.integers(6, 40))
def test_whatever_is_plotted_fits(numbers: list[float], width: int, height: int) -> None:
    drawn = plot(numbers, width, height)
    assert len(drawn) == height
    assert len({len(line) for line in drawn}) == 1
    assert drawn[-1].rstrip().endswith(str(len(numbers) - 1))


@given(values, values, st.integers(2, 12))
def test_ticks_are_few_equal_and_go_round(one: float, other: float, most: int) -> None:
    low, high = sorted((one, other))
    marks = ticks(low, high, most)
    assert 2 <= len(marks) <= max(3, most)
    assert marks[0] <= low + 1e-6
    assert marks[-1] >= high - 1e-6
    steps = [after - before for before, after in pairwise(marks)]
    assert steps == pytest.approx([steps[0]] * len(steps))


@pytest.mark.parametrize(
    ("low", "high", "most", "marks"),
    [
        (1387, 1736, 6, [1300, 1400, 1500, 1600, 1700, 1800]),
        (0, 27, 4, [0, 10, 20, 30]),
        (1500, 1500, 4, [1500, 1501]),
        (-0.5, 0.5, 3, [-0.5, 0.0, 0.5]),
    ],
)
def test_ticks_are_round(low: float, high: float, most: int, marks: list[float]) -> None:
    assert ticks(low, high, most) == pytest.approx(marks)


@given(
    st.lists(st.tuples(values, st.floats(0, 500), st.text()), min_size=1, max_size=200), st.text(), st.text()
)
def test_a_picture_is_always_xml_with_a_point_for_each_value(
    points: list[tuple[float, float, str]], title: str, description: str
) -> None:
    picture = ElementTree.fromstring(line_chart(title, description, "x", [Point(*point) for point in points]))
    line = picture.find("{http://www.w3.org/2000/svg}polyline")
    assert line is not None
    assert len(str(line.get("points")).split()) == len(points)
