"""Moments as they are typed: ``in 2h``, ``18:00``, ``tomorrow 9am``, ``friday``, ``2026-12-24 18:00``,
``every day 9:00``, ``every 2 hours``; and in other languages, as :mod:`.tongues` declares them.

Pure: the time that it is, and the zone where the clock hangs, come from outside. A day without a time of day
means nine in the morning. Where the clocks jump, a time that does not exist is an hour later.
"""

import re
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from milena.domain import spans
from milena.domain.refusal import Refused
from milena.domain.spans import LONGEST
from milena.domain.tongues import DAYS, NEAR, tongues

DAY = 86_400
SHORTEST = 600
"""Seconds between two times of what is repeated, at least."""

_CLOCK = re.compile(
    r"(?:(at|at24) )?([0-9]{1,2})(?::([0-9]{2})|\.([0-9]{2})(?= ?oclock))? ?(am|pm|oclock)?(?: ([0-9]{2}))?"
)
_DATE = re.compile(r"(?:([0-9]{4})|-)-([0-9]{2})-([0-9]{2})")


class Moment(NamedTuple):
    """``at`` in ms since 1970; ``every`` in seconds, 0: once."""

    at: int
    every: int = 0


def parse(text: str, now: int, zone: tzinfo, locale: str = "") -> Moment:
    """What is meant, seen from ``now`` (ms since 1970), by somebody of this ``locale``. Raises Refused where
    it is nothing, or over."""
    spoken, local = tongues(locale), datetime.fromtimestamp(now / 1000, zone)
    readings = (_read(tongue.grammar(text), now, local) for tongue in spoken)
    found = next((each for each in readings if each is not None), None)
    if found is None:
        raise Refused("bad_time", f"{text[:40]!r} is no time: write {spoken[0].moments}.")
    if found.at <= now:
        raise Refused("bad_time", f"{text[:40]!r} is over already.")
    if found.at > now + LONGEST * 1000:
        raise Refused("bad_time", f"{text[:40]!r} is more than a year away.")
    return found


def _read(words: str, now: int, local: datetime) -> Moment | None:
    """What the words of the grammar mean; None where that is nothing."""
    every, rest = _every(words)
    if every and not rest:
        return Moment(now + every * 1000, every)
    at = _at(rest, now, local)
    return None if at is None else Moment(at, every)


def _every(words: str) -> tuple[int, str]:
    """How often, in seconds (0: once), and what is left of the words."""
    if not words.startswith("every "):
        return 0, words
    rest = words.removeprefix("every ")
    first, _, more = rest.partition(" ")
    if first in DAYS:
        return 7 * DAY, rest
    if first in ("d", "w"):
        return spans.UNITS[first], more
    every = 3600 if rest == "h" else spans.read(rest)
    if every is None:
        return 0, words
    if every < SHORTEST:
        raise Refused("bad_time", "What is repeated has to be at least 10 minutes apart.")
    return every, ""


def _at(words: str, now: int, local: datetime) -> int | None:
    span = spans.read(words.removeprefix("in "))
    if span is not None:
        return now + span * 1000
    words = words.removeprefix("next ").removeprefix("on ").removeprefix("next ")
    day, rest = _day(words, local)
    clock = _clock(rest) if rest or day is None else (9, 0)
    if clock is None:
        return None
    wanted = (local if day is None else day).replace(hour=clock[0], minute=clock[1], second=0, microsecond=0)
    at = _ms(wanted)
    if at <= now and (day is None or words.split()[0] in DAYS):
        at = _ms(wanted + timedelta(days=1 if day is None else 7))
    return at


def _day(words: str, local: datetime) -> tuple[datetime | None, str]:
    """The day that is named, and what is left of the words."""
    first, _, rest = words.partition(" ")
    if first in NEAR:
        return local + timedelta(days=NEAR[first]), rest
    if first in DAYS:
        return local + timedelta(days=(DAYS.index(first) - local.weekday()) % 7), rest
    found = _DATE.fullmatch(first)
    if found:
        year = int(found[1] or local.year)
        try:
            day = local.replace(year=year, month=int(found[2]), day=int(found[3]))
            if not found[1] and day < local:  # no year was said: the next one
                day = day.replace(year=year + 1)
        except ValueError:
            return None, words
        return day, rest
    return None, words


def _clock(words: str) -> tuple[int, int] | None:
    """Nothing is guessed: an hour alone may be one of the morning or the evening, unless somebody says it in
    a language that counts to 24."""
    found = _CLOCK.fullmatch(words)
    if not found:
        return None
    before, hour, colon, dot, half, more = found.groups()
    minutes = colon or dot or more
    if not (colon or half or before == "at24") or (more and (colon or dot or half != "oclock")):
        return None
    hours, minute = int(hour), int(minutes or 0)
    if half in ("am", "pm"):
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + 12 * (half == "pm")
    return (hours, minute) if hours < 24 and minute < 60 else None


def _ms(local: datetime) -> int:
    return round(local.timestamp() * 1000)


def on_the_wall(at: int, zone: tzinfo) -> str:
    """A time as a clock on the wall shows it there: ``Friday 2026-11-27 09:00``."""
    local = datetime.fromtimestamp(at / 1000, zone)
    return f"{DAYS[local.weekday()].capitalize()} {local:%Y-%m-%d %H:%M}"


def following(at: int, every: int, now: int, zone: tzinfo) -> int:
    """The first time after ``now`` of what happens ``every`` so many seconds since ``at``. Whole days are
    counted on the clock at the wall, so that nine o'clock stays nine o'clock in summer."""
    missed = max(0, (now - at) // (every * 1000))
    if every % DAY:
        return at + (missed + 1) * every * 1000
    first, days = datetime.fromtimestamp(at / 1000, zone), every // DAY
    turns = max(1, missed)
    while (due := _ms(first + timedelta(days=turns * days))) <= now:
        turns += 1
    return due
