"""Ids that sort by time and can be typed: twelve characters, such as ``2q4610vyh0k3``.

Seven characters count the 1/32 seconds since 2024 (good until 2058). Five more start at random and count
up within such a tick: one process never gives the same id twice, and two that give ids at the same
moment have 2^25 places to start from. The alphabet is Crockford's base 32 (no i, l, o, u):
https://www.crockford.com/base32.html
"""

import secrets
import threading
import time
from typing import NewType

PlayerId = NewType("PlayerId", str)
InvocationId = NewType("InvocationId", str)
Place = NewType("Place", str)
"""Where something happens, as ``guild/channel``; the terminal is the guild ``terminal``."""

HOUSE = "milena"
"""The guild of what concerns nobody but Milena herself."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_EPOCH = 1_704_067_200  # 2024-01-01T00:00:00Z
_IN_A_TICK = 32**3
_STARTS = 32**5 - _IN_A_TICK

_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]

_lock = threading.Lock()
_tick, _prefix, _first, _count = 0, "", 0, 0


def new_id() -> str:
    """A new id, higher than those that this process gave before."""
    global _tick, _prefix, _first, _count
    with _lock:
        now = int((time.time() - _EPOCH) * 32)
        if now > _tick or _count >= _IN_A_TICK:
            _tick = max(now, _tick + 1)
            _prefix = "".join(ALPHABET[_tick >> shift & 31] for shift in range(30, -1, -5))
            _first, _count = secrets.randbelow(_STARTS), 0
        tail = _first + _count
        _count += 1
        return _prefix + _PAIRS[tail >> 15] + _PAIRS[tail >> 5 & 1023] + ALPHABET[tail & 31]
