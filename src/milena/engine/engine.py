"""The engine: one queue, one writer thread, group commit.

Invocations wait in a queue. The writer takes all that wait, decides each in order against the states
it remembers, appends all their events in one transaction, and answers each caller after the commit.
It holds the log's write lock while it decides, so another process can't come in between: what that
process wrote is seen first, and the states that it changed are read anew.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from milena.domain.command import Command, Invocation
from milena.domain.event import Aggregate
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.domain.member import CommandInvoked
from milena.engine import degraded, logged
from milena.engine.answer import Answer, answer
from milena.engine.cache import Cache
from milena.engine.desk import Batch, House, error_id, recorded_name, went_wrong
from milena.engine.traffic import Flood, Traffic
from milena.ops.config import EngineLimits
from milena.ops.meter import OTHER, Meter
from milena.store import Conflict, Folded, Head, Store, StoreError, Unavailable, Vault

log = logging.getLogger(__name__)


class Waiting:
    """An invocation in the queue, and how its caller is told the answer."""

    __slots__ = ("future", "invocation", "lock", "loop", "received", "reply")

    def __init__(self, invocation: Invocation, loop: asyncio.AbstractEventLoop | None) -> None:
        self.invocation = invocation
        self.received = time.perf_counter_ns()
        self.reply: Answer | None = None
        self.loop = loop
        self.future: asyncio.Future[Answer] | None = None
        self.lock: threading.Lock | None = None


class Engine:
    """Executes invocations on ``store``. Start it with ``with Engine(...) as engine``.

    ``on_commit`` is called by the writer with the log's head when the callers of a batch have their
    answers (to keep the head elsewhere, to wake whoever follows the log); it must be quick.

    ``house`` may be replaced at any time: the next batch is decided in the new one.
    """

    def __init__(
        self,
        store: Store,
        aggregates: Iterable[Aggregate[Any]],
        commands: Mapping[str, Command],
        limits: EngineLimits | None = None,
        on_commit: Callable[[Head], None] | None = None,
        house: House | None = None,
    ) -> None:
        self.store = store
        self.meter = Meter()
        self._trouble = degraded.Trouble(store)
        self.commands = commands
        self.limits = limits or EngineLimits()
        self.house = house or House()
        self._aggregates = {aggregate.kind: aggregate for aggregate in aggregates}
        self._on_commit = on_commit
        self._committed: Head | None = None
        self._cache = Cache(self.limits.cache)
        self._traffic = Traffic(self.house.throttle)
        self._queue: deque[Waiting] = deque()
        self._wake = threading.Condition(threading.Lock())
        self._closing = False
        self._arrivals: dict[asyncio.AbstractEventLoop, list[Waiting]] = {}
        self._thread = threading.Thread(target=self._write, name="milena-writer", daemon=True)

    # ------------------------------------------------------------------------------------- callers

    def execute(self, invocation: Invocation) -> "asyncio.Future[Answer]":
        """Execute an invocation; to be awaited. The answer comes when its events are safe on the disk.
        The same invocation id, however often it comes, is executed once and gets the first answer."""
        loop = asyncio.get_running_loop()
        waiting = Waiting(invocation, loop)
        future: asyncio.Future[Answer] = loop.create_future()
        waiting.future = future
        arrivals = self._arrivals.get(loop)
        if arrivals is None:
            # All that arrives in this turn of the loop is handed over at once, with one wake-up.
            self._arrivals[loop] = [waiting]
            loop.call_soon(self._hand_over, loop)
        else:
            arrivals.append(waiting)
        return future

    def call(self, invocation: Invocation) -> Answer:
        """:meth:`execute` for a thread without an event loop."""
        waiting = Waiting(invocation, None)
        waiting.lock = threading.Lock()
        waiting.lock.acquire()
        self._put([waiting])
        waiting.lock.acquire()
        assert waiting.reply is not None
        return waiting.reply

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        self._put(self._arrivals.pop(loop))

    def _put(self, arrivals: list[Waiting]) -> None:
        refused: list[Waiting] = []
        with self._wake:
            room = 0 if self._closing else self.limits.queue - len(self._queue)
            if len(arrivals) > room:
                arrivals, refused = arrivals[:room], arrivals[room:]
            self._queue.extend(arrivals)
            self._wake.notify()
        if refused:
            sentence = (
                "Milena is shutting down; try again in a minute."
                if self._closing
                else "Milena has more to do than she can; try again in a few seconds."
            )
            for waiting in refused:
                waiting.reply = Answer(waiting.invocation.id, "refused", "busy", sentence)
            _deliver(refused)

    def read(self, kind: str, key: str) -> Folded:
        """The committed state of a stream, and its version. For any thread."""
        return self.store.fold(self._aggregates[kind], key)

    @property
    def waiting(self) -> int:
        """How many invocations wait."""
        return len(self._queue)

    @property
    def is_running(self) -> bool:
        """Whether the writer lives."""
        return self._thread.is_alive()

    @property
    def trouble(self) -> str:
        """Why the log can't be written, empty where it can: see :mod:`milena.engine.degraded`."""
        return self._trouble.sentence

    def keep_states(self, most: int) -> None:
        """Keep no more states in memory than so many."""
        self._cache.size = most

    # --------------------------------------------------------------------------------- life

    def __enter__(self) -> "Engine":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more, answer all that waits, stop."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    # ------------------------------------------------------------------------------- writer thread

    def _write(self) -> None:
        while True:
            with self._wake:
                while not self._queue and not self._closing and (wait := self._idle()) != 0:
                    self._wake.wait(wait)
                count = min(len(self._queue), self.limits.batch)
                batch = [self._queue.popleft() for _ in range(count)]
                last = self._closing and not self._queue
            if self._traffic.floods:
                batch += [Waiting(each, None) for each in self._floods_over(every=last)]
            if not batch:
                if last:
                    return
                if self._trouble.wait() == 0:
                    self._trouble.try_again()
                continue
            self._committed = None
            self._settle(batch)
            _deliver(batch)
            self._measure(batch)
            if self._on_commit is not None and self._committed is not None:
                try:
                    self._on_commit(self._committed)
                except Exception:  # whatever becomes of it, the writer has to go on
                    log.exception("what follows a commit failed", extra={"recovery": "the commit stands"})

    def _idle(self) -> float | None:
        """Seconds until there is something to do, if nobody calls; None: nothing ever."""
        waits = self._traffic.wait(), self._trouble.wait()
        return min((wait for wait in waits if wait is not None), default=None)

    def _measure(self, batch: list[Waiting]) -> None:
        now = time.perf_counter_ns()
        for waiting in batch:
            assert waiting.reply is not None
            name = waiting.invocation.command
            name = name if name in self.commands else OTHER
            self.meter.command(name, waiting.reply.verdict, (now - waiting.received) / 1e9)

    def _look(self, waiting: Waiting) -> bool:
        """Answer one that changes nothing, or was answered before; False where it is no such one."""
        try:
            if self._answer_again(waiting):
                return True
        except StoreError:
            return False
        command = self.commands.get(waiting.invocation.command)
        waiting.reply = degraded.look(waiting.invocation, command, self._unwritten, self._traffic)
        return waiting.reply is not None

    def _unwritten(self) -> Batch:
        return Batch(
            degraded.Unwritten(self.store), Cache(self._cache.size), self._aggregates, self.commands,
            self.store.vault, self.house, self._traffic,
        )  # fmt: skip

    # -------------------------------------------------------------------------------------- a batch

    def _floods_over(self, *, every: bool) -> list[Invocation]:
        """What the throttle refused and nobody has recorded: Milena asks for that, once a flood."""
        return [_told(flood, self.store.vault) for flood in self._traffic.over(every=every)]

    def _settle(self, batch: list[Waiting]) -> None:
        """Give every one of ``batch`` its reply, whatever happens."""
        try:
            self._commit_with_retries(batch)
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, Unavailable):
                for waiting in batch:  # one of them can't be stored: let it fail alone
                    if waiting.reply is None:
                        self._settle([waiting])
                return
            if isinstance(error, Unavailable):
                self._trouble.met(error)
                batch = [waiting for waiting in batch if not self._look(waiting)]
            if batch:
                _fail(batch, error)

    def _commit_with_retries(self, batch: list[Waiting]) -> None:
        for attempt in range(self.limits.retries + 1):
            try:
                self._commit(batch)
                return
            except Conflict:
                self._traffic.rollback()
                # An id that is in the log already was delivered again; or somebody was first.
                self._cache.drop(None)
                batch = [waiting for waiting in batch if not self._answer_again(waiting)]
                if not batch:
                    return
                if attempt == self.limits.retries:
                    raise
            except BaseException:
                self._traffic.rollback()
                self._cache.drop(None)
                raise

    def _answer_again(self, waiting: Waiting) -> bool:
        """Give the answer of an invocation that is in the log already, if it is."""
        if self._answer_from_memory(waiting):
            return True
        stored = self.store.invocation(waiting.invocation.id)
        if stored is None:
            return False
        event = self.store.event(stored)
        assert isinstance(event, CommandInvoked)
        asked = waiting.invocation
        earlier = Invocation(asked.id, event.command, {}, PlayerId(stored.player), Place(stored.place), 0)
        if _same(earlier, asked):
            waiting.reply = answer(asked.id, event, stored.position, repeated=True)
        else:
            waiting.reply = _id_taken(asked)
        return True

    def _answer_from_memory(self, waiting: Waiting) -> bool:
        """Give the answer of an invocation that was counted among a flood, and so is not in the log."""
        found = self._traffic.answers.get(waiting.invocation.id)
        if found is None:
            return False
        earlier, reply = found
        repeated = msgspec.structs.replace(reply, repeated=True)
        waiting.reply = repeated if _same(earlier, waiting.invocation) else _id_taken(waiting.invocation)
        return True

    def _commit(self, batch: list[Waiting]) -> None:
        """Decide and append a batch; its replies are there when it is committed, and not before."""
        if self._traffic.answers:
            batch = [waiting for waiting in batch if not self._answer_from_memory(waiting)]
            if not batch:
                return
        answers: dict[str, Answer] = {}
        first: dict[str, Waiting] = {}
        bugs: list[tuple[Invocation, CommandInvoked, BaseException]] = []
        decided: list[tuple[Invocation, CommandInvoked]] = []
        counted: list[Invocation] = []
        with self.store.transaction() as transaction:
            self._cache.drop(transaction.strangers)
            self._traffic.follow(transaction, batch[0].invocation.time)
            desk = Batch(
                transaction, self._cache, self._aggregates, self.commands, self.store.vault, self.house,
                self._traffic,
            )  # fmt: skip
            for waiting in batch:
                invocation = waiting.invocation
                if first.setdefault(invocation.id, waiting) is not waiting:
                    continue
                event, position, bug, is_counted = desk.decide(invocation, waiting.received)
                answers[invocation.id] = answer(invocation.id, event, position)
                if bug is not None:
                    bugs.append((invocation, event, bug))
                elif is_counted:
                    counted.append(invocation)
                else:
                    decided.append((invocation, event))
            transaction.append(desk.rows)
        self._trouble.over()
        self.meter.commit(len(desk.rows))
        self._cache.update(desk.states)
        self._traffic.commit(transaction.head().position)
        for invocation in counted:
            self._traffic.remember(invocation, answers[invocation.id])
        for waiting in batch:
            invocation = waiting.invocation
            waiting.reply = answers[invocation.id]
            if (earlier := first[invocation.id]) is not waiting:
                repeated = msgspec.structs.replace(waiting.reply, repeated=True)
                waiting.reply = repeated if _same(earlier.invocation, invocation) else _id_taken(invocation)
        for invocation, event, bug in bugs:
            logged.failed(invocation, event, bug)
        for invocation, event in decided:
            logged.decided(invocation, event)
        self._committed = transaction.head()


