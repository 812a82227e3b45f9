"""Clocks: how long players may take, and how long they have left.

All clocks are one :class:`Clock`:

======================  ==========================================================
``turn``                a time for each turn (``30s/turn``; ``3d/turn`` is correspondence)
``total``               a time for the whole game, sudden death (``5m``)
``total``, ``gain``     the same, with a gain for each move (``3m+2s``; after Fischer, 1988)
======================  ==========================================================
"""

import re

from msgspec import Struct

from milena.domain.refusal import Refused

DAY = 24 * 3600
LONGEST = 60 * DAY
UNITS = {"d": DAY, "h": 3600, "m": 60, "s": 1}

_DURATION = r"(?:[0-9]+[dhms])+"
_NOTATION = re.compile(
    rf"(?:(?P<total>{_DURATION})(?:\+(?P<gain>{_DURATION}))?)?(?:(?:^|(?<=.),)(?P<turn>{_DURATION})/turn)?"
)


class Clock(Struct, frozen=True, omit_defaults=True):
    """In seconds; 0 where there is no such limit. (What may be asked for is limited by :func:`parse`; what is
    in the log is not, so that it can always be read.)

    ``turn``    for each turn
    ``total``   for all turns of one seat together
    ``gain``    added to ``total`` after each move
    ``remind``  so long before the end of a turn its seat is reminded
    """

    turn: int = 0
    total: int = 0
    gain: int = 0
    remind: int = 0

    def __str__(self) -> str:
        """As :func:`parse` reads it."""
        parts = []
        if self.total:
            parts.append(duration(self.total) + (f"+{duration(self.gain)}" if self.gain else ""))
        if self.turn:
            parts.append(f"{duration(self.turn)}/turn")
        return ",".join(parts)


def parse(text: str) -> Clock:
    """A clock from its notation: ``5m``, ``3m+2s``, ``30s/turn``, ``3d/turn`` or ``10m,1m/turn``. Turns of
    a day or longer have a reminder when a quarter of them is left. Raises Refused."""
    found = _NOTATION.fullmatch(text.replace(" ", "").lower())
    if not text.strip() or found is None:
        raise _unreadable(text)
    turn, total, gain = (_seconds(found[part]) for part in ("turn", "total", "gain"))
    if not turn + total or max(turn, total, gain) > LONGEST or (found["gain"] and not gain):
        raise _unreadable(text)
    return Clock(turn, total, gain, remind=turn // 4 if turn >= DAY else 0)


def duration(seconds: int) -> str:
    """``90`` is ``1m30s``."""
    parts = []
    for unit, length in UNITS.items():
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def _seconds(text: str | None) -> int:
    parts = re.findall(r"(\d+)([dhms])", text or "")
    return sum(int(count[:9]) * UNITS[unit] for count, unit in parts)


def _unreadable(text: str) -> Refused:
    return Refused(
        "bad_clock",
        f"{text[:40]!r} is no clock. Write 5m for a whole game, 3m+2s with a gain for each move, 30s/turn or "
        f"3d/turn for each turn, up to {LONGEST // DAY} days.",
    )
