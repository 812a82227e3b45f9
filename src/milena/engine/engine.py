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
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from milena.domain.command import Command, Invocation
from milena.domain.event import Aggregate
from milena.engine import degraded, idempotency, logged
from milena.engine.answer import Answer, answer
from milena.engine.cache import Cache
from milena.engine.house import House
from milena.engine.queue import Queue, Waiting, deliver
from milena.engine.traffic import Traffic, report
from milena.engine.unit_of_work import Decided, UnitOfWork
from milena.ops.config import EngineLimits
from milena.ops.meter import OTHER, Meter
from milena.store import Conflict, Folded, Head, Store, StoreError, Transaction, Unavailable

log = logging.getLogger(__name__)


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
        self._queue = Queue(self.limits.queue)
        self._thread = threading.Thread(target=self._write, name="milena-writer", daemon=True)

    # ------------------------------------------------------------------------------------- callers

    def execute(self, invocation: Invocation) -> "asyncio.Future[Answer]":
        """Execute an invocation; to be awaited. The answer comes when its events are safe on the disk.
        The same invocation id, however often it comes, is executed once and gets the first answer."""
        return self._queue.submit(invocation)

    def call(self, invocation: Invocation) -> Answer:
        """:meth:`execute` for a thread without an event loop."""
        return self._queue.call(invocation)

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

    # ---------------------------------------------------------------------------------------- life

    def __enter__(self) -> "Engine":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more, answer all that waits, stop."""
        self._queue.close()
        self._thread.join()

    # ------------------------------------------------------------------------------- writer thread

    def _write(self) -> None:
        while True:
            batch, last = self._queue.take(self.limits.batch, self._idle)
            if self._traffic.floods:
                batch += self._floods_over(every=last)
            if not batch:
                if last:
                    return
                if self._trouble.wait() == 0:
                    self._trouble.try_again()
                continue
            self._committed = None
            self._settle(batch)
            deliver(batch)
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

    def _floods_over(self, *, every: bool) -> list[Waiting]:
        """What the throttle refused and nobody has recorded: Milena asks for that, once a flood."""
        floods = self._traffic.over(every=every)
        return [Waiting(report(flood, self.store.vault.player("machine", "clock"))) for flood in floods]

    # -------------------------------------------------------------------------------------- a batch

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

    def _commit(self, batch: list[Waiting]) -> None:
        """Decide and append a batch; its replies are there when it is committed, and not before."""
        if self._traffic.answers:
            batch = [waiting for waiting in batch if not self._answer_counted(waiting)]
            if not batch:
                return
        decided: dict[str, tuple[Waiting, Decided]] = {}
        with self.store.transaction() as transaction:
            self._cache.drop(transaction.strangers)
            self._traffic.follow(transaction, batch[0].invocation.time)
            work = self._work_on(transaction, self._cache)
            for waiting in batch:
                invocation = waiting.invocation
                if invocation.id not in decided:
                    decided[invocation.id] = waiting, work.decide(invocation, waiting.received)
            transaction.append(work.rows)
        self._trouble.over()
        self.meter.commit(len(work.rows))
        self._cache.update(work.states)
        self._traffic.commit(transaction.head().position)
        for waiting in batch:
            invocation = waiting.invocation
            first, found = decided[invocation.id]
            reply = answer(invocation.id, found.event, found.position)
            if first is not waiting:
                reply = idempotency.again(invocation, first.invocation, reply)
            elif found.counted:
                self._traffic.remember(invocation, reply)
            waiting.reply = reply
        for first, found in decided.values():
            logged.decided(first.invocation, found)
        self._committed = transaction.head()

    def _work_on(self, transaction: Transaction | degraded.Unwritten, cache: Cache) -> UnitOfWork:
        return UnitOfWork(
            transaction, cache, self._aggregates, self.commands, self.store.vault, self.house, self._traffic
        )

    # -------------------------------------------------------- what is answered without being written

    def _answer_again(self, waiting: Waiting) -> bool:
        """Answer one that was answered before; False where it is new."""
        waiting.reply = idempotency.find(waiting.invocation, self.store, self._traffic)
        return waiting.reply is not None

    def _answer_counted(self, waiting: Waiting) -> bool:
        """The same, for one that was counted among a flood, without a look at the log."""
        waiting.reply = idempotency.find_counted(waiting.invocation, self._traffic)
        return waiting.reply is not None

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

    def _unwritten(self) -> UnitOfWork:
        return self._work_on(degraded.Unwritten(self.store), Cache(self._cache.size))


def _fail(batch: list[Waiting], error: Exception) -> None:
    """Nothing of the batch was written: everybody is told so, and the operator."""
    replies = [degraded.failed(waiting.invocation, error) for waiting in batch]
    for waiting, reply in zip(batch, replies, strict=True):
        waiting.reply = reply
    logged.commit_failed([waiting.invocation for waiting in batch], error, replies[0].sentence)
