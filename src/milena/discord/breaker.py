"""What is done when Discord fails call after call: one asks now and then, the others wait.

Each such time is told twice: when it begins, and when it is over.
"""

import asyncio
import logging
import random
import time

log = logging.getLogger(__name__)

PATIENCE = 5
"""Failures in a row, after which only one call asks at a time."""
LONGEST_PAUSE = 30.0
"""Seconds between two that ask."""


class Breaker:
    def __init__(self) -> None:
        self.failures = 0
        """In a row."""
        self._since = 0.0
        self._until = 0.0
        self._asking = asyncio.Lock()

    @property
    def open(self) -> bool:
        return self.failures >= PATIENCE

    async def wait(self) -> asyncio.Lock | None:
        """Returns when a call may go. A lock that comes is to be released after it."""
        if not self.open:
            return None
        await self._asking.acquire()
        try:
            if self.open:
                await asyncio.sleep(max(0.0, self._until - time.monotonic()))
                return self._asking
        except BaseException:
            self._asking.release()
            raise
        self._asking.release()
        return None

    def failed(self, what: str) -> None:
        """A call found no Discord, or a broken one."""
        now = time.monotonic()
        self.failures += 1
        if self.failures == 1:
            self._since = now
            log.warning("Discord's API: %s. Calls are tried again.", what)
        if self.open:
            pause = min(LONGEST_PAUSE, 0.5 * 2.0 ** min(self.failures - PATIENCE, 10))
            self._until = now + pause * random.uniform(0.8, 1.2)  # noqa: S311
        if self.failures == PATIENCE:
            extra = {"error": ConnectionError(what), "recovery": "calls wait until it answers"}
            log.error(
                "Discord's API failed %d times in a row: calls wait until it answers.", PATIENCE, extra=extra
            )

    def went_well(self) -> None:
        if self.failures:
            lasted = time.monotonic() - self._since
            log.warning("Discord's API answers again, after %.1f s.", lasted)
            self.failures = 0
