"""The queue: in it invocations from any thread or event loop wait for the writer, and callers for answers.

It holds so many and no more: what comes when it is full, or closed, is refused at once.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from milena.domain.command import Invocation
from milena.engine.answer import Answer

log = logging.getLogger(__name__)


class Waiting:
    """An invocation in the queue, and how its caller is told the answer."""

    __slots__ = ("future", "invocation", "lock", "loop", "received", "reply")

    def __init__(self, invocation: Invocation, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.invocation = invocation
        self.received = time.perf_counter_ns()
        self.reply: Answer | None = None
        self.loop = loop
        self.future: asyncio.Future[Answer] | None = None
        self.lock: threading.Lock | None = None


class Queue:
    """Holds up to ``size`` invocations, in the order in which they came."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: deque[Waiting] = deque()
        self._wake = threading.Condition(threading.Lock())
        self._closed = False
        self._arrivals: dict[asyncio.AbstractEventLoop, list[Waiting]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    # ------------------------------------------------------------------------------------- callers

    def submit(self, invocation: Invocation) -> "asyncio.Future[Answer]":
        """Put an invocation of this thread's event loop into the queue; its answer is to be awaited."""
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
        """:meth:`submit` for a thread without an event loop: it waits for the answer."""
        waiting = Waiting(invocation)
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
            room = 0 if self._closed else self._size - len(self._waiting)
            if len(arrivals) > room:
                arrivals, refused = arrivals[:room], arrivals[room:]
            self._waiting.extend(arrivals)
            self._wake.notify()
        if refused:
            sentence = (
                "Milena is shutting down; try again in a minute."
                if self._closed
                else "Milena has more to do than she can; try again in a few seconds."
            )
            for waiting in refused:
                waiting.reply = Answer(waiting.invocation.id, "refused", "busy", sentence)
            deliver(refused)

    # -------------------------------------------------------------------------------------- writer

    def take(self, most: int, idle: Callable[[], float | None]) -> tuple[list[Waiting], bool]:
        """The next ones, ``most`` of them at most, as soon as there is one; and whether they are the last.
        None of them where ``idle`` seconds pass before one comes (None: for ever), or the queue is closed."""
        with self._wake:
            while not self._waiting and not self._closed and (wait := idle()) != 0:
                self._wake.wait(wait)
            count = min(len(self._waiting), most)
            taken = [self._waiting.popleft() for _ in range(count)]
            return taken, self._closed and not self._waiting

    def close(self) -> None:
        """Take no more in; what waits can still be taken out."""
        with self._wake:
            self._closed = True
            self._wake.notify()


def deliver(batch: list[Waiting]) -> None:
    """Tell the callers their answers: one wake-up for each event loop, however many wait there."""
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
