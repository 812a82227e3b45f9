"""A log with everything in its table of events: also what was moved to archives.

Where nothing was, that is the log itself. Else it is a copy that is put together for as long as it is needed,
in the folder of the archives, and gone when the block ends; or, where its process is killed, when the next
one is made. For what reads all of the log: to verify or export it, or to make a read model.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from milena.store import archive
from milena.store.copying import Tell, copy, moved, unheard
from milena.store.envelope import INSERT
from milena.store.errors import Damaged, Unavailable
from milena.store.sqlite import explained
from milena.store.store import Store

FOLDER = "whole"
EVENT = 400
"""Bytes that an event may take in a table with its indexes."""
SPARE = 16 << 20
"""Bytes that stay free on the disk."""
_STUBS = "SELECT position, hash FROM archived WHERE position IN (SELECT value FROM json_each(?))"


@contextmanager
def whole(store: Store, problems: list[Damaged] | None = None, tell: Tell = unheard) -> Iterator[Store]:
    """See the module. Raises Damaged where an archive is missing or damaged, Unavailable where there is no
    room. With ``problems``: those are put there, and what can't be read is missing.

    In a copy the table ``archived`` has the stubs of just that: of what is missing in it.
    """
    if not store.rows("SELECT 1 FROM archives LIMIT 1"):
        yield store
        return
    with _room(store) as room:
        path = room / "events.db"
        copy(store.path, path)
        with explained(str(path)), closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = OFF")  # it is nobody's only copy
            db.execute("PRAGMA journal_mode = OFF").fetchone()
            db.execute("BEGIN")
            _bring_back(db, store.archives, problems, tell)
            db.execute("COMMIT")
        made = Store(path, store.vault, store.classes, store.archives)
        try:
            yield made
        finally:
            made.close()


def _bring_back(db: sqlite3.Connection, folder: Path, problems: list[Damaged] | None, tell: Tell) -> None:
    """Put what was moved into the table of events. What is read of a game is what was written, as its SHA-256
    says."""
    db.execute("DROP TRIGGER archived_games_are_over")
    db.execute("DROP TRIGGER archived_events_are_never_deleted")
    games = moved(db)
    gone: set[str] = set()
    for done, packed in enumerate(games, start=1):
        if packed.file in gone:
            continue
        try:
            rows = archive.read(folder, packed)
        except Damaged as error:
            if problems is None:
                raise
            problems.append(error)
            if isinstance(error, archive.Missing):  # told once, and not for each of its games
                gone.add(packed.file)
            continue
        positions = msgspec.json.encode([row[0] for row in rows]).decode()
        hashes: dict[int, bytes] = dict(db.execute(_STUBS, (positions,)))
        db.executemany(INSERT, [(*row, hashes[row[0]]) for row in rows if row[0] in hashes])
        db.execute("DELETE FROM archived WHERE position IN (SELECT value FROM json_each(?))", (positions,))
        if done % 100 == 0:
            tell(done, len(games))


@contextmanager
def _room(store: Store) -> Iterator[Path]:
    """A directory for a copy. Its lock says that somebody uses it; one that nobody does is swept away."""
    folder = store.archives / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder, fcntl.LOCK_EX):  # a new one is not swept before it has its lock
            for left in folder.iterdir():
                _sweep(left)
            _check_room(store, folder)
            room = Path(tempfile.mkdtemp(dir=folder))
            held = os.open(room, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(held, fcntl.LOCK_EX)
    except OSError as error:
        raise Unavailable(f"{folder} can't be used: {error.strerror}.") from error
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        os.close(held)


def _sweep(left: Path) -> None:
    try:
        with _locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
            shutil.rmtree(left, ignore_errors=True)
    except OSError:
        pass  # somebody uses it, or it is none of ours


@contextmanager
def _locked(directory: Path, how: int) -> Iterator[None]:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _check_room(store: Store, folder: Path) -> None:
    ((events,),) = store.rows("SELECT sum(events) FROM archives")
    needed = store.path.stat().st_size + events * EVENT
    free = shutil.disk_usage(folder).free
    if needed + SPARE > free:
        raise Unavailable(
            f"To read all of the log, with its archives, takes {needed / 1e6:.0f} MB in {folder} for a "
            f"while, and {free / 1e6:.0f} MB are free; make room first."
        )
