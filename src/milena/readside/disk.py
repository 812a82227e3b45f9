"""Files of read models as SQLite sees them: opening one to look at it, and what goes wrong with a disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from milena.store import Damaged, StoreError, Unavailable
from milena.store import sqlite as store
from milena.store.formats import uri
from milena.store.sqlite import LOCK_TIMEOUT

DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
DISK = DAMAGED | {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM,
}  # fmt: skip
"""What SQLite says when it is the disk's fault, or another process's, and not the event's."""


def look(path: Path) -> sqlite3.Connection:
    """A connection that can't write."""
    return _connect(path, "ro")


def connect(path: Path) -> sqlite3.Connection:
    """A connection that can write, to a file that is there."""
    return _connect(path, "rw")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{uri(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        timeout=LOCK_TIMEOUT,
    )


def code(error: BaseException) -> int:
    """What SQLite calls an error; 0 where it is none of SQLite's."""
    number: int = getattr(error, "sqlite_errorcode", 0)
    return number & 0xFF


def is_of_the_disk(error: Exception) -> bool:
    """Whether it would come again with any other event, too: the disk, the memory, another process."""
    return code(error) in DISK or isinstance(error, Unavailable | OSError | MemoryError)


def explain(error: Exception, path: Path) -> StoreError:
    """What an error of SQLite's means for the operator."""
    if isinstance(error, sqlite3.Error) and code(error) not in DAMAGED:
        return store.explain(error, str(path))
    model = path.name.partition(".")[0]
    return Damaged(f"{path} is damaged ({error}); 'milena projections rebuild {model}' makes it anew.")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of SQLite's, and of the disk, as those of the store."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error
    except OSError as error:
        raise Unavailable(f"{path} can't be written: {error.strerror or error}.") from error
