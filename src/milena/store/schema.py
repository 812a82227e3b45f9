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
    """
    -- Files that ended games were moved to, see milena.store.archive.
    CREATE TABLE archives (
        number INTEGER PRIMARY KEY,
        file   TEXT NOT NULL UNIQUE,   -- its name in the folder archive/
        size   INTEGER NOT NULL,       -- in bytes
        sha256 BLOB NOT NULL,          -- of the whole file
        games  INTEGER NOT NULL,
        events INTEGER NOT NULL,
        time   INTEGER NOT NULL
    ) STRICT;
    -- The games in them: nothing is appended to these any more.
    CREATE TABLE archived_games (
        game    INTEGER PRIMARY KEY,
        stream  TEXT NOT NULL UNIQUE,
        events  INTEGER NOT NULL,
        archive INTEGER NOT NULL,
        start   INTEGER NOT NULL,      -- where its part of the file begins,
        length  INTEGER NOT NULL,      -- and how long it is, in bytes
        sha256  BLOB NOT NULL          -- of that part
    ) STRICT;
    -- What is left of an event that is not in the table of events any more.
    CREATE TABLE archived (
        position INTEGER PRIMARY KEY,
        game     INTEGER NOT NULL,
        hash     BLOB NOT NULL
    ) STRICT;

    DROP TRIGGER events_are_never_deleted;
    CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
        WHEN NOT EXISTS (SELECT 1 FROM archived WHERE position = OLD.position AND hash = OLD.hash)
        BEGIN SELECT RAISE(ABORT, 'events are never deleted, unless they were archived'); END;
    CREATE TRIGGER archived_games_are_over BEFORE INSERT ON events
        WHEN EXISTS (SELECT 1 FROM archived_games WHERE stream = NEW.stream)
        BEGIN SELECT RAISE(ABORT, 'nothing is appended to archived games'); END;
    CREATE TRIGGER whole_games_are_archived BEFORE INSERT ON archived_games
        WHEN NEW.stream NOT GLOB 'game:*'
            OR NEW.events IS NOT (SELECT max(version) FROM events WHERE stream = NEW.stream)
        BEGIN SELECT RAISE(ABORT, 'only whole games are archived'); END;
    CREATE TRIGGER events_are_archived BEFORE INSERT ON archived
        WHEN NOT EXISTS (
            SELECT 1 FROM events JOIN archived_games ON archived_games.stream = events.stream
            WHERE position = NEW.position AND hash = NEW.hash AND game = NEW.game
        )
        BEGIN SELECT RAISE(ABORT, 'only events of archived games are archived'); END;
    CREATE TRIGGER archives_are_never_changed BEFORE UPDATE ON archives
        BEGIN SELECT RAISE(ABORT, 'archives are never changed'); END;
    CREATE TRIGGER archives_are_never_deleted BEFORE DELETE ON archives
        BEGIN SELECT RAISE(ABORT, 'archives are never deleted'); END;
    CREATE TRIGGER archived_games_are_never_changed BEFORE UPDATE ON archived_games
        BEGIN SELECT RAISE(ABORT, 'archived games are never changed'); END;
    CREATE TRIGGER archived_games_are_never_deleted BEFORE DELETE ON archived_games
        BEGIN SELECT RAISE(ABORT, 'archived games are never deleted'); END;
    CREATE TRIGGER archived_events_are_never_changed BEFORE UPDATE ON archived
        BEGIN SELECT RAISE(ABORT, 'archived events are never changed'); END;
    CREATE TRIGGER archived_events_are_never_deleted BEFORE DELETE ON archived
        BEGIN SELECT RAISE(ABORT, 'archived events are never deleted'); END;
    """,
]

VERSION = len(MIGRATIONS)


def format() -> Format:
    """The format of the log."""
    return Format("Milena's log", APPLICATION_ID, MIGRATIONS)


def migrate(connection: sqlite3.Connection, name: str) -> int:
    """See :func:`milena.store.formats.migrate`."""
    return formats.migrate(connection, name, format())
