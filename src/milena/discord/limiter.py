"""Rate limits, kept before Discord has to say so.

Discord limits each route, apart for each channel, guild and webhook, and tells the numbers with each answer;
beyond that it limits all calls together. What is not known is found out by one call, while others wait.

https://docs.discord.com/developers/topics/rate-limits
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from math import inf

from milena.discord.routes import Route

AT_ONCE = 45
"""Calls in a second; Discord takes 50."""
KEPT = 2000
"""Buckets, above which those that are full again are forgotten."""
SAME = 0.1
"""Seconds by which the reset of one window may seem to move."""


class Bucket:
    """The limit of one route and id. ``left`` calls may go before ``resets`` (on the caller's clock)."""

    def __init__(self) -> None:
        self.limited = True
        """False once Discord has answered without telling a limit."""
        self.left = 0
        self.resets = -inf
        self.flying = 0
        """Calls that are not answered yet."""
        self.blocked = -inf
        """Until when Discord refuses, as it said."""
        self._window = -inf
        """The reset of this window, on Discord's clock."""

    def delay(self, now: float) -> float:
        """Seconds until a call may go; infinite: until another one is answered."""
        if now < self.blocked:
            return self.blocked - now
        if not self.limited:
            return 0.0
        if now >= self.resets:  # a new window, of which nothing is known
            return inf if self.flying else 0.0
        return 0.0 if self.left > 0 else self.resets - now

    def go(self) -> None:
        self.left -= 1
        self.flying += 1

    def lost(self) -> None:
        """A call had no answer that tells anything."""
        self.flying -= 1

    def answered(self, now: float, headers: Mapping[str, str]) -> None:
        """``headers``: those of the answer."""
        self.flying -= 1
        try:
            left = int(headers["X-RateLimit-Remaining"])
            window = float(headers["X-RateLimit-Reset"])
            after = float(headers["X-RateLimit-Reset-After"])
        except (KeyError, ValueError):
            self.limited = self.resets > -inf  # who knew a limit does not believe that it is gone
            return
        self.limited = True
        if abs(window - self._window) < SAME:
            self.left = min(self.left, left)
        else:
            self.left = left - self.flying
            self._window = window
        self.resets = now + after

    def block(self, until: float) -> None:
        self.blocked = max(self.blocked, until)

    def idle(self, now: float) -> bool:
        return not self.flying and now >= max(self.resets, self.blocked)


class _Queue:
    """Those who wait for a bucket, first come, first served."""

    def __init__(self) -> None:
        self.bucket = Bucket()
        self.turn = asyncio.Lock()
        self.moved = asyncio.Event()

    async def wait(self) -> None:
        async with self.turn:
            while (delay := self.bucket.delay(time.monotonic())) > 0:
                self.moved.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(None if delay == inf else delay):
                        await self.moved.wait()
            self.bucket.go()


class Turn:
    """A call's turn; the one who has it tells what came of it."""

    def __init__(self) -> None:
        self.headers: Mapping[str, str] | None = None


class Limiter:
    """Lets calls through in time: ``async with limiter.turn(route) as turn`` around each."""

    def __init__(self) -> None:
        self._queues: dict[Route, _Queue] = {}
        self._together = asyncio.Semaphore(AT_ONCE)
        self._blocked = -inf

    @asynccontextmanager
    async def turn(self, route: Route) -> AsyncIterator[Turn]:
        """Waits until the call may go. Its answer's headers belong into ``turn.headers``."""
        queue = self._queue(route)
        await queue.wait()
        turn = Turn()
        try:
            async with nullcontext() if route.exempt else self._one_of_all():
                yield turn
        finally:
            if turn.headers is None:
                queue.bucket.lost()
            else:
                queue.bucket.answered(time.monotonic(), turn.headers)
            queue.moved.set()

    def block(self, route: Route | None, seconds: float) -> None:
        """Discord refuses calls of this route, or all (None), for so long."""
        until = time.monotonic() + seconds
        if route is None:
            self._blocked = max(self._blocked, until)
        else:
            self._queue(route).bucket.block(until)

    def _queue(self, route: Route) -> _Queue:
        found = self._queues.get(route)
        if found is None:
            if len(self._queues) >= KEPT:
                self._forget()
            found = self._queues[route] = _Queue()
        return found

    def _forget(self) -> None:
        now = time.monotonic()
        busy = {
            route: queue
            for route, queue in self._queues.items()
            if queue.turn.locked() or not queue.bucket.idle(now)
        }
        self._queues = busy

    @asynccontextmanager
    async def _one_of_all(self) -> AsyncIterator[None]:
        """One of the calls of a second, which ends when Discord has answered: it came there before."""
        await self._together.acquire()
        try:
            while (left := self._blocked - time.monotonic()) > 0:
                await asyncio.sleep(left)
            yield
        finally:
            asyncio.get_running_loop().call_later(1.0, self._together.release)
