"""The Guild aggregate: how one server wants Milena to be, and who may do what there.

Its settings, its rules of permission, its restrictions, whether new games may be opened, and the cooldowns
that its members share. Each change is an event that says who, when, before and after.

Read :mod:`~milena.domain.guild.state` first, then :mod:`~milena.domain.guild.events`.
"""

from typing import Any

import msgspec

from milena.domain.event import Changes, Event
from milena.domain.guild.decide import decide
from milena.domain.guild.events import EVENTS
from milena.domain.guild.evolve import evolve
from milena.domain.guild.state import Guild

__all__ = ["Guild", "Guilds"]


class Guilds:
    """The aggregate of every guild; the key of one is the guild's id."""

    kind = "guild"
    events: tuple[type[Event], ...] = EVENTS

    def initial(self, key: str) -> Guild:
        return Guild(key)

    def evolve(self, state: Guild, event: Event) -> Guild:
        return evolve(state, event)

    def decide(self, state: Guild, command: Any) -> Changes[Guild]:
        changes = Changes(self, state)
        decide(changes, command)
        return changes

    def deadline(self, state: Guild) -> int:
        return 0

    def secret(self, state: Guild) -> bool:
        return False

    def encode(self, state: Guild) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Guild:
        return msgspec.json.decode(data, type=Guild)
