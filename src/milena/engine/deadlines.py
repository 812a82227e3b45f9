"""Deadlines as the log tells them: what is open, when something is due in it next, and because of what.

An event says by when to look at what it happened to (:attr:`Event.due`), and a state what is due next
(:meth:`Aggregate.deadline`). What nobody has touched for too long is due, too.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from milena.domain.event import Aggregate
from milena.store import Envelope, Store, StoreError, Unavailable, Unreplayable

log = logging.getLogger(__name__)

AT_ONCE = 1
"""The time of what can't be read, so nobody knows when it is due: asking for it sets it aside."""


class Kind(Struct, frozen=True):
    """How the deadlines of one kind of aggregate are served.

    ``command``  lets happen what is due; its one option is named as the kind is, and is the key
    ``open``     the keys of all that is open and may have a deadline
    ``idle``     seconds after which one that nobody has touched is due too, 0: never
    """

    aggregate: Aggregate[Any]
    command: str
    open: Callable[[], Iterable[str]]
    idle: int = 0


class Deadlines:
    """Those of all streams of ``kinds``. ``idle_after``: seconds after which a stream that nobody has touched
    is due, by its kind, 0: never; ``idle``: the streams that are due for that."""

    def __init__(self, store: Store, kinds: Iterable[Kind]) -> None:
        self._store = store
        self._kinds: Mapping[str, Kind] = {kind.aggregate.kind: kind for kind in kinds}
        events = [event for kind in self._kinds.values() for event in kind.aggregate.events]
        self._tags = json.dumps([event.tag for event in events if "due" in vars(event)])
        self.idle_after = {name: kind.idle for name, kind in self._kinds.items()}
        self.idle: set[str] = set()

    def give_up_after(self, idle: int) -> None:
        """What is never given up stays so."""
        self.idle_after = {name: idle if kind.idle else 0 for name, kind in self._kinds.items()}

    def command(self, stream: str) -> str:
        """The command that lets happen what is due in a stream."""
        return self._kinds[stream.partition(":")[0]].command

    def open(self, kinds: Iterable[str] | None = None) -> Iterator[str]:
        """Every stream of these kinds that is open; None: of all."""
        for name in self._kinds if kinds is None else kinds:
            try:
                keys = list(self._kinds[name].open())
            except Unavailable:
                raise
            except StoreError as error:
                sentence = "what was open before can't be found, so its deadlines have to wait: %s"
                log.error(sentence, error, extra={"error": error})
                continue
            for key in keys:
                yield f"{name}:{key}"

    def told(self, after: int, upto: int) -> Iterator[tuple[str, int]]:
        """The deadlines that events with ``after < position <= upto`` tell of, each with its stream."""
        found = self._store.rows(
            "SELECT stream, tag, payload FROM events WHERE position > ? AND position <= ? "
            "AND tag IN (SELECT value FROM json_each(?))",
            (after, upto, self._tags),
        )
        for stream, tag, payload in found:
            try:
                due = self._store.codec.decode(tag, payload, stream).due
            except Exception:  # damaged; who serves it will tell
                due = AT_ONCE
            if due:
                yield stream, due

    def due(self, stream: str) -> int:
        """When something is due in a stream next, 0: never."""
        name, _, key = stream.partition(":")
        aggregate = self._kinds[name].aggregate
        try:
            due = aggregate.deadline(self._store.fold(aggregate, key).state)
        except Unreplayable:
            return AT_ONCE
        if stream in self.idle and not due:  # what has a deadline of its own is not left alone
            due = self.idle_since(stream)
        return due

    def idle_since(self, stream: str) -> int:
        """When a stream is due because nobody has touched it."""
        idle = self.idle_after[stream.partition(":")[0]]
        return self._store.touched(stream) + idle * 1000

    def cause(self, stream: str, due: int) -> Envelope:
        """The event that set a deadline; the last one where it was due because nothing happened."""
        last = self._store.last(stream)
        assert last is not None, "what is due has happened to something"
        if due == AT_ONCE or stream in self.idle:
            return last
        found = self._store.rows(
            "SELECT version, tag, payload FROM events WHERE stream = ? "
            "AND tag IN (SELECT value FROM json_each(?)) ORDER BY version DESC",
            (stream, self._tags),
        )
        cause = 0
        for version, tag, payload in found:
            said = self._store.codec.decode(tag, payload, stream).due
            if said == due or (0 < said < due and not cause):
                cause = version
            if said == due:
                break
        return self._store.stream(stream, cause - 1, cause)[0] if cause else last
