"""The folder of the backups, and how they are named in it: by the time when they were made.

``20261126T131729Z-k3f9x2aa.tar.gz``: the time of UTC, and what tells two of the same second apart.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from milena.domain.ids import new_id
from milena.store.errors import Unavailable

FOLDER = "backups"
VARIABLE = "MILENA_BACKUPS"
SUFFIX = ".tar.gz"
PART = ".part"
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-z]+\.tar\.gz\Z")


def folder_of(home: Path) -> Path:
    """Where the backups of a data directory are: in it, unless MILENA_BACKUPS names another folder."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else home / FOLDER


def name_of(time: int, key: str | None = None) -> str:
    """The name of a backup of ``time`` in ms since 1970. ``key``: letters and digits of the caller's."""
    return f"{datetime.fromtimestamp(time / 1000, UTC):{_STAMP}}-{key or new_id()[-8:]}{SUFFIX}"


def time_of(path: Path) -> datetime | None:
    """When the backup of this name was made, in UTC; None where it is no name of a backup."""
    match = _NAME.match(path.name)
    try:
        return datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def backups(folder: Path) -> dict[Path, datetime]:
    """The backups that are there and when they were made, oldest first. Raises Unavailable."""
    try:
        found = [folder / entry for entry in os.listdir(folder)]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Unavailable(f"The folder {folder} can't be read: {error.strerror}.") from error
    times = {path: time for path in found if (time := time_of(path))}
    return dict(sorted(times.items(), key=lambda each: (each[1], each[0].name)))


def find(folder: Path, text: str) -> Path:
    """The backup of ``folder`` whose name begins with ``text``, or that is the ``last``; else the file of
    that name. Raises Unavailable: none, or several."""
    names = [path.name for path in backups(folder)]
    if text == "last" and names:
        return folder / names[-1]
    found = [name for name in names if text and name.startswith(text)]
    if len(found) == 1:
        return folder / found[0]
    if len(found) > 1:
        raise Unavailable(f"{text!r} fits {len(found)} backups; type more of the name.")
    if Path(text).is_file():
        return Path(text)
    raise Unavailable(f"There is no backup {text!r} in {folder}; 'milena backup list' lists them.")


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """An empty directory in ``folder`` to make a backup in, for one at a time; in the end it is removed, and
    so is what others left that were killed. Raises Unavailable where somebody else makes one."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Unavailable(f"The folder {folder} can't be used: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for entry in os.listdir(folder):
            if entry.endswith(PART):
                shutil.rmtree(folder / entry, ignore_errors=True)
        work = folder / f"{os.getpid()}{PART}"
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except BlockingIOError:
        raise Unavailable(f"A backup is being made in {folder} already; wait until that is done.") from None
    finally:
        with suppress(OSError):
            os.close(lock)


def keep_on_disk(folder: Path) -> None:
    """Which files bear which names, too, survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
