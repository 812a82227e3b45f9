"""What the read side keeps of its own in each read model's file: for which model it was made, how far it has
come, and which events it could not take in.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from milena import __version__
from milena.readside.disk import connect, is_of_the_disk
from milena.readside.errors import BadModel
from milena.readside.model import Model
from milena.store import GENESIS
from milena.store.formats import statements

APPLICATION_ID = 0x4D4C524D  # "MLRM"
OWN_TABLES = {"_readside", "_dead_letters", "_sittings"}
PAGE_SIZE = 16384
"""Bytes. Rows are written at the end, thousands at once, in which larger pages than SQLite's own 4096 save a
tenth of the time."""
_OWN = """
CREATE TABLE _readside (
    model       TEXT NOT NULL,
    version     INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    milena      TEXT NOT NULL,     -- the release that made this file
    made        INTEGER NOT NULL,  -- ms since 1970
    position    INTEGER NOT NULL,  -- up to here the events are taken in
    hash        BLOB NOT NULL      -- of the event at this position
) STRICT;
CREATE TABLE _dead_letters (
    position INTEGER PRIMARY KEY,
    tag      TEXT NOT NULL,
    problem  TEXT NOT NULL,
    time     INTEGER NOT NULL,            -- when it was parked, in ms since 1970
    dropped  INTEGER NOT NULL DEFAULT 0   -- 1: it is to be left out for ever
) STRICT;
CREATE TABLE _sittings (                  -- who sat where, where fold.sql keeps it: see views.sql
    stream  TEXT NOT NULL,
    version INTEGER NOT NULL,
    seat    INTEGER,
    player  TEXT,
    PRIMARY KEY (stream, version)
) STRICT, WITHOUT ROWID;
"""


class Stamp(NamedTuple):
    """Which model a file was made for, by what, when, and how far it has come."""

    model: str
    version: int
    fingerprint: str
    milena: str
    made: int
    position: int
    hash: bytes


class Letter(NamedTuple):
    """An event that could not be taken in. ``time``: when it was parked; ``dropped``: 1, for good."""

    position: int
    tag: str
    problem: str
    time: int
    dropped: int


class Spoilt(Exception):
    """The file is not what a model's file should be."""


def make(path: Path, model: Model) -> None:
    """A new file with the tables of ``model`` and no rows, for its owner only. Raises BadModel for a bad
    schema."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = connect(path)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute("BEGIN")
        for statement in statements(_OWN):
            connection.execute(statement)
        for statement in model.schema:
            with bad_sql(model, "schema.sql"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        stamp = Stamp(
            model.name, model.version, model.fingerprint, __version__, round(time.time() * 1000), 0, GENESIS
        )
        connection.execute("INSERT INTO _readside VALUES (?, ?, ?, ?, ?, ?, ?)", stamp)
        connection.execute("COMMIT")
    finally:
        connection.close()


@contextmanager
def bad_sql(model: Model, file: str) -> Iterator[None]:
    """What SQLite can't make sense of is a mistake of the model's author."""
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        if is_of_the_disk(error):
            raise
        raise BadModel(f"read model {model.name!r}: {file}: {error}.") from error


def read_stamp(db: sqlite3.Connection) -> Stamp:
    """Raises Spoilt."""
    try:
        row = db.execute("SELECT * FROM main._readside").fetchone()
        if row is not None:
            return Stamp(*row)
    except sqlite3.OperationalError as error:
        if is_of_the_disk(error):
            raise
    except TypeError:
        pass
    raise Spoilt("its file has lost its checkpoint")


def read_letters(db: sqlite3.Connection) -> list[Letter]:
    """The events that were not taken in, in order."""
    rows = db.execute("SELECT * FROM main._dead_letters ORDER BY position").fetchall()
    return [Letter(*row) for row in rows]
