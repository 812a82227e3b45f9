"""Time that a test can move on: tokens expire, and nobody waits a quarter of an hour."""

import time
from datetime import UTC, datetime


class Clock:
    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def stamp(self, moment: float | None = None) -> str:
        """As Discord writes times."""
        return datetime.fromtimestamp(self.now() if moment is None else moment, UTC).isoformat()
