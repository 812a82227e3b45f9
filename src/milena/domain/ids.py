"""Ids that sort by time and can be typed: ten characters, such as ``1g5k2m9xq4``.

Seven characters count the 1/32 seconds since 2024 (good until 2058), three more start at random
and count up within such a tick, so that one process never gives the same id twice. The alphabet is
Crockford's base 32 (no i, l, o, u): https://www.crockford.com/base32.html
"""

import secrets
import threading
import time
from typing import NewType

PlayerId = NewType("PlayerId", str)
GameId = NewType("GameId", str)
InvocationId = NewType("InvocationId", str)
Place = NewType("Place", str)
"""Where something happens, as ``guild/channel``; the terminal is the guild ``terminal``."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_EPOCH = 1_704_067_200  # 2024-01-01T00:00:00Z
_SPAN = 32**3

_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]

_lock = threading.Lock()
_tick, _prefix, _first, _count = 0, "", 0, 0


def new_id() -> str:
    """A new id. Ids of one process never repeat; those of two differ in a random part of 15 bits."""
    global _tick, _prefix, _first, _count
    with _lock:
        now = int((time.time() - _EPOCH) * 32)
        if now > _tick or _count >= _SPAN:
            _tick = max(now, _tick + 1)
            _prefix = "".join(ALPHABET[_tick >> shift & 31] for shift in range(30, -1, -5))
            _first, _count = secrets.randbelow(_SPAN), 0
        _count += 1
        tail = (_first + _count) % _SPAN
        return _prefix + _PAIRS[tail >> 5] + ALPHABET[tail & 31]
