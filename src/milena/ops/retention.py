"""Which backups are kept, and when the next one is due: decided by nothing but their times.

Grandfather, father, son: the last backup of each of the last so many days, weeks and months that have
one. To remove what is not kept after each backup leaves the same as to do so once in the end.
"""

from collections.abc import Callable, Collection, Hashable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

FRESH = timedelta(days=1)
"""All backups are kept that are younger than the newest by no more."""


class BackupPolicy(Struct, frozen=True, forbid_unknown_fields=True):
    every: Annotated[
        int, Meta(ge=0, le=8784, description="hours between two backups while Milena runs; 0: none by itself")
    ] = 0
    days: Annotated[
        int, Meta(ge=0, le=3660, description="days of which the last backup is kept, beside the newest day's")
    ] = 7
    weeks: Annotated[int, Meta(ge=0, le=520, description="weeks of which the last backup is kept")] = 4
    months: Annotated[int, Meta(ge=0, le=1200, description="months of which the last backup is kept")] = 6


def kept(times: Collection[datetime], policy: BackupPolicy) -> set[datetime]:
    """Those of ``times`` that are kept; days and weeks (from Monday) are those of UTC."""
    if not times:
        return set()
    newest_first = sorted(set(times), reverse=True)
    fresh = {time for time in newest_first if newest_first[0] - time <= FRESH}
    return fresh.union(
        _last_of_each(newest_first, policy.days, lambda time: time.date()),
        _last_of_each(newest_first, policy.weeks, lambda time: time.isocalendar()[:2]),
        _last_of_each(newest_first, policy.months, lambda time: (time.year, time.month)),
    )


def _last_of_each(
    newest_first: list[datetime], periods: int, period: Callable[[datetime], Hashable]
) -> list[datetime]:
    last: dict[Hashable, datetime] = {}
    for time in newest_first:
        last.setdefault(period(time.astimezone(UTC)), time)
    return list(last.values())[:periods]


def due(times: Collection[datetime], now: datetime, policy: BackupPolicy) -> timedelta | None:
    """How long until the next backup, zero when it is due; None where none is made by itself. What lies in
    the future, as the clock was set back, does not count."""
    if not policy.every:
        return None
    every = timedelta(hours=policy.every)
    past = [time for time in times if time <= now]
    return max(timedelta(), max(past) + every - now) if past else timedelta()
