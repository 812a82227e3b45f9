"""Copies of the log and of the vault, taken while they are written to; and what is in such a copy.

A copy is one moment of the file, whole: SQLite's own way (https://sqlite.org/backup.html), within one
reading transaction, so that no commit makes it begin again. Writers need not wait, only the WAL grows until
the copy is done.
"""

import heapq
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import msgspec

from milena.store import archive, schema, vault
from milena.store.archive import PACKED, Archive, Packed
from milena.store.envelope import FIELDS, GENESIS, HEAD, Head, head, link
from milena.store.errors import Damaged, TooNew, Unavailable
from milena.store.formats import Format, stamp, uri
from milena.store.sqlite import connect, explain, explained

PAGES = 256
"""Pages that are copied between two looks at whether it is to go on: a megabyte."""
ROWS = 1000
"""Events that are checked between two such looks."""

Tell = Callable[[int, int], None]
"""How much is done, and of how much. What it raises ends the work."""

ARCHIVES_SINCE = 2
"""The format of the first logs that know of archives."""
_EVENTS = "SELECT position, hash FROM events WHERE position IN (SELECT value FROM json_each(?))"
_STUBS = "SELECT position, hash FROM archived WHERE position IN (SELECT value FROM json_each(?))"
_OBJECTS = (
    "SELECT tbl_name, type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'"
)


class Contents(NamedTuple):
    """What is in a copy of the log, and of the vault: ``games`` and ``players`` are numbers."""

    head: Head
    games: int
    players: int


def unheard(done: int, total: int) -> None:
    pass


def copy(source: Path, target: Path, tell: Tell = unheard, *, compact: bool = False) -> None:
    """Copy the SQLite file ``source`` to a new file. ``compact``: without what was deleted in it, which
    else is there until its place is needed.

    Raises Unavailable where a disk gives up, Damaged where what came of it is not sound.
    """
    with (
        explained(f"{source} or {target}"),
        closing(connect(f"{uri(str(source))}?mode=rw")) as found,
        closing(sqlite3.connect(target, isolation_level=None)) as made,
    ):
        made.execute("PRAGMA synchronous = OFF")  # it is nobody's only copy
        found.execute("BEGIN")
        found.execute(
            "SELECT count(*) FROM sqlite_master"
        ).fetchone()  # from here on, what is read stands still
        found.backup(made, pages=PAGES, progress=lambda _, left, total: tell(total - left, total))
        found.execute("COMMIT")
        made.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file, with nothing beside it
        if compact:
            made.execute("VACUUM")


def hash_at(log: Path, position: int) -> bytes | None:
    """The hash of an event of a log; None where there is none at ``position``."""
    with explained(str(log)), closing(connect(f"{uri(str(log))}?mode=rw")) as db:
        row = db.execute("SELECT hash FROM events WHERE position = ?", (position,)).fetchone()
        if row is None and archives_of(db):
            row = db.execute("SELECT hash FROM archived WHERE position = ?", (position,)).fetchone()
    return row[0] if row else None


def archives(log: Path) -> list[Archive]:
    """The archives that a copy of a log names."""
    with explained(str(log)), closing(sqlite3.connect(f"{uri(str(log))}?mode=ro", uri=True)) as db:
        return archives_of(db)


def archives_of(db: sqlite3.Connection) -> list[Archive]:
    """The archives that an open log names; none where it is of a format that knows of none."""
    if db.execute("PRAGMA user_version").fetchone()[0] < ARCHIVES_SINCE:
        return []
    return [Archive(*row) for row in db.execute("SELECT * FROM archives ORDER BY number")]


