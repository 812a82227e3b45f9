"""How far the log is shown, in a small file that may be lost: then all open games are drawn again."""

import json
import os
import time
from contextlib import suppress
from pathlib import Path

EVERY = 1.0
"""Seconds between two notes, at least: replacing a file may wait for the disk."""


class Watermark:
    """Every board shows what has happened up to ``position``, as it was noted; None where nobody knows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.position = self._read()
        self._again = 0.0

    def _read(self) -> int | None:
        try:
            position = json.loads(self._path.read_bytes())["position"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return position if isinstance(position, int) and position >= 0 else None

    @property
    def due(self) -> bool:
        """Whether it is time to note again."""
        return time.monotonic() >= self._again

    def note(self, position: int, *, now: bool = False) -> None:
        """Note it, if it is time to, or ``now``; to be called again and again. What was not noted, as on a
        full disk, costs a few boards more that are drawn after the next start."""
        if position == self.position or not (now or self.due):
            return
        self.position, self._again = position, time.monotonic() + EVERY
        new = self._path.with_suffix(".new")
        with suppress(OSError):
            new.write_text(json.dumps({"position": position}))
            os.replace(new, self._path)
