"""A session of the gateway: its sequence of events, which outlives its connections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from .errors import Json

if TYPE_CHECKING:
    from .connection import Connection

GUILDS, MEMBERS, MODERATION = 1 << 0, 1 << 1, 1 << 2
MESSAGES, DIRECT_MESSAGES, CONTENT = 1 << 9, 1 << 12, 1 << 15
PRESENCES = 1 << 8
PRIVILEGED = MEMBERS | PRESENCES | CONTENT
KNOWN = (1 << 22) - 1 | 1 << 24 | 1 << 25

Sent = Callable[[], None]


@dataclass
class Session:
    id: str
    shard: int
    shards: int
    intents: int
    sequence: int = 0
    events: list[tuple[Json, Sent | None]] = field(default_factory=list)
    """Everything dispatched, for RESUME. Discord keeps it for some minutes."""
    connection: Connection | None = None
    valid: bool = True
    resumed: int = 0
    """How often it was resumed."""

    def dispatch(self, event: str, data: Json, sent: Sent | None = None) -> None:
        """The next event; it waits for a RESUME when nobody is connected."""
        self.sequence += 1
        payload = {"op": 0, "t": event, "s": self.sequence, "d": data}
        self.events.append((payload, sent))
        if self.connection:
            self.connection.send(payload, sent)

    def replay(self, after: int, shuffle: Random | None) -> None:
        """What was missed since ``after``; in another order where a fault wants it."""
        missed = [each for each in self.events if each[0]["s"] > after]
        if shuffle:
            shuffle.shuffle(missed)
        assert self.connection
        for payload, sent in missed:
            self.connection.send(payload, sent)
        self.resumed += 1
        self.dispatch("RESUMED", {"_trace": ["stand-in"]})
