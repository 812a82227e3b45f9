"""The Digest aggregate: what the operator's channel was told, and up to when. Its key is the channel.

A digest a day is of a slot: the time of that day for which it was. What is urgent is told in between.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from milena.domain.event import Changes, Event
from milena.domain.refusal import Refused

DAY = 24 * 3600 * 1000
"""ms: so far the first digest of a channel looks back."""


def latest(at: str, zone: tzinfo, now: int) -> int:
    """When it was ``at`` ("09:00") in ``zone`` last, seen from ``now``; both in ms since 1970."""
    hour, minute = (int(part) for part in at.split(":"))
    today = datetime.fromtimestamp(now / 1000, zone)
    for days in (0, 1):
        day = today.date() - timedelta(days)
        slot = round(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).timestamp() * 1000)
        if slot <= now:
            break
    return slot


class DigestTold(Event, frozen=True):
    """``effect`` tells of the time from ``since`` to ``until``: as the digest of ``slot``, or as what is
    urgent (0). All in ms since 1970."""

    tag: ClassVar[str] = "digest.told"
    since: int
    until: int
    effect: str
    slot: int = 0


class Digest(Struct, frozen=True, omit_defaults=True):
    """``slot`` of the last digest, which told all up to ``daily``; ``effect``, the last one, urgent or not,
    tells of the time from ``since`` to ``told``."""

    key: str
    slot: int = 0
    daily: int = 0
    since: int = 0
    told: int = 0
    effect: str = ""


class Tell(Struct, frozen=True):
    """What has happened until ``now``, by ``effect``; see :class:`DigestTold`."""

    now: int
    effect: str
    slot: int = 0


class Digests:
    """The aggregate of every digest."""

    kind = "digest"
    events: tuple[type[Event], ...] = (DigestTold,)

    def initial(self, key: str) -> Digest:
        return Digest(key)

    def evolve(self, state: Digest, event: Event) -> Digest:
        match event:
            case DigestTold(since, until, effect, 0):
                return Digest(state.key, state.slot, state.daily, since, until, effect)
            case DigestTold(since, until, effect, slot):
                return Digest(state.key, slot, until, since, until, effect)
            case _:
                raise TypeError(f"a digest knows no {type(event).__name__}")

    def decide(self, state: Digest, command: Any) -> Changes[Digest]:
        changes = Changes(self, state)
        match command:
            case Tell(now, effect, slot):
                since = (state.daily if slot else state.told) or now - DAY
                if now <= since or (slot and slot <= state.slot):
                    raise Refused("told_already", "That was told before.")
                changes.add(DigestTold(since, now, effect, slot))
            case _:
                raise TypeError(f"a digest knows no {type(command).__name__}")
        return changes

    def deadline(self, state: Digest) -> int:
        return 0

    def secret(self, state: Digest) -> bool:
        return False

    def encode(self, state: Digest) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Digest:
        return msgspec.json.decode(data, type=Digest)