def _now() -> int:
    return time.time_ns() // 1_000_000


def _told(flood: Flood, vault: Vault) -> Invocation:
    """The invocation that records how many commands of a flood were refused; its id is made of the flood's
    first one, so that it happens once."""
    first = flood.first
    options = {"refused": flood.refused, "since": flood.since, "until": flood.until, "member": first.player}
    return Invocation(
        InvocationId(f"{first.id}-flood"), "flood", options, vault.player("machine", "clock"), first.place,
        _now(), follows=(first.id, flood.position),
    )  # fmt: skip


def _fail(batch: list[Waiting], error: Exception) -> None:
    """Nothing of the batch was written: everybody is told so, and the operator."""
    known, code = isinstance(error, StoreError), type(error).__name__
    why = error.told if isinstance(error, StoreError) else str(error)
    if isinstance(error, Unavailable):
        code, why = "unavailable", f"{why} {degraded.STILL}"
    ids = ", ".join(error_id(waiting.invocation) for waiting in batch[:10])
    for waiting in batch:
        sentence = why if known else went_wrong(waiting.invocation)
        waiting.reply = Answer(waiting.invocation.id, "failed", code, sentence)
    first = batch[0].invocation
    told = {"error_id": error_id(first), "told": why if known else went_wrong(first)}
    extra = {**logged.about(first), **told, "error": error, "recovery": "nothing was written"}
    log.error("a commit failed (%s): %s", ids, error, exc_info=None if known else error, extra=extra)


