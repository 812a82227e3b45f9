"""Points in time as people type them: ``2026-07-25 14:30``, ``yesterday``, ``2 days ago``, ``3h``; and in
other languages, as :mod:`milena.domain.tongues` declares them: ``gestern``, ``vor 2 Tagen``.

Nothing is guessed: what could be meant in two ways, or is a slip of the pen, is refused.
"""

import re
from datetime import datetime, timedelta

from milena.domain.spans import LONGEST, read
from milena.domain.tongues import NEAR, tongues
from milena.terminal.clock import local

_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: ?(?:z|[+-]\d\d:\d\d))?)?", re.ASCII
)

_ZONE = re.compile(r" (z|[+-])")
_LAST = 253_000_000_000_000
"""In the year 9987; what comes later can't be told everywhere."""


class BadWhen(ValueError):
    """This is no point in time; the text says what would be."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:40]!r} is no date: write 2026-07-25, '2026-07-25 14:30', yesterday, '2 days ago' or 3h."
        )


def when(text: str, now: int) -> int:
    """``text`` in ms since 1970, where it is ``now``. A day begins when it does on the clock at the wall.

    Raises BadWhen.
    """
    for tongue in tongues():
        ms = _when(tongue.grammar(text), now)
        if ms is not None and 0 <= ms < _LAST:  # nothing is that old
            return ms
    raise BadWhen(text)


def _when(words: str, now: int) -> int | None:
    """What the words of the grammar mean; None where that is nothing."""
    if words == "now":
        return now
    try:
        if -2 <= NEAR.get(words, 1) <= 0:
            return _midnight(local(now), NEAR[words])
        if _DATE.fullmatch(words):
            return _ms(datetime.fromisoformat(_ZONE.sub(r"\1", words).upper()))
    except (ValueError, OverflowError, OSError):
        return None
    span = read(words.removeprefix("ago ").removesuffix(" ago"))
    return None if span is None or not 0 < span <= LONGEST else now - span * 1000


def _midnight(today: datetime, days: int) -> int:
    day = today.date() + timedelta(days)
    return _ms(datetime(day.year, day.month, day.day))  # noqa: DTZ001  # on the clock at the wall


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
