"""Times, from ms since 1970."""

import time
from datetime import UTC, datetime

STEPS = ((60, "s"), (60, "min"), (24, "h"), (7, "d"))


def now() -> int:
    return round(time.time() * 1000)


def countdown(ms: int) -> str:
    """What a clock shows: ``0:05.2`` in the last ten seconds, ``4:05``, ``1:04:05``, ``2d 3h``."""
    seconds, minutes, hours = ms // 1000, ms // 60_000, ms // 3_600_000
    if hours >= 24:
        return f"{hours // 24}d {hours % 24}h"
    if hours:
        return f"{hours}:{minutes % 60:02}:{seconds % 60:02}"
    if seconds < 10:
        return f"0:{ms // 100 / 10:04.1f}"
    return f"{minutes}:{seconds % 60:02}"


def iso(ms: int) -> str:
    """For programs: ``2026-07-25T10:00:00.123Z``."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local(ms: int) -> datetime:
    """For people: the time on the clock at their wall."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone()


def ago(ms: int, now: int) -> str:
    """How long before ``now``: ``5 min ago``; the day where that is more than a week."""
    size: float = max(0, now - ms) / 1000
    for count, unit in STEPS:
        if size < count:
            return f"{size:.0f} {unit} ago" if unit != "s" or size >= 5 else "just now"
        size /= count
    return f"{local(ms):%Y-%m-%d}"


def until(ms: int, now: int) -> str:
    """When, seen from ``now``: ``in 14 seconds``, ``in 5 minutes``, ``in 2 h 10 min``, or how long ago."""
    if ms < now:
        return ago(ms, now)
    seconds = -(-(ms - now) // 1000)
    if seconds < 2 * 60:
        return f"in {seconds} second{'s' * (seconds != 1)}"
    minutes = round(seconds / 60)
    if minutes < 2 * 60:
        return f"in {minutes} minutes"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"in {hours} h {minutes} min" if minutes else f"in {hours} h"
    return f"on {local(ms):%Y-%m-%d at %H:%M}"
