"""Making the file of the log as small as what is in it.

SQLite keeps the room of deleted rows for new ones, and most of it lies between rows that stay, where no new
one comes. So the file is written anew beside the old one and takes its place in one step: whenever that is
cut short, one of the two is there, whole.

Meanwhile nobody may have the log open, also no program that knows nothing of Milena's lock: what that wrote
to the old file would be lost, and what it left in a WAL would be read into the new one. So it is locked as
SQLite locks, and has no WAL until the new file has its name.
"""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from milena.store import archive
from milena.store.copying import leave_wal
from milena.store.envelope import HEAD
from milena.store.errors import Damaged, Unavailable
from milena.store.formats import uri
from milena.store.sqlite import connect, explained

PART = ".compact.part"
BESIDE = ("", "-journal", "-wal", "-shm")
"""What the names of a database and of its files end in."""
SPARE = 16 << 20
"""Bytes that stay free on the disk."""


def note_room(log: Path) -> None:
    """Note that the log will be smaller once it is written anew, for whoever can do so: there is no other way
    to tell. Where that can't be noted, the log stays as large as it is until somebody asks for it."""
    with suppress(OSError):
        _note(log).touch(mode=0o600)


def has_room(log: Path) -> bool:
    """Whether events were moved out of the log since it was last written anew, as far as is known."""
    return _note(log).exists()


def _note(log: Path) -> Path:
    return log.with_name(archive.FOLDER) / archive.ROOM


def compact(log: Path) -> tuple[int, int]:
    """Returns the bytes of the file before and after. Whoever calls it has the data directory alone.

    Raises Unavailable where another program has the file open, or there is no room for a second one; then
    all is as it was.
    """
    note = _note(log)
    log = log.resolve()  # the file itself is replaced, and not a link to it
    part = log.with_name(log.name + PART)
    _sweep(part)
    leave_wal(log)
    before = log.stat().st_size
    free = shutil.disk_usage(log.parent).free
    if before + SPARE > free:
        raise Unavailable(
            f"{log} is written anew to become smaller, which takes up to {before / 1e6:.0f} MB for a "
            f"while, and {free / 1e6:.0f} MB are free; make room first."
        )
    try:
        with explained(str(log)), _held(log) as db:
            _write_anew(db, log, part)
            part.replace(log)
            _keep_on_disk(log.parent)
    except OSError as error:
        raise Unavailable(f"{log} can't be written anew: {error.strerror}.") from error
    finally:
        _sweep(part)
    with suppress(OSError):
        note.unlink(missing_ok=True)
    return before, log.stat().st_size


def _write_anew(db: sqlite3.Connection, log: Path, part: Path) -> None:
    """Make ``part`` what the log is, down to whose it is, and keep it on the disk."""
    old = log.stat()
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    db.execute("VACUUM INTO ?", (str(part),))
    with closing(sqlite3.connect(f"{uri(str(part))}?mode=rw", uri=True)) as made:
        made.execute("PRAGMA journal_mode = WAL").fetchone()
        if _contents(made) != _contents(db):
            raise Damaged(f"{log} could not be written anew; it is left as it was. Run 'milena verify'.")
    if os.geteuid() == 0:  # root works for the one whose the log is, who must be able to use it
        os.chown(part, old.st_uid, old.st_gid)
    part.chmod(stat.S_IMODE(old.st_mode))
    with part.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _held(log: Path) -> Iterator[sqlite3.Connection]:
    """The log, which nobody else can read or write, and which has no WAL."""
    try:
        with closing(sqlite3.connect(f"{uri(str(log))}?mode=rw", uri=True, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = DELETE").fetchone()
            db.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
            db.execute("BEGIN EXCLUSIVE")  # from here on, until it is closed
            db.execute("COMMIT")
            if db.execute("PRAGMA journal_mode").fetchone()[0] != "delete":
                raise Unavailable(f"{log} is in use by another process; stop that first.")
            yield db
    except BaseException:
        with suppress(sqlite3.Error):
            connect(f"{uri(str(log))}?mode=rw").close()  # with a WAL again
        raise


def _contents(db: sqlite3.Connection) -> list[object]:
    """What two files must have in common."""
    return [
        db.execute(sql).fetchone()
        for sql in (
            "PRAGMA quick_check(1)", "PRAGMA application_id", "PRAGMA user_version", HEAD,
            "SELECT count(*) FROM events", "SELECT count(*) FROM archived",
            "SELECT seq FROM sqlite_sequence WHERE name = 'events'",
        )
    ]  # fmt: skip


def _sweep(part: Path) -> None:
    for suffix in BESIDE:
        with suppress(OSError):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def _keep_on_disk(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
