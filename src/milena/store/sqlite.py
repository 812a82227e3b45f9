"""The log in an SQLite file, as a recorder of the eventsourcing library.

WAL with ``synchronous=FULL``: what was committed survives a power cut. Writers begin with
``BEGIN IMMEDIATE``, so that whoever writes has seen all that was written before.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from eventsourcing.persistence import Notification, PersistenceError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteAggregateRecorder,
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
    SQLiteTransaction,
)

from milena.store import schema
from milena.store.envelope import FIELDS, GENESIS, Head, link
from milena.store.errors import Conflict, Damaged, StoreError, Unavailable
from milena.store.files import Files

INSERT = f"INSERT INTO events VALUES ({','.join('?' * len(FIELDS))})"  # noqa: S608
HEAD = "SELECT position, hash FROM events ORDER BY position DESC LIMIT 1"
LOCK_TIMEOUT = 5
"""Seconds to wait for another process that writes."""
WAL_PAGES = 10_000
"""Pages of WAL between checkpoints: large enough to be grown once and then used again."""


def path_of(uri: str) -> str:
    return unquote(uri.removeprefix("file:"))


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


# ------------------------------------------------------------------- the library's building blocks


class ImmediateTransaction(SQLiteTransaction):
    """A writing transaction holds the write lock from its first statement on."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.commit else "BEGIN")
        return cursor


class Connection(SQLiteConnection):
    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        with ImmediateTransaction(self, commit=commit) as cursor, cursor:
            yield cursor


class Pool(SQLiteConnectionPool):
    """``files``: those of the database, as they were opened. Where others are in their place, no more
    connections can be made; the open ones still read what they read before, and are waited for."""

    files: Files | None = None

    @property
    def _is_use_full(self) -> bool:
        moved = self.files is not None and not self.files.are_there
        return super()._is_use_full or (moved and bool(self._in_use))

    def _create_connection(self) -> SQLiteConnection:
        if self.files is not None:
            self.files.check()
        with explained(path_of(self.db_name)):
            connection = connect(self.db_name)
        connection.row_factory = sqlite3.Row
        return Connection(connection, self.max_age)


class Datastore(SQLiteDatastore):
    """Stream ids are text."""

    def __init__(self, db_name: str, pool_size: int = 2) -> None:
        super().__init__(db_name, originator_id_type="text")
        self.pool = Pool(db_name=db_name, pool_size=pool_size)


class Recorder(SQLiteApplicationRecorder):
    """Records events in the table of :mod:`milena.store.schema`.

    What comes through the library's own interface has no invocation: its time is now, and player,
    place and correlation stay empty.
    """

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "events") -> None:
        super().__init__(datastore, "events")

    def create_table(self) -> None:
        pool = self.datastore.pool
        connection = pool.get_connection()
        try:
            name = path_of(pool.db_name)
            with explained(name):
                schema.migrate(connection._sqlite_conn, name)
        finally:
            pool.put_connection(connection)

    def rows(self, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What one statement reads. It needs no transaction around it; the library's takes longer than most
        statements do."""
        pool = self.datastore.pool
        connection = pool.get_connection(is_writer=False)
        try:
            cursor = connection._sqlite_conn.cursor()
            cursor.row_factory = None
            return cursor.execute(sql, params).fetchall()
        finally:
            pool.put_connection(connection)

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any
    ) -> Sequence[int] | None:
        now = time.time_ns() // 1_000_000
        c.execute(HEAD)
        position, previous = c.fetchone() or Head(0, GENESIS)
        positions = []
        for stored in stored_events:
            position += 1
            fields = (
                position, str(stored.originator_id), stored.originator_version, stored.topic,
                stored.state.decode(), now, "", "", "", None, None,
            )  # fmt: skip
            previous = link(previous, fields)
            c.execute(INSERT, (*fields, previous))
            positions.append(position)
        return positions

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        statement = (
            "SELECT stream, version, tag, payload FROM events "  # noqa: S608
            f"WHERE stream = ? AND version > ? AND version <= ? ORDER BY version {'DESC' * desc} LIMIT ?"
        )
        low = -1 if gt is None else gt
        high = 2**63 - 1 if lte is None else lte
        params = (str(originator_id), low, high, -1 if limit is None else limit)
        with self.datastore.transaction(commit=False) as c:
            c.execute(statement, params)
            return [StoredEvent(row[0], row[1], row[2], row[3].encode()) for row in c.fetchall()]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        low = 0 if start is None else start - inclusive_of_start
        high = 2**63 - 1 if stop is None else stop
        among = f"AND tag IN ({','.join('?' * len(topics))}) " if topics else ""
        statement = (
            "SELECT position, stream, version, tag, payload FROM events "  # noqa: S608
            f"WHERE position > ? AND position <= ? {among}ORDER BY position LIMIT ?"
        )
        with self.datastore.transaction(commit=False) as c:
            c.execute(statement, (low, high, *topics, limit))
            return [
                Notification(
                    row["stream"], row["version"], row["tag"], row["payload"].encode(), row["position"]
                )
                for row in c.fetchall()
            ]

    def max_notification_id(self) -> int | None:  # type: ignore[override]  # None: as its base class says
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT max(position) FROM events")
            highest: int | None = c.fetchone()[0]
            return highest


class SnapshotRecorder(SQLiteAggregateRecorder):
    """Snapshots are in a table of their own, which the migrations of the log make."""

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "snapshots") -> None:
        super().__init__(datastore, "snapshots")

    def create_table(self) -> None:
        Recorder(self.datastore).create_table()


class Factory(SQLiteFactory):
    """Gives the library's Application our recorders. ``path``: the file, or ``:memory:``-like URI."""

    aggregate_recorder_class = SnapshotRecorder
    application_recorder_class = Recorder

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        database = self.datastore.pool.db_name
        self.datastore.close()
        self.datastore = Datastore(database)
