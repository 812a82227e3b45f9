"""From any event to the invocation that caused it, and to all that this one led to."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from milena.domain.event import Aggregate
from milena.domain.game import Games
from milena.domain.refusal import Refused
from milena.store import Envelope, Store, Unreplayable
from milena.store.lookup import invocations_like

LISTED = 4
"""Ids that are named where several fit."""


class Node(Struct, frozen=True):
    """An event, what it says, and the events that it caused.

    ``fields`` are those of its payload. A sealed text is there once its game has ended; before, the
    field is None and its name is in ``sealed``.
    """

    event: Envelope
    fields: dict[str, Any]
    sealed: str
    caused: list["Node"]


def find(store: Store, games: Games, text: str) -> Envelope:
    """The event that ``text`` means: a position (``17``, ``#17``), an invocation id, or a game's id,
    which stands for its opening. The beginning or end of an id is enough where only one has it.

    Raises Refused where there is none, or several.
    """
    wanted = text.strip().lower()
    number = wanted.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        found = store.at(int(number))
        if found is not None:
            return found
    if wanted and not wanted.startswith("#"):
        ids = _ids(store, games.kind, wanted)
        if len(ids) == 1:
            return next(iter(ids.values()))
        if ids:
            some = ", ".join(list(ids)[:LISTED]) + (", ..." if len(ids) > LISTED else "")
            raise Refused("ambiguous_id", f"{text[:40]!r} fits several ids ({some}); type more of it.")
    head = store.head().position
    raise Refused(
        "unknown_id",
        f"There is no event {text[:40]!r}: give a position (1 to {head}), or an invocation's or a game's id.",
    )


def _ids(store: Store, kind: str, wanted: str) -> dict[str, Envelope]:
    """The events of some invocations and games that fit; of one only, if it has just this id."""
    exact = store.invocation(wanted) or _opening(store, kind, wanted)
    if exact is not None:
        return {wanted: exact}
    found: dict[str, Envelope] = {}
    for invocation in invocations_like(store, wanted, LISTED + 1):
        event = store.invocation(invocation)
        if event is not None:
            found[invocation] = event
    for key in store.streams(kind):
        if key.startswith(wanted) or key.endswith(wanted):
            event = _opening(store, kind, key)
            if event is not None and len(found) <= LISTED:
                found[key] = event
    return found


def _opening(store: Store, kind: str, key: str) -> Envelope | None:
    return next(iter(store.stream(f"{kind}:{key}", upto=1)), None)


def trace(store: Store, aggregates: Iterable[Aggregate[Any]], event: Envelope) -> Node:
    """All that goes back to the same first cause as ``event``; that first cause is the root."""
    root = event
    while root.causation is not None and root.causation < root.position:
        cause = store.at(root.causation)
        if cause is None:
            break
        root = cause
    events = {root.position: root}
    for invoked in (root, *store.followed(root.correlation)):
        events[invoked.position] = invoked
        for caused in _behind(store, invoked.position):
            if caused.causation != invoked.position or caused.invocation is not None:
                break
            events[caused.position] = caused
    return _Reader(store, aggregates).tree(root, list(events.values()))


def _behind(store: Store, position: int) -> Iterator[Envelope]:
    """The events behind a position, wherever they are."""
    while (event := store.at(position := position + 1)) is not None:
        yield event


class _Reader:
    """Makes nodes; remembers which games are over."""

    def __init__(self, store: Store, aggregates: Iterable[Aggregate[Any]]) -> None:
        self._store = store
        self._aggregates = {aggregate.kind: aggregate for aggregate in aggregates}
        self._sealed = {
            event.tag: event.sealed for kind in self._aggregates.values() for event in kind.events
        }
        self._over: dict[str, bool] = {}

    def tree(self, root: Envelope, events: list[Envelope]) -> Node:
        caused: dict[int, list[Envelope]] = {}
        for event in events:
            if event.causation is not None and event.causation < event.position:
                caused.setdefault(event.causation, []).append(event)

        def node(event: Envelope) -> Node:
            fields, sealed = self._fields(event)
            return Node(event, fields, sealed, [node(each) for each in caused.get(event.position, ())])

        return node(root)

    def _fields(self, event: Envelope) -> tuple[dict[str, Any], str]:
        sealed = self._sealed.get(event.tag, "")
        try:
            if sealed and self._is_over(event.stream):
                return msgspec.to_builtins(self._store.event(event)), ""
            fields = msgspec.json.decode(event.payload, type=dict[str, Any])
        except Exception as error:  # damage is shown here, and not raised: 'milena verify' names it
            return {"unreadable": str(error)}, ""
        return ({**fields, sealed: None}, sealed) if sealed else (fields, "")

    def _is_over(self, stream: str) -> bool:
        if stream not in self._over:
            kind, _, key = stream.partition(":")
            try:
                state = self._store.fold(self._aggregates[kind], key).state
                self._over[stream] = getattr(state, "status", "") == "ended"
            except Unreplayable:
                self._over[stream] = False
        return self._over[stream]
