"""Spans of time as they are typed: ``90s``, ``15m``, ``2h``, ``1d 12h``, ``2 weeks``, ``2 Wochen``."""

import re

from milena.domain.refusal import Refused
from milena.domain.tongues import tongues

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
"""Seconds, by the word of the grammar (see :mod:`.tongues`)."""
LONGEST = 366 * UNITS["d"]
_PART = re.compile(rf"\s*([0-9]{{1,9}}) ?([{''.join(UNITS)}])(?![^\W\d_])\s*(?:and\b)?")


def seconds(text: str, locale: str = "", *, back: bool = False) -> int:
    """How long a span is. Raises Refused where it is none, or longer than a year. ``locale``: of who typed
    it, whose language the examples are in; ``back``: it may say that it is ago, ``2 days ago``."""
    spoken = tongues(locale)
    for tongue in spoken:
        words = tongue.grammar(text)
        total = read(words.removeprefix("ago ").removesuffix(" ago") if back else words)
        if total is not None and 0 < total <= LONGEST:
            return total
    raise Refused("bad_time", f"{text[:40]!r} is no span of time: write {spoken[0].spans}, at most a year.")


def read(words: str) -> int | None:
    """How many seconds a span in the words of the grammar is; None where it is none."""
    total, at = 0, 0
    while found := _PART.match(words, at):
        total += int(found[1]) * UNITS[found[2]]
        at = found.end()
    return None if at == 0 or words[at:].strip() else total


def told(seconds: int) -> str:
    """A span in words, the two largest units of it: ``2 d 3 h``."""
    parts = []
    for unit, size in (("d", UNITS["d"]), ("h", UNITS["h"]), ("min", UNITS["m"]), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"
