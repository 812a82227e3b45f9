"""The scheduler: asks for what is due, when it is due.

Deadlines are in the log (see :mod:`milena.engine.deadlines`). The scheduler follows it, what its own process
writes and what others do, and keeps nothing that it could not find again: at its start it folds whatever is
open. What fell due while nobody ran fires then, in the order of the deadlines; what is due in one stream by
then happens at once.

Each deadline is an invocation whose id is made of the stream and the time, so that it is asked for once,
however many processes do so; and what comes of it is decided from the state, which knows what has happened.
"""

import logging
import math
import threading
import time
from collections.abc import Iterable

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine.agenda import Agenda
from milena.engine.answer import Answer
from milena.engine.deadlines import AT_ONCE, Deadlines, Kind
from milena.engine.engine import Engine
from milena.ops.backoff import Backoff
from milena.store import StoreError, Unavailable

log = logging.getLogger(__name__)

POLL = 0.5
"""Seconds between two looks at what others have written."""
LONGEST_PAUSE = 30
"""Seconds until it is tried again, at most, while the store can't be used."""
SWEEP = 3600
"""Seconds between two searches for what nobody has touched for too long."""
AGAIN = 60_000
"""Milliseconds until a deadline that could not be served is tried again; twice as many after each time."""
LONGEST_AGAIN = 3_600_000


class Scheduler:
    """Fires deadlines through ``engine``, as the player ``clock``. Start it with ``with Scheduler(...)``.

    :meth:`turn` does all that is due at a moment; the thread does nothing but call it.
    """

    def __init__(self, engine: Engine, kinds: Iterable[Kind], clock: PlayerId) -> None:
        self.fired = 0
        self._engine = engine
        self._store = engine.store
        self._deadlines = Deadlines(engine.store, kinds)
        self._clock = clock
        self._agenda = Agenda()
        self._position: int | None = None
        self._swept = -math.inf
        self._failures: dict[str, int] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="milena-scheduler", daemon=True)

    def __enter__(self) -> "Scheduler":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        backoff = Backoff(2 * POLL, LONGEST_PAUSE)
        while not self._stop.is_set():
            try:
                self.turn()
            except Exception as error:  # whatever it is, the thread has to go on
                known = isinstance(error, StoreError)
                extra = {"error": error, "recovery": "tried again in a while"}
                if not backoff.tries:
                    log.error(
                        "deadlines have to wait: %s", error, exc_info=None if known else error, extra=extra
                    )  # fmt: skip
                self._stop.wait(backoff.pause())
                continue
            if backoff.tries:
                log.warning("deadlines wait no longer")
            backoff.over()
            first = self._agenda.first()
            self._stop.wait(POLL if first is None else min(POLL, max(0.0, first[0] / 1000 - time.time())))

    def give_up_after(self, idle: int) -> None:
        """From now on, give up what nobody has touched for ``idle`` seconds, 0: nothing. What is never given
        up stays so. Whatever is due by that is looked for at once."""
        self._deadlines.give_up_after(idle)
        self._swept = -math.inf

    # -------------------------------------------------------------------------------------- one turn

    def turn(self) -> int:
        """Do all that is due now; returns how many deadlines were served. Raises Unavailable where the
        store can't be used: then nothing is lost, and it can be called again."""
        self._find_all()
        self._follow()
        self._sweep()
        served = 0
        while (first := self._agenda.first()) and not self._stop.is_set():
            when, stream = first
            now = _now()
            if when > now:
                break
            try:
                served += self._serve(stream, when, now)
            except Unavailable:  # everybody's trouble
                raise
            except Exception:  # a deadline that can't be served must not stop the others
                extra = {"recovery": "this one is tried again later, the others go on"}
                log.exception("the deadline of %s can't be served", stream, extra=extra)
                self._postpone(stream, now)
        self.fired += served
        return served

    def _find_all(self) -> None:
        """At the start: every deadline of what is open."""
        if self._position is not None:
            return
        position = self._store.head().position
        for stream in self._deadlines.open():
            if self._stop.is_set():
                return
            try:
                self._agenda.put(stream, self._deadlines.due(stream))
            except Unavailable:
                raise
            except StoreError:  # who serves it will tell
                self._agenda.put(stream, AT_ONCE)
        self._position = position

    def _follow(self) -> None:
        """The deadlines of what was written since."""
        head = self._store.head().position
        if head == self._position or self._position is None:
            return
        for stream, due in self._deadlines.told(self._position, head):
            self._agenda.no_later(stream, due)
        self._position = head

    def _sweep(self) -> None:
        """Now and then: what nobody has touched for too long."""
        if self._position is None or time.monotonic() - self._swept < SWEEP:
            return
        deadlines = self._deadlines
        now, after = _now(), deadlines.idle_after
        for stream in deadlines.open(name for name, idle in after.items() if idle):
            due = deadlines.idle_since(stream)
            if due <= now:
                deadlines.idle.add(stream)
                self._agenda.no_later(stream, due)
        if after is deadlines.idle_after:  # another time was not set meanwhile
            self._swept = time.monotonic()

    # ---------------------------------------------------------------------------------- one deadline

    def _serve(self, stream: str, when: int, now: int) -> bool:
        """Ask for what is due in a stream, if it still is. ``when``: the time on the agenda."""
        due = self._deadlines.due(stream)
        if not 0 < due <= when:  # overtaken, or it was too early: it has to wait its turn
            self._deadlines.idle.discard(stream)
            self._agenda.put(stream, due)
            return False
        key = stream.partition(":")[2]
        answer = self._ask(stream, due, now, new_id() if due == AT_ONCE else f"{key}-{due}")
        if (answer.repeated or answer.code == "id_taken") and self._deadlines.due(stream) == due:
            answer = self._ask(stream, due, now, new_id())  # it failed when it was asked for before
        self._deadlines.idle.discard(stream)
        after = 0 if answer.code == "set_aside" else self._deadlines.due(stream)
        if after == due:
            log.error("the deadline of %s was not served: %s", stream, answer.sentence)
            self._postpone(stream, now)
            return False
        self._failures.pop(stream, None)
        self._agenda.put(stream, after)
        return answer.verdict == "accepted" and not answer.repeated

    def _ask(self, stream: str, due: int, now: int, invocation: str) -> Answer:
        name, _, key = stream.partition(":")
        command, cause = self._deadlines.command(stream), self._deadlines.cause(stream, due)
        follows, place = (cause.correlation, cause.position), Place(cause.place)
        answer = self._engine.call(
            Invocation(InvocationId(invocation), command, {name: key}, self._clock, place, now, follows)
        )
        if answer.code in ("busy", "unavailable"):
            raise Unavailable(answer.sentence)
        return answer

    def _postpone(self, stream: str, now: int) -> None:
        """It is tried again, and less and less often."""
        failures = self._failures[stream] = self._failures.get(stream, 0) + 1
        self._agenda.put(stream, now + min(AGAIN * 2 ** min(failures - 1, 20), LONGEST_AGAIN))


def _now() -> int:
    return round(time.time() * 1000)
