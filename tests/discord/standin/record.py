"""Everything that the bot asked for, what it was told, and what it should not have asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

OF_THE_BOT = frozenset({"body", "interaction", "route", "auth", "gateway"})
"""Kinds of refusal that a correct bot never meets."""


@dataclass
class Call:
    """One REST call."""

    method: str
    route: str
    """With names for ids: ``/channels/{channel}/messages``."""
    path: str
    began: float
    """``time.perf_counter()`` on arrival; ``ended`` when the answer was ready."""
    body: Any = None
    files: dict[str, bytes] = field(default_factory=dict)
    reason: str | None = None
    ended: float = 0.0
    status: int = 0
    """0 until it is answered, and for ever where a fault cut the connection."""
    answer: Any = None
    fault: str | None = None
    """The fault that met it."""
    bytes_in: int = 0
    bytes_out: int = 0

    @property
    def name(self) -> str:
        return f"{self.method} {self.route}"


@dataclass(frozen=True)
class Refused:
    """Something that the stand-in refused, because Discord would."""

    kind: str
    code: int
    why: str
    call: Call | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.call.name if self.call else 'gateway'}: {self.why}"


@dataclass
class Record:
    calls: list[Call] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    """All refusals that no fault asked for."""
    unknown_fields: list[tuple[str, str]] = field(default_factory=list)
    """(Route, field) of what Discord does not document, and pictures that nothing was attached for. Discord
    ignores them; so does the stand-in."""
    gateway_in: int = 0
    """Bytes that the bot sent over the gateway, and that it was sent, without the frames' own few."""
    gateway_out: int = 0

    @property
    def violations(self) -> list[str]:
        """What a correct bot never does: a test asserts that this is empty."""
        return [str(each) for each in self.refused if each.kind in OF_THE_BOT]

    def of(self, name: str) -> list[Call]:
        """The calls of a route: ``record.of("POST /channels/{channel}/messages")``."""
        return [call for call in self.calls if call.name == name]

    def bodies(self, name: str) -> Iterator[Any]:
        return (call.body for call in self.of(name))

    @property
    def bytes_on_the_wire(self) -> int:
        """Both ways, REST with its headers and the gateway."""
        rest = sum(call.bytes_in + call.bytes_out for call in self.calls)
        return rest + self.gateway_in + self.gateway_out
