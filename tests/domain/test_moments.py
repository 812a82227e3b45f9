"""Times as they are typed, seen from a Thursday at noon in Paris, which is 11:00 in UTC."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.moments import Moment, following, parse
from milena.domain.refusal import Refused

PARIS = ZoneInfo("Europe/Paris")
NOON = 1_767_265_200_000  # Thursday, 2026-01-01 12:00 in Paris
DAY = 86_400


@pytest.mark.parametrize(
    ("text", "local", "every"),
    [
        ("in 2h", "2026-01-01 14:00", 0),
        ("90 minutes", "2026-01-01 13:30", 0),
        ("1d 12h", "2026-01-03 00:00", 0),
        ("18:00", "2026-01-01 18:00", 0),
        ("at 6 pm", "2026-01-01 18:00", 0),
        ("12am", "2026-01-02 00:00", 0),
        ("9:30", "2026-01-02 09:30", 0),
        ("today 13:00", "2026-01-01 13:00", 0),
        ("Tomorrow", "2026-01-02 09:00", 0),
        ("tomorrow at 7pm", "2026-01-02 19:00", 0),
        ("friday", "2026-01-02 09:00", 0),
        ("next thursday 8:00", "2026-01-08 08:00", 0),
        ("thursday 13:00", "2026-01-01 13:00", 0),
        ("2026-12-24 18:00", "2026-12-24 18:00", 0),
        ("2026-07-14", "2026-07-14 09:00", 0),
        ("every day 9:00", "2026-01-02 09:00", DAY),
        ("every monday 8am", "2026-01-05 08:00", 7 * DAY),
        ("every 2 hours", "2026-01-01 14:00", 7200),
        ("every hour", "2026-01-01 13:00", 3600),
    ],
)
def test_what_is_typed_is_a_time(text: str, local: str, every: int) -> None:
    wanted = datetime.fromisoformat(local).replace(tzinfo=PARIS)
    assert parse(text, NOON, PARIS) == Moment(round(wanted.timestamp() * 1000), every)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "13pm", "9", "today 8:00", "2025-12-24", "2026-02-30", "2028-01-01", "in", "in 0s",
     "every 5 minutes", "every", "every other day", "tomorrow noonish", "in 400d", "friday 99:99"],
)  # fmt: skip
def test_what_is_no_time_or_over_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text, NOON, PARIS)
    assert caught.value.code == "bad_time"


def test_nine_o_clock_stays_nine_o_clock_in_summer() -> None:
    at = parse("2026-03-28 9:00", NOON, PARIS).at
    clock = []
    for _ in range(3):
        at = following(at, DAY, at, PARIS)
        clock.append(datetime.fromtimestamp(at / 1000, PARIS).strftime("%d %H:%M"))
    assert clock == ["29 09:00", "30 09:00", "31 09:00"]


@given(st.integers(600, 30 * DAY), st.integers(0, 400 * DAY * 1000), st.sampled_from([UTC, PARIS]))
def test_what_was_missed_is_passed_over(every: int, later: int, zone: ZoneInfo) -> None:
    due = following(NOON, every, NOON + later, zone)
    assert NOON + later < due <= NOON + later + every * 1000 + 7_200_000


@given(st.text(max_size=30))
def test_whatever_is_typed_is_in_the_future_or_refused(text: str) -> None:
    with suppress(Refused):
        assert parse(text, NOON, PARIS).at > NOON
