"""Points in time as people type them: ``2026-07-25 14:30``, ``yesterday``, ``2 days ago``, ``3h``.

Nothing is guessed: what could be meant in two ways, or is a slip of the pen, is refused.
"""

import re
from datetime import datetime, timedelta

from milena.terminal.clock import local

UNITS = {
    "s": 1, "sec": 1, "second": 1,
    "m": 60, "min": 60, "minute": 60,
    "h": 3600, "hour": 3600,
    "d": 86400, "day": 86400,
    "w": 604800, "week": 604800,
}  # fmt: skip
"""In seconds. Longer names may have an ``s`` behind them."""
DAYS = {"today": 0, "yesterday": 1}
_BEFORE = re.compile(r"(\d{1,9}|an?) ?([a-z]+?)( ago)?", re.ASCII)
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
    before = _BEFORE.fullmatch(wanted)
    seconds = before and _seconds(before[2])
    if before is None or not seconds:
        raise BadWhen(text)
    number = 1 if before[1].startswith("a") else int(before[1])
    ms = now - number * seconds * 1000
    if ms < 0:  # nothing is that old
        raise BadWhen(text)
    return ms


def _seconds(unit: str) -> int | None:
    if unit not in UNITS and len(unit) > 2:
        unit = unit.removesuffix("s")
    return UNITS.get(unit)


def _midnight(today: datetime, days: int) -> int:
    day = today.date() - timedelta(days)
    return _ms(datetime(day.year, day.month, day.day))  # noqa: DTZ001  # on the clock at the wall


def _ms(moment: datetime) -> int:
    ms = round(moment.timestamp() * 1000)
    if not 0 <= ms < _LAST:
        raise ValueError
    return ms
