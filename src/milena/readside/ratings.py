"""How strong a player is, for whoever has to know at once: quick match asks while it decides.

It reads what the follower has taken in so far. Where nothing can be read, nobody is rated.
"""

import os
import sqlite3
import threading
from pathlib import Path
from typing import NamedTuple

from milena.store.formats import uri

WAIT = 0.05
"""Seconds that a question may wait for a file that is locked."""
_RATING = "SELECT rating FROM ratings WHERE guild = ? AND kind = ? AND player = ?"


class _Open(NamedTuple):
    file: tuple[int, int]
    db: sqlite3.Connection


class Ratings:
    """``ratings(guild, kind, player)``: the rating, None where there is none.

    ``directory`` is where the read models lie. May be called from any thread: each has a connection of its
    own, which is opened again when the link points at another file.
    """

    def __init__(self, directory: Path) -> None:
        self._link = directory / "ratings.db"
        self._own = threading.local()

    def __call__(self, guild: str, kind: str, player: str) -> float | None:
        try:
            row = self._connection().execute(_RATING, (guild, kind, player)).fetchone()
        except (OSError, sqlite3.Error):
            self.close()
            return None
        return row[0] if row else None

    def _connection(self) -> sqlite3.Connection:
        status = os.stat(self._link)
        file = (status.st_dev, status.st_ino)
        kept: _Open | None = getattr(self._own, "open", None)
        if kept is not None and kept.file == file:
            return kept.db
        self.close()
        db = sqlite3.connect(
            f"{uri(str(self._link))}?mode=ro",
            uri=True,
            isolation_level=None,
            timeout=WAIT,
            check_same_thread=False,
        )
        self._own.open = _Open(file, db)
        return db

    def close(self) -> None:
        """Close the connection of this thread; another question opens it again."""
        kept: _Open | None = getattr(self._own, "open", None)
        if kept is not None:
            kept.db.close()
            del self._own.open
