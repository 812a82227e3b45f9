"""Clocks as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.clock import DAY, LONGEST, Clock, duration, parse
from milena.domain.refusal import Refused

SECONDS = st.integers(0, LONGEST)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("5m", Clock(total=300)),
        ("90s", Clock(total=90)),
        ("1h30m", Clock(total=5400)),
        ("3m+2s", Clock(total=180, gain=2)),
        ("30s/turn", Clock(turn=30)),
        ("1m30s/turn", Clock(turn=90)),
        ("3d/turn", Clock(turn=3 * DAY, remind=3 * DAY // 4)),
        ("10m,1m/turn", Clock(turn=60, total=600)),
        ("10m+5s,1m/turn", Clock(turn=60, total=600, gain=5)),
        (" 3 M + 2 S ", Clock(total=180, gain=2)),
        ("60d", Clock(total=LONGEST)),
    ],
)
def test_it_is_read(text: str, clock: Clock) -> None:
    assert parse(text) == clock


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ",", "5", "m", "0s", "0m/turn", "-5m", "5m+", "5m+0s", "+2s", "5x", "1.5m", "5m/turns",
        "30s/turn,5m", ",30s/turn", "5m30s+", "5m 30s/turn x", "5m,5m", "5m,", ",5m/",
        "61d", "61d/turn", "5m+61d", "9" * 30 + "s", "٣m", "5m\n6m",
    ],
)  # fmt: skip
def test_this_is_no_clock(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.code == "bad_clock"
    assert "3m+2s" in caught.value.sentence


@given(turn=SECONDS, total=SECONDS, gain=SECONDS)
def test_what_it_is_written_as_is_read_as_the_same(turn: int, total: int, gain: int) -> None:
    written = str(Clock(turn, total, gain))
    if not turn + total:
        assert written == ""
        return
    assert parse(written) == Clock(turn, total, gain if total else 0, remind=turn // 4 if turn >= DAY else 0)


@given(text=st.text("0123456789dhms+,/turn ", max_size=20) | st.text(max_size=20))
def test_any_text_is_a_clock_or_is_refused(text: str) -> None:
    try:
        clock = parse(text)
    except Refused:
        return
    assert parse(str(clock)) == clock
    assert 0 < max(clock.turn, clock.total) <= LONGEST


def test_only_turns_of_a_day_and_longer_have_a_reminder() -> None:
    assert parse("23h/turn").remind == 0
    assert parse("1d/turn").remind == DAY // 4


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (90, "1m30s"), (3600, "1h"), (DAY + 61, "1d1m1s")],
)
def test_a_duration_is_told_in_few_letters(seconds: int, text: str) -> None:
    assert duration(seconds) == text
