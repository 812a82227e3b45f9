"""Which files bear the names of a database. SQLite would go on writing to one that was moved away, and nobody
would ever find what it wrote; or make an empty one in its place."""

import os
from pathlib import Path

from milena.store.errors import Unavailable


class Files:
    """The file ``path`` and those of its WAL, as they are now."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found = self._on_disk()

    @property
    def are_there(self) -> bool:
        return self._on_disk() == self._found

    def check(self) -> None:
        """Raises Unavailable where one of them is not the one that it was."""
        if not self.are_there:
            raise Unavailable(
                f"{self._path}, or a file beside it, was removed or replaced while it was in use, so "
                "nothing was written; put it back, or start Milena again."
            )

    def _on_disk(self) -> list[tuple[int, int]]:
        found = []
        for suffix in ("", "-wal", "-shm"):
            try:
                status = os.stat(f"{self._path}{suffix}")
            except OSError:
                continue
            found.append((status.st_dev, status.st_ino))
        return found
