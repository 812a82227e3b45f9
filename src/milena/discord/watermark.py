"""How far the log is shown, in a small file that may be lost: then all open games are drawn again."""

import json
import os
from contextlib import suppress
from pathlib import Path


class Watermark:
    """Every board shows what has happened up to ``position``; None where nobody knows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.position = self._read()

    def _read(self) -> int | None:
        try:
            position = json.loads(self._path.read_bytes())["position"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return position if isinstance(position, int) and position >= 0 else None

    def note(self, position: int) -> None:
        """A disk that is full costs a few boards more that are drawn after the next start."""
        if position == self.position:
            return
        self.position = position
        new = self._path.with_suffix(".new")
        with suppress(OSError):
            new.write_text(json.dumps({"position": position}))
            os.replace(new, self._path)
