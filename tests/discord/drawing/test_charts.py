"""Charts as pictures, which say in words what they show."""

from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from milena.discord.charts import LONGEST_ALT, png, show
from milena.discord.picture import BACK, CELL, TONES
from milena.domain.chart import Bar, Chart

LETTERS = st.text(min_size=1, max_size=80)
BARS = st.lists(st.tuples(LETTERS, st.integers(0, 500)), min_size=1, max_size=10)


def coloured(picture: bytes, low: int, high: int) -> int:
    """How many pixels of the picture are of a bar, between two heights."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    part = image.crop((0, low, image.width, high))
    return {colour: many for many, colour in part.getcolors(1 << 20)}.get(TONES["first"], 0)


def test_a_chart_is_a_line_a_bar_and_a_picture_of_as_many_bars() -> None:
    chart = Chart((Bar("tea", 3, "<ann1>, <bob1>"), Bar("Öl *in* Kaffee", 1), Bar("water", 0)), 4)
    shown = show(chart, lambda player: player.removesuffix("1"))
    assert shown.text.split("\n") == ["1\\. tea: 3 (ann, bob)", "2\\. Öl \\*in\\* Kaffee: 1", "3\\. water: 0"]
    [file] = shown.files
    assert file.description == "Bars. 1. tea: 3; 2. Öl *in* Kaffee: 1; 3. water: 0."
    tea, coffee, water = (coloured(file.data, 16 + 52 * n, 16 + 52 * (n + 1)) for n in range(3))
    assert 2.9 < tea / coffee < 3.1
    assert water == 0
    assert len({BACK, CELL, TONES["first"]}) == 3


@settings(max_examples=30)
@given(BARS, st.integers(0, 500))
def test_whatever_is_counted_can_be_drawn(bars: list[tuple[str, int]], whole: int) -> None:
    chart = Chart(tuple(Bar(label, count) for label, count in bars), whole)
    files = show(chart, str).files
    assert len(files) == min(1, whole), "of nothing there is no picture"
    assert all(0 < len(file.description) <= LONGEST_ALT and len(file.data) < 50_000 for file in files)
    assert Image.open(BytesIO(png(chart))).height == 16 + 52 * len(bars)
