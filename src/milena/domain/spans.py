"""Spans of time as they are typed: ``90s``, ``15m``, ``2h``, ``1d 12h``, ``2 weeks``."""

import re

from milena.domain.refusal import Refused

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
"""Seconds, by the first letter of a unit's name."""
LONGEST = 366 * UNITS["d"]
_NAMES = r"s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?"
_PART = re.compile(rf"\s*([0-9]{{1,9}}) ?({_NAMES})(?![a-z])\s*(?:,|and\b)?", re.IGNORECASE)


def seconds(text: str) -> int:
    """How long a span is. Raises Refused where it is none, or longer than a year."""
    total, at = 0, 0
    while found := _PART.match(text, at):
        total += int(found[1]) * UNITS[found[2][0].lower()]
        at = found.end()
    if at == 0 or text[at:].strip() or not 0 < total <= LONGEST:
        raise Refused(
            "bad_time", f"{text[:40]!r} is no span of time: write 15m, 2h or 1d 12h, at most a year."
        )
    return total


def told(seconds: int) -> str:
    """A span in words, the two largest units of it: ``2 d 3 h``."""
    parts = []
    for unit, size in (("d", UNITS["d"]), ("h", UNITS["h"]), ("min", UNITS["m"]), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"
