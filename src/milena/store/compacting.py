"""Making the file of the log as small as what is in it.

SQLite keeps the room of deleted rows for new ones, and most of it lies between rows that stay, where no new
one comes. So the file is written anew beside the old one and takes its place in one step: whenever that is
cut short, one of the two is there, whole.
"""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from milena.store.copying import leave_wal
from milena.store.envelope import HEAD
from milena.store.errors import Damaged, Unavailable
from milena.store.formats import uri
from milena.store.sqlite import explained

PART = ".compact.part"
SPARE = 16 << 20
"""Bytes that stay free on the disk."""


def compact(log: Path) -> tuple[int, int]:
    """Returns the bytes of the file before and after. Whoever calls it has the data directory alone.

    Raises Unavailable where another program has the file open, or there is no room for a second one; then
    all is as it was.
    """
    part = log.with_name(log.name + PART)
    with suppress(FileNotFoundError):
        part.unlink()
    leave_wal(log)
    before = log.stat().st_size
    free = shutil.disk_usage(log.parent).free
    if before + SPARE > free:
        raise Unavailable(
            f"{log} is written anew to become smaller, which takes up to {before / 1e6:.0f} MB for a "
            f"while, and {free / 1e6:.0f} MB are free; make room first."
        )
    try:
        with explained(str(log)), closing(sqlite3.connect(f"{uri(str(log))}?mode=rw", uri=True)) as db:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            db.execute("VACUUM INTO ?", (str(part),))
            if _contents(part) != _contents(log):
                raise Damaged(f"{log} could not be written anew; it is left as it was. Run 'milena verify'.")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(log)
        _keep_on_disk(log.parent)
    except OSError as error:
        raise Unavailable(f"{log} can't be written anew: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return before, log.stat().st_size


def _contents(file: Path) -> list[object]:
    """What two files must have in common."""
    with closing(sqlite3.connect(f"{uri(str(file))}?mode=ro", uri=True)) as db:
        return [
            db.execute(sql).fetchone()
            for sql in (
                "PRAGMA quick_check(1)", "PRAGMA application_id", "PRAGMA user_version", HEAD,
                "SELECT count(*) FROM events", "SELECT count(*) FROM archived",
                "SELECT seq FROM sqlite_sequence WHERE name = 'events'",
            )
        ]  # fmt: skip


def _keep_on_disk(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