def contents(log: Path, vault_file: Path, tell: Tell = unheard) -> Contents:
    """Check a copy from end to end: that the pages of both files are sound, that they are what Milena makes
    and nothing besides, that every event of the log follows from the one before, and so do those in the
    archives that lie beside it.

    It may be a stranger's, and is not changed. Raises Damaged, and Unavailable for one of a newer Milena.
    """
    with _looked_at(log, schema.format()) as db:
        _check_objects(db, log)
        ends = _check_chain(db, log, tell)
        _check_archives(db, log.with_name(archive.FOLDER))
        (games,) = db.execute(
            "SELECT count(*) FROM events WHERE version = 1 AND stream > 'game:' AND stream < 'game;'"
        ).fetchone()
        games += len(moved(db))
    with _looked_at(vault_file, vault.format()) as db:
        if db.execute("SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()[0]:
            raise Damaged(f"{vault_file.name} has triggers or views, which no vault has.")
        (players,) = db.execute("SELECT count(*) FROM players").fetchone()
    return Contents(ends, games, players)


@contextmanager
def _looked_at(path: Path, format: Format) -> Iterator[sqlite3.Connection]:
    with explained(path.name), closing(sqlite3.connect(f"{uri(str(path))}?mode=ro", uri=True)) as db:
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        found = stamp(db)
        if found.application != format.application:
            raise Damaged(f"{path.name} is not {format.what}.")
        if found.version > format.version:
            raise TooNew(path.name, found.version, format.version)
        (sound,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise Damaged(f"{path.name} is damaged: {' '.join(sound.split())}.")
        yield db


def _check_objects(db: sqlite3.Connection, path: Path) -> None:
    """Its tables, indexes and triggers are those of its format: any other trigger would be run one day.
    Tables of other programs may stand beside them, such as Litestream's."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for migration in schema.MIGRATIONS[: stamp(db).version]:
            fresh.executescript(migration)
        expected = set(fresh.execute(_OBJECTS).fetchall())
    ours = {table for table, *_ in expected}
    found = set(db.execute(_OBJECTS).fetchall())
    more = {(table, kind) for table, kind, *_ in found - expected}
    if expected - found or any(table in ours or kind not in ("table", "index") for table, kind in more):
        raise Damaged(f"{path.name} has other tables, indexes or triggers than those that Milena makes.")


def _check_chain(db: sqlite3.Connection, path: Path, tell: Tell) -> Head:
    ends = head(db.execute(HEAD).fetchone())
    previous, expected = GENESIS, 1
    stubs = db.execute("SELECT position, hash FROM archived ORDER BY position") if archives_of(db) else ()
    events = db.execute("SELECT * FROM events ORDER BY position")
    for row in heapq.merge(events, stubs, key=itemgetter(0)):
        if row[0] != expected:
            raise Damaged(f"{path.name}: position {expected} is missing.", expected)
        if len(row) == len(FIELDS) and link(previous, row[:-1]) != row[-1]:
            raise Damaged(f"{path.name}: position {expected} was changed: its hash is wrong.", expected)
        if expected % ROWS == 0:
            tell(expected, ends.position)
        previous = row[-1]
        expected += 1
    return ends


def moved(db: sqlite3.Connection) -> list[Packed]:
    """The games of a log that are in archives, and nowhere else."""
    if not archives_of(db):
        return []
    gone = "NOT EXISTS (SELECT 1 FROM events WHERE events.stream = archived_games.stream)"
    return [Packed(*row) for row in db.execute(f"{PACKED} WHERE {gone} ORDER BY game")]


def _check_archives(db: sqlite3.Connection, folder: Path) -> None:
    """What stubs stand for is in the archives, all of it."""
    for each in archives_of(db):
        try:
            archive.check_sum(folder, each)
        except archive.Missing:
            raise Damaged(f"its archive {each.file} is missing") from None
    seen = 0
    for packed in moved(db):
        rows = archive.read(folder, packed)
        positions = msgspec.json.encode(archive.around(rows)).decode()
        stubs: dict[int, bytes] = dict(db.execute(_STUBS, (positions,)))
        events: dict[int, bytes] = dict(db.execute(_EVENTS, (positions,)))
        seen += sum(row[0] in stubs for row in rows)
        try:
            archive.check_chain(rows, events | stubs)
        except Damaged as error:
            raise Damaged(f"{packed.file}: {error}.", error.position) from error
    if archives_of(db) and db.execute("SELECT count(*) FROM archived").fetchone()[0] != seen:
        raise Damaged("it has lost events that are in no archive")


def leave_wal(file: Path) -> None:
    """Put what is in the WAL beside ``file`` into it, and the WAL away: SQLite does so only where nobody else
    has it open, in whatever program. Raises Unavailable where somebody has. A file that is damaged is left
    as it is, for nobody can work with it."""
    if not file.exists() or not file.stat().st_size:
        return
    try:
        with closing(sqlite3.connect(f"{uri(str(file))}?mode=rw", uri=True, isolation_level=None)) as db:
            (mode,) = db.execute("PRAGMA journal_mode = DELETE").fetchone()
            if mode != "wal":
                db.execute("PRAGMA journal_mode = WAL").fetchone()  # as it was
    except sqlite3.Error as error:
        if isinstance(explained_error := explain(error, str(file)), Damaged):
            return
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise explained_error from error
        mode = "wal"
    if mode == "wal":
        raise Unavailable(f"{file} is in use by another process; stop that first.")
