"""Times, from ms since 1970."""

from datetime import UTC, datetime

STEPS = ((60, "s"), (60, "min"), (24, "h"), (7, "d"))


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
