"""Each shard is run by one process: two that had the same would answer everything twice.

A lock of the operating system on a byte for each shard (lockf), so that it is gone with the process that held
it, however that ended.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from milena.discord.client import Shards
from milena.discord.shard import CannotRun
from milena.store.errors import SEE_TO_IT

FILE = "shards.lock"
TAKEN = (
    "Another Milena runs on {directory} already, in another process; stop her first, or give each of them "
    "shards of its own (--shards)."
)


@contextmanager
def claimed(directory: Path, shards: Shards) -> Iterator[None]:
    """Have these shards of a data directory alone; where nobody said which, all. Raises CannotRun."""
    path = directory / FILE
    count = shards.last - shards.first + 1 if shards.total else 0  # 0 bytes: to the end, wherever that is
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotRun(f"{path} can't be written: {error.strerror}; {SEE_TO_IT}.") from error
    try:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, count, shards.first)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN):
                raise CannotRun(TAKEN.format(directory=directory)) from None
            # A file system that knows no such locks: she runs, and nobody is kept from a second one.
        yield
    finally:
        os.close(file)
