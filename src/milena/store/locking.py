"""Who uses a data directory: everybody at once, or one alone who replaces what is in it.

A lock of the operating system on the directory itself (flock), so that it is gone with the process that
held it, however that ended.
"""

import errno
import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from milena.store.errors import SEE_TO_IT, Unavailable

RESTORING = "restoring-"
"""How the name of a directory begins from which a backup is being put in its place."""
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EINVAL}
"""What a file system says that knows no such locks."""


log = logging.getLogger(__name__)


class DirectoryLock:
    """Held from when it is made until :meth:`release`, by this process."""

    def __init__(self, directory: Path, how: int, taken: str) -> None:
        try:
            self._directory: int | None = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise Unavailable(f"The data directory {directory} can't be opened: {error.strerror}.") from error
        try:
            fcntl.flock(self._directory, how | fcntl.LOCK_NB)
        except OSError as error:
            shares = how == fcntl.LOCK_SH
            if shares and error.errno in _NO_LOCKS:
                return  # it can be used, but nothing restored into it
            self.release()
            if isinstance(error, BlockingIOError):
                raise Unavailable(taken) from None
            raise Unavailable(f"The data directory {directory} can't be locked: {error.strerror}.") from error

    def release(self) -> None:
        if self._directory is not None:
            os.close(self._directory)
            self._directory = None

    def __enter__(self) -> "DirectoryLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def share(directory: Path) -> DirectoryLock:
    """Use a data directory, with others. Raises Unavailable while somebody has it alone, and where a backup
    was put in its place in part."""
    lock = DirectoryLock(
        directory,
        fcntl.LOCK_SH,
        f"A backup is being restored into {directory}, or it is being upgraded, or its log made smaller; "
        "wait until that is done, then try again.",
    )
    if any(directory.glob(f"{RESTORING}*")):
        lock.release()
        raise Unavailable(
            f"A restore into {directory} was cut short; run 'milena backup restore' again, which finishes it."
        )
    return lock


def alone(directory: Path) -> DirectoryLock:
    """Have a data directory alone. Raises Unavailable while somebody else uses it."""
    return DirectoryLock(
        directory,
        fcntl.LOCK_EX,
        f"Milena is running on {directory}, in this or another process; stop her first ('milena run', "
        "'play', 'shell', 'web' and the like).",
    )


@contextmanager
def one_by_one(path: Path) -> Iterator[None]:
    """One process at a time is in the block, others wait for it. The lock is on the file ``path``, which is
    made where there is none, and must never be replaced. Raises Unavailable where that can't be done."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unavailable(f"{path} can't be written: {error.strerror}; {SEE_TO_IT}.") from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("waiting for another process that has %s", path)
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise Unavailable(f"{path} can't be locked: {error.strerror}.") from error
        yield
    finally:
        with suppress(OSError):
            os.close(file)
