"""Events, and the shape that every aggregate has.

An aggregate is a state and two functions: ``decide(state, command)`` finds the events that a command
leads to or raises Refused, ``evolve(state, event)`` takes one event in. Both are pure.
"""

from typing import Any, ClassVar, Generic, Protocol, TypeVar

from msgspec import Struct

S = TypeVar("S")


class Event(Struct, frozen=True, omit_defaults=True):
    """Something that happened, in the past tense. It is stored under its ``tag``, a promise.

    ``class_version`` counts the shapes the payload has had; an event class at version N has static
    methods ``upcast_v1_v2(payload: dict)`` ... up to N, the hooks of the eventsourcing library.
    ``sealed`` names the one text field, if any, that is stored encrypted (see milena.store.sealing).
    """

    tag: ClassVar[str]
    class_version: ClassVar[int] = 1
    sealed: ClassVar[str] = ""

    @property
    def due(self) -> int:
        """When something is to happen because of this event, in ms since 1970, unless it is overtaken by
        then (the state knows, see :meth:`Aggregate.deadline`); 0: never."""
        return 0


class Aggregate(Protocol[S]):
    """What the engine has to know of a kind of aggregate."""

    @property
    def kind(self) -> str:
        """The first part of its streams' names: ``game`` in ``game:2q4610vyh0k3``."""

    @property
    def events(self) -> tuple[type[Event], ...]: ...

    def initial(self, key: str) -> S:
        """The state before the first event."""

    def evolve(self, state: S, event: Event) -> S: ...

    def decide(self, state: S, command: Any) -> "Changes[S]": ...

    def deadline(self, state: S) -> int:
        """When something is to happen by itself next, in ms since 1970; 0: never."""

    def secret(self, state: S) -> bool:
        """Whether the state holds what is not for all eyes: its snapshots are sealed then."""

    def encode(self, state: S) -> bytes:
        """The state as JSON, for a snapshot."""

    def decode(self, data: bytes) -> S:
        """The state that :meth:`encode` was given; raises ValueError where it can't be read."""


class Changes(Generic[S]):
    """The events of one decision, and the state that they lead to.

    To find out what follows from a move, decide has to make it; so it hands the result on.
    """

    __slots__ = ("aggregate", "events", "state")

    def __init__(self, aggregate: Aggregate[S], state: S) -> None:
        self.aggregate = aggregate
        self.state = state
        self.events: list[Event] = []

    def add(self, event: Event) -> None:
        self.state = self.aggregate.evolve(self.state, event)
        self.events.append(event)
