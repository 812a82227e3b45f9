"""Points in time as people type them: ``2026-07-25 14:30``, ``yesterday``, ``2 days ago``, ``3h``.

Nothing is guessed: what could be meant in two ways, or is a slip of the pen, is refused.
"""

import re
from datetime import datetime, timedelta

from milena.domain.refusal import Refused
from milena.domain.spans import seconds
from milena.terminal.clock import local

DAYS = {"today": 0, "yesterday": 1}
_ONE = re.compile(r"\Aan? ")
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
    wanted = " ".join(text.lower().split())
    if wanted == "now":
        return now
    try:
        if wanted in DAYS:
            return _midnight(local(now), DAYS[wanted])
        if _DATE.fullmatch(wanted):
            return _ms(datetime.fromisoformat(_ZONE.sub(r"\1", wanted).upper()))
    except (ValueError, OverflowError, OSError):
        raise BadWhen(text) from None
    try:
        ms = now - seconds(_ONE.sub("1 ", wanted.removesuffix(" ago"))) * 1000
    except Refused:
        raise BadWhen(text) from None
    if ms < 0:  # nothing is that old
        raise BadWhen(text)
    return ms


def _midnight(today: datetime, days: int) -> int:
    day = today.date() - timedelta(days)
    return _ms(datetime(day.year, day.month, day.day))  # noqa: DTZ001  # on the clock at the wall


def _ms(moment: datetime) -> int:
    ms = round(moment.timestamp() * 1000)
    if not 0 <= ms < _LAST:
        raise ValueError
    return ms
