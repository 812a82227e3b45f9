"""Copies of the log and of the vault, taken while they are written to.

SQLite's own way: https://sqlite.org/backup.html. A copy is one moment of the file, whole.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from milena.store.envelope import Head, head
from milena.store.errors import Damaged
from milena.store.sqlite import HEAD, connect, explained, uri


def copy(source: Path, target: Path) -> None:
    """Copy an SQLite file to a new file ``target``. Raises Unavailable where a disk gives up, Damaged where
    what came of it is not sound."""
    with (
        explained(f"{source} or {target}"),
        closing(connect(_there(source))) as found,
        closing(sqlite3.connect(target)) as made,
    ):
        found.backup(made)  # in one step: what is read stands still, and whoever writes need not wait
        made.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file, with nothing beside it
        (sound,) = made.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        raise Damaged(f"The copy {target} is damaged: {sound}.")


def copied_head(copy: Path) -> Head:
    """Where the log in a copy ends."""
    with explained(str(copy)), closing(sqlite3.connect(f"{uri(str(copy))}?mode=ro", uri=True)) as log:
        return head(log.execute(HEAD).fetchone())


def hash_at(log: Path, position: int) -> bytes | None:
    """The hash of an event of a log; None where there is none at ``position``."""
    with explained(str(log)), closing(connect(_there(log))) as db:
        row = db.execute("SELECT hash FROM events WHERE position = ?", (position,)).fetchone()
    return row[0] if row else None


def _there(path: Path) -> str:
    """A file that SQLite may open, and not make."""
    return f"{uri(str(path))}?mode=rw"
