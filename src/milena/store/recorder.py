"""The log as a recorder of the eventsourcing library, over the table of :mod:`milena.store.schema`.

Writers begin with ``BEGIN IMMEDIATE``, so that whoever writes has seen all that was written before.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Notification, StoredEvent
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
from milena.store.envelope import GENESIS, HEAD, INSERT, Head, link
from milena.store.files import Files
from milena.store.formats import path_of
from milena.store.sqlite import connect, explained


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
    """What comes through the library's own interface has no invocation: its time is now, and player,
    place and correlation stay empty."""

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

    def rows(self, sql: str, params: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
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
