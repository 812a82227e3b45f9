"""Dates as people type them."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.terminal.when import BadWhen, when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 7, 25, 0, 30, tzinfo=BERLIN)
NOW_MS = round(NOW.timestamp() * 1000)


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where it is already the 25th, and still the 24th in UTC."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def told(text: str) -> datetime:
    return datetime.fromtimestamp(when(text, NOW_MS) / 1000, UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("now", NOW),
        ("today", datetime(2026, 7, 25, tzinfo=BERLIN)),
        ("Yesterday", datetime(2026, 7, 24, tzinfo=BERLIN)),
        ("2026-07-01", datetime(2026, 7, 1, tzinfo=BERLIN)),
        ("2026-01-01", datetime(2026, 1, 1, tzinfo=BERLIN)),
        ("2026-07-01 14:30", datetime(2026, 7, 1, 14, 30, tzinfo=BERLIN)),
        ("2026-07-01T14:30:15.250", datetime(2026, 7, 1, 14, 30, 15, 250_000, tzinfo=BERLIN)),
        ("2026-07-01T14:30Z", datetime(2026, 7, 1, 14, 30, tzinfo=UTC)),
        ("2026-07-01t14:30:00 -04:00", datetime(2026, 7, 1, 18, 30, tzinfo=UTC)),
        ("3h", NOW - timedelta(hours=3)),
        ("90 m", NOW - timedelta(minutes=90)),
        ("2 days ago", NOW - timedelta(days=2)),
        ("  2   Days  AGO ", NOW - timedelta(days=2)),
        ("an hour ago", NOW - timedelta(hours=1)),
        ("a week", NOW - timedelta(weeks=1)),
        ("vor 2 Tagen", NOW - timedelta(days=2)),
        ("vor einer Stunde", NOW - timedelta(hours=1)),
        ("gestern", datetime(2026, 7, 24, tzinfo=BERLIN)),
        ("Vorgestern", datetime(2026, 7, 23, tzinfo=BERLIN)),
        ("1.7.2026 14:30", datetime(2026, 7, 1, 14, 30, tzinfo=BERLIN)),
    ],
)
def test_what_people_type_is_a_time(text: str, meant: datetime) -> None:
    assert told(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "tomorow", "5", "a", "march", "1/2/2026", "2026-13-01", "2026-02-30", "2026-7-1",
        "20260701", "2026-07-01 25:00", "2026-07-01 10", "3 dys", "3hs", "-3h", "+3h", "3.5h", "h", "ago",
        "3", "٣h", "2026-07-01' OR 1=1", "0001-01-01", "9999-12-31", "999999999 weeks", "3h\0", "1e3h",
    ],
)  # fmt: skip
def test_what_is_unclear_is_refused_with_examples(text: str) -> None:
    with pytest.raises(BadWhen, match="is no date: write 2026-07-25") as refused:
        when(text, NOW_MS)
    assert "2 days ago" in str(refused.value)


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with suppress(BadWhen):
        assert when(text, NOW_MS) >= 0
