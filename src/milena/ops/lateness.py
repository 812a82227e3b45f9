"""By how much an event loop is late: how long it takes to do what has to be done at once."""

import asyncio
import time


class Lateness:
    """``ask()`` from any thread, now and then; ``loop`` is set when there is one."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._asked: float | None = None
        self._took = 0.0

    def ask(self) -> float:
        """Seconds that it took when it was asked last, or takes since then; it is asked again."""
        now = time.monotonic()
        if self._asked is not None:
            return now - self._asked
        took, self._took = self._took, 0.0
        if self.loop is not None:
            self._asked = now
            try:
                self.loop.call_soon_threadsafe(self._answered, now)
            except RuntimeError:  # it is closed
                self.loop = self._asked = None
        return took

    def _answered(self, asked: float) -> None:
        self._took = time.monotonic() - asked
        self._asked = None
