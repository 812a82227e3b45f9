"""Trouble with the log itself: told once on standard error, counted, and forgotten when it is over."""

import sys
import time
from contextlib import suppress
from threading import RLock

QUIET = 60.0
"""Seconds in which nothing more is said of the same trouble, should it come and go."""


class Trouble:
    """What keeps ``what`` from being written. Safe to use from any thread; never raises."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = RLock()  # a signal's handler may log while this thread has it
        self._lost = 0
        self._told = float("-inf")

    def failed(self, error: BaseException) -> None:
        """Something could not be written."""
        with self._lock:
            self._lost += 1
            now = time.monotonic()
            if self._lost > 1 or now - self._told < QUIET:
                return
            self._told = now
        why = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
        line = f"milena: {self._what} can't be written ({why}); it goes on by itself when that is mended."
        complain(line)

    def well(self) -> int:
        """It could be written again: how often it could not before."""
        if not self._lost:
            return 0
        with self._lock:
            lost, self._lost = self._lost, 0
        return lost


def complain(line: str) -> None:
    """One line on standard error, if there is one."""
    printable = "".join(char if char.isprintable() else "?" for char in line)
    with suppress(Exception):
        print(printable, file=sys.stderr, flush=True)  # noqa: T201
