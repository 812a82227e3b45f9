"""The SQLite file of the log: its tables, and the migrations that make them (see milena.store.formats)."""

import sqlite3

from milena.store import formats
from milena.store.formats import Format

APPLICATION_ID = 0x4D4C4E41  # "MLNA"

MIGRATIONS = [
    """
    CREATE TABLE events (
        position    INTEGER PRIMARY KEY AUTOINCREMENT,
        stream      TEXT NOT NULL,
        version     INTEGER NOT NULL,
        tag         TEXT NOT NULL,
        payload     TEXT NOT NULL,
        time        INTEGER NOT NULL,
        player      TEXT NOT NULL,
        place       TEXT NOT NULL,
        correlation TEXT NOT NULL,
        causation   INTEGER,
        invocation  TEXT,
        hash        BLOB NOT NULL
    ) STRICT;

    -- Order in a stream; also how a stream is read.
    CREATE UNIQUE INDEX events_stream ON events (stream, version);
    -- Exactly once: an invocation is in the log at most one time.
    CREATE UNIQUE INDEX events_invocation ON events (invocation) WHERE invocation IS NOT NULL;
    -- All streams, without reading all events.
    CREATE INDEX events_streams ON events (stream) WHERE version = 1;
    -- Invocations that followed from another one. What an invocation led to itself stands behind it.
    CREATE INDEX events_followed ON events (correlation)
        WHERE invocation IS NOT NULL AND correlation <> invocation;

    CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
    CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

    -- A cache: may be emptied at any time. Columns as the eventsourcing library names them.
    CREATE TABLE snapshots (
        originator_id      TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic              TEXT NOT NULL,
        state              BLOB NOT NULL,
        PRIMARY KEY (originator_id, originator_version)
    ) STRICT, WITHOUT ROWID;
    """,
]

VERSION = len(MIGRATIONS)


def format() -> Format:
    """The format of the log."""
    return Format("Milena's log", APPLICATION_ID, MIGRATIONS)


def migrate(connection: sqlite3.Connection, name: str) -> int:
    """See :func:`milena.store.formats.migrate`."""
    return formats.migrate(connection, name, format())
