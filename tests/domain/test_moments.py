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
    ("text", "local", "every"),
    [
        ("in 2 Stunden", "2026-01-01 14:00", 0),
        ("in einer Stunde", "2026-01-01 13:00", 0),
        ("90 Minuten", "2026-01-01 13:30", 0),
        ("in zwei Tagen und 3 Std", "2026-01-03 15:00", 0),
        ("2std 30min", "2026-01-01 14:30", 0),
        ("morgen um 18 Uhr", "2026-01-02 18:00", 0),
        ("morgen um 9", "2026-01-02 09:00", 0),
        ("Übermorgen", "2026-01-03 09:00", 0),
        ("heute 20:15", "2026-01-01 20:15", 0),
        ("heute um 20.15 Uhr", "2026-01-01 20:15", 0),
        ("18 Uhr 30", "2026-01-01 18:30", 0),
        ("24.12.2026 18:00", "2026-12-24 18:00", 0),
        ("am 24. 12. 2026 um 18 Uhr", "2026-12-24 18:00", 0),
        ("1.2.", "2026-02-01 09:00", 0),
        ("am 1.1. um 18 Uhr", "2026-01-01 18:00", 0),
        ("am 31.12., 8:00", "2026-12-31 08:00", 0),
        ("am nächsten Freitag um 8 Uhr", "2026-01-02 08:00", 0),
        ("Donnerstag 13:00", "2026-01-01 13:00", 0),
        ("jeden Tag 9:00", "2026-01-02 09:00", DAY),
        ("täglich um 9 Uhr", "2026-01-02 09:00", DAY),
        ("jeden Morgen", "2026-01-02 12:00", DAY),
        ("jeden Montag um 8", "2026-01-05 08:00", 7 * DAY),
        ("alle 2 Stunden", "2026-01-01 14:00", 7200),
        ("2h", "2026-01-01 14:00", 0),
        ("tomorrow at 9 am", "2026-01-02 09:00", 0),
    ],
)
@pytest.mark.parametrize("locale", ["de", "en-US", ""])
def test_german_is_read_as_well_whatever_discord_is_read_in(
    text: str, local: str, every: int, locale: str
) -> None:
    wanted = datetime.fromisoformat(local).replace(tzinfo=PARIS)
    assert parse(text, NOON, PARIS, locale) == Moment(round(wanted.timestamp() * 1000), every)


def test_a_day_of_no_year_is_the_next_one() -> None:
    in_july = parse("14.7. 8:00", NOON, PARIS).at
    assert parse("1.1. 8:00", in_july, PARIS).at == round(
        datetime(2027, 1, 1, 8, tzinfo=PARIS).timestamp() * 1000
    )


@pytest.mark.parametrize(
    "text",
    ["bald", "morgen früh", "in einer halben Stunde", "halb acht", "um 25 Uhr", "24.13.2026", "29.2.2026",
     "vor 2 Tagen", "gestern", "gestern 18 Uhr", "alle 5 Minuten", "24.12.2025", "18 Uhr 75", "9",
     "in 2 Monden", "18:00 30", "6 pm 30", "5 o'clock"],
)  # fmt: skip
@pytest.mark.parametrize("locale", ["de", "en-US"])
def test_what_is_no_time_in_german_is_refused(text: str, locale: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text, NOON, PARIS, locale)
    assert caught.value.code == "bad_time"


def test_examples_are_in_the_language_of_who_typed() -> None:
    for locale, example in (("de", "morgen um 9 Uhr"), ("en-GB", "tomorrow 9:00"), ("fr", "tomorrow 9:00")):
        with pytest.raises(Refused, match=example):
            parse("bientôt", NOON, PARIS, locale)


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
