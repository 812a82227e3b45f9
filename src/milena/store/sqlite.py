"""Connections to SQLite files that nothing may be lost of, and what SQLite's errors mean for the operator.

WAL with ``synchronous=FULL``: what was committed survives a power cut.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import PersistenceError

from milena.store import schema
from milena.store.errors import Conflict, Damaged, StoreError, Unavailable

LOCK_TIMEOUT = 5
"""Seconds to wait for another process that writes."""
WAL_PAGES = 10_000
"""Pages of WAL between checkpoints: large enough to be grown once and then used again."""


def connect(database: str) -> sqlite3.Connection:
    """A connection with the settings that every connection to the log, or the vault, must have."""
    connection = sqlite3.connect(
        database,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        timeout=LOCK_TIMEOUT,
    )
    try:
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Waits for others who do so at the same time: SQLite's own time-out does not hold for this."""
    until = time.monotonic() + LOCK_TIMEOUT
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
            if mode not in ("wal", "memory") and _may_be_ours(connection):
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.005)


def _may_be_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file is new, or Milena's: a file of somebody else's is refused later, and not touched."""
    tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    return tables == 0 or application >> 16 == schema.APPLICATION_ID >> 16


def explain(error: sqlite3.Error, name: str) -> StoreError:
    """What an error of SQLite's means for the operator."""
    text = str(error)
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_CONSTRAINT:
            return Conflict(f"Somebody else was first: {text}.")
        case sqlite3.SQLITE_FULL:
            return Unavailable("The disk is full, so nothing was written; free some space and try again.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unavailable(f"{name} is locked by another process that writes; try again.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return Unavailable(f"{name} can't be written ({text}); check the rights of its folder.")
        case sqlite3.SQLITE_IOERR:
            return Unavailable(f"The disk refused ({text}), so nothing was written; check it, try again.")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Damaged(f"{name} is damaged ({text}); run 'milena verify', then restore a backup.")
    if "decode to UTF-8" in text:
        return Damaged(f"{name} is damaged ({text}); run 'milena verify', then restore a backup.")
    return Unavailable(f"{name} can't be used: {text}.")


@contextmanager
def explained(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, name) from error
    except UnicodeDecodeError as error:  # SQLite's message, or a name in it, is damaged itself
        raise Damaged(
            f"{name} is damaged ({error.reason}); run 'milena verify', then restore a backup."
        ) from error
    except PersistenceError as error:  # the library wraps SQLite's errors in its own
        if not isinstance(error.__cause__, sqlite3.Error):
            raise
        raise explain(error.__cause__, name) from error.__cause__
