"""The scheduler: asks for what is due, when it is due.

Deadlines are in the log: an event says when something is to happen because of it (:attr:`Event.due`),
and a state what is due next (:meth:`Aggregate.deadline`). The scheduler follows the log, its own
process's part and that of others, and keeps nothing that it could not find again: at its start it folds
whatever is open. What fell due while nobody ran fires then, in the order of the deadlines.

Each deadline is an invocation whose id is made of the stream and the time, so that it fires once, however
many processes ask for it.
"""

import heapq
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from milena.domain.command import Invocation
from milena.domain.event import Aggregate
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine.engine import Engine
from milena.store import StoreError, Unreplayable

log = logging.getLogger(__name__)

POLL = 0.5
"""Seconds between two looks at what others have written."""
SWEEP = 3600
"""Seconds between two searches for what nobody has touched for too long."""
AGAIN = 60_000
"""Milliseconds until what could not be done is tried again."""


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


class Scheduler:
    """Fires deadlines through ``engine``, as the player ``clock``. Start it with ``with Scheduler(...)``.

    :meth:`turn` does all that is due at a moment; the thread does nothing but call it.
    """

    def __init__(self, engine: Engine, kinds: Iterable[Kind], clock: PlayerId) -> None:
        self.fired = 0
        self._engine = engine
        self._store = engine.store
        self._kinds: Mapping[str, Kind] = {kind.aggregate.kind: kind for kind in kinds}
        self._clock = clock
        self._tags = [
            event.tag
            for kind in self._kinds.values()
            for event in kind.aggregate.events
            if "due" in vars(event)
        ]
        self._due: list[tuple[int, str]] = []
        self._position: int | None = None
        self._swept = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="milena-scheduler", daemon=True)

    def __enter__(self) -> "Scheduler":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.turn()
            except StoreError as error:
                log.error("deadlines have to wait: %s", error)
            except Exception:  # a deadline that can't be served must not stop the others
                log.exception("deadlines have to wait")
            self._stop.wait(min(POLL, max(0.0, self._next() - time.time())))

    def _next(self) -> float:
        """When the next deadline is, in s since 1970."""
        return self._due[0][0] / 1000 if self._due else time.time() + POLL

    # -------------------------------------------------------------------------------------- one turn

    def turn(self) -> int:
        """Do all that is due now; returns how many deadlines were served."""
        if self._position is None:
            self._find_all()
        self._follow()
        now = _now()
        if now - self._swept >= SWEEP * 1000:
            self._swept = now
            self._sweep(now)
        served = 0
        while self._due and self._due[0][0] <= now and not self._stop.is_set():
            _, stream = heapq.heappop(self._due)
            served += self._serve(stream, now)
            now = _now()
        self.fired += served
        return served

    def _find_all(self) -> None:
        """Every deadline of what is open."""
        self._position = self._store.head().position
        for name, kind in self._kinds.items():
            for key in kind.open():
                self._expect(f"{name}:{key}")

    def _follow(self) -> None:
        """The deadlines of what was written since."""
        assert self._position is not None
        head = self._store.head().position
        if head == self._position:
            return
        found = self._store.rows(
            "SELECT stream, tag, payload FROM events WHERE position > ? AND position <= ? "
            "AND tag IN (SELECT value FROM json_each(?))",
            (self._position, head, json.dumps(self._tags)),
        )
        self._position = head
        for stream, tag, payload in found:
            due = self._store.codec.decode(tag, payload, stream).due
            if due:
                heapq.heappush(self._due, (due, stream))

    def _expect(self, stream: str) -> None:
        """Wait for the next deadline of a stream, as its state has it."""
        name, _, key = stream.partition(":")
        aggregate = self._kinds[name].aggregate
        try:
            due = aggregate.deadline(self._store.fold(aggregate, key).state)
        except Unreplayable:
            due = 1  # asking for it sets it aside
        if due:
            heapq.heappush(self._due, (due, stream))

    def _serve(self, stream: str, now: int) -> bool:
        """Ask for what is due in a stream, if it still is."""
        name, _, key = stream.partition(":")
        aggregate = self._kinds[name].aggregate
        try:
            due = aggregate.deadline(self._store.fold(aggregate, key).state)
        except Unreplayable:
            return self._ask(stream, now, None)
        if due > now:
            heapq.heappush(self._due, (due, stream))
        return 0 < due <= now and self._ask(stream, now, due)

    def _ask(self, stream: str, now: int, due: int | None) -> bool:
        """``due``: the deadline, which makes the invocation's id; None: any new id."""
        name, _, key = stream.partition(":")
        last = self._store.last(stream)
        if last is None:
            return False
        invocation = Invocation(
            InvocationId(f"{key}-{due}" if due is not None else new_id()),
            self._kinds[name].command,
            {name: key},
            self._clock,
            Place(last.place),
            now,
            (last.correlation, last.position),
        )
        answer = self._engine.call(invocation)
        if answer.verdict != "accepted" and answer.code not in ("set_aside", "game_over"):
            log.error("the deadline of %s was not served: %s", stream, answer.sentence)
            heapq.heappush(self._due, (now + AGAIN, stream))
        return answer.verdict == "accepted" and not answer.repeated

    def _sweep(self, now: int) -> None:
        """Ask for what nobody has touched for too long."""
        for name, kind in self._kinds.items():
            if not kind.idle:
                continue
            for key in kind.open():
                stream = f"{name}:{key}"
                if self._store.touched(stream) + kind.idle * 1000 <= now:
                    self._ask(stream, now, None)


def _now() -> int:
    return round(time.time() * 1000)