def _same(one: Invocation, other: Invocation) -> bool:
    """Whether two invocations with one id are the same one, delivered again."""
    if (one.player, one.place) != (other.player, other.place):
        return False
    return recorded_name(one.command) == recorded_name(other.command)


def _id_taken(invocation: Invocation) -> Answer:
    """Two processes can come upon the same id, if rarely: then the second must not be taken for the first."""
    sentence = "Another command came first under this id; nothing was changed. Try again."
    return Answer(invocation.id, "refused", "id_taken", sentence)


def _deliver(batch: list[Waiting]) -> None:
    """Tell the callers: one wake-up for each event loop, however many wait there."""
    loops: dict[asyncio.AbstractEventLoop, list[Waiting]] = {}
    for waiting in batch:
        if waiting.lock is not None:
            waiting.lock.release()
        elif waiting.loop is not None:
            loops.setdefault(waiting.loop, []).append(waiting)
    for loop, group in loops.items():
        try:
            loop.call_soon_threadsafe(_set_results, group)
        except RuntimeError:  # that loop is closed: nobody waits there any more
            log.debug("%d answers came after their event loop had closed", len(group))


def _set_results(group: list[Waiting]) -> None:
    for waiting in group:
        if waiting.future is not None and not waiting.future.done():
            assert waiting.reply is not None
            waiting.future.set_result(waiting.reply)
