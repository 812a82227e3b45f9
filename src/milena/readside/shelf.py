"""Where the files of a read model lie, and which of them is the live one.

``leaderboard.db`` is a symbolic link to the live generation, ``leaderboard.v3.db``. A new one is made as
``leaderboard.v4.db.part``, and the link is turned round when it is ready: whoever has the old one open
reads on in it, whoever opens the link gets the new one, and SQLite never finds two files under one name.
The generation before stays for a rollback.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from milena.store import Unavailable


class Shelf:
    """The files of the read model ``name`` in ``directory``."""

    def __init__(self, directory: Path, name: str) -> None:
        self.directory = directory
        self.name = name
        self.link = directory / f"{name}.db"
        self._numbered = re.compile(rf"{re.escape(name)}\.v(\d+)\.db\Z")
        self._ours = re.compile(rf"{re.escape(name)}\.v(\d+)\.db(-\w+)?\Z")
        self._litter = re.compile(rf"({re.escape(name)}\.v\d+\.db\.part.*|\.{re.escape(name)}\.\d+\.link)\Z")

    def live(self) -> Path | None:
        """The live generation; None where there is none, or its file is gone."""
        try:
            path = os.path.join(self.directory, os.readlink(self.link))  # asked again and again
        except OSError:
            return None
        return Path(path) if os.path.exists(path) else None

    def is_live(self, path: Path) -> bool:
        return self.live() == path

    @property
    def is_gone(self) -> bool:
        """There was a live generation, and its file was taken away."""
        return self.link.is_symlink() and not self.link.exists()

    def generations(self) -> list[int]:
        """The numbers of those that are there, oldest first."""
        return sorted(int(match[1]) for match in map(self._numbered.match, self._entries()) if match)

    def _entries(self) -> list[str]:
        try:
            return os.listdir(self.directory)
        except FileNotFoundError:
            return []

    def _next(self) -> int:
        """A number that was never given: SQLite would take what is left beside an older file for its own."""
        given = [int(match[1]) for match in map(self._ours.match, self._entries()) if match]
        with suppress(OSError):
            if match := self._numbered.match(os.readlink(self.link)):
                given.append(int(match[1]))
        return max(given, default=0) + 1

    def path(self, generation: int) -> Path:
        return self.directory / f"{self.name}.v{generation}.db"

    def number(self, path: Path) -> int:
        """The generation of a path that :meth:`path` gave."""
        match = self._numbered.match(path.name)
        assert match, path
        return int(match[1])

    def previous(self) -> Path | None:
        """The newest generation that is not the live one."""
        live = self.live()
        others = [path for path in map(self.path, self.generations()) if path != live]
        return others[-1] if others else None

    @contextmanager
    def building(self) -> Iterator[Path]:
        """The path for a new generation, for one builder at a time. What an earlier one left is removed.

        Raises Unavailable where somebody else is building, or the directory can't be written.
        """
        with self.locked():
            self._sweep()
            part = self.path(self._next()).with_suffix(".db.part")
            try:
                yield part
            finally:
                _remove(part)

    def _sweep(self) -> None:
        """Remove what a builder left who was killed."""
        for entry in filter(self._litter.match, self._entries()):
            with suppress(FileNotFoundError):
                (self.directory / entry).unlink()

    def publish(self, part: Path) -> Path:
        """Make a finished file, which nobody has open, the live one. The one before it is kept, older ones
        are removed."""
        path = part.with_suffix("")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        before = self.live()
        part.rename(path)
        self.point_at(path)
        self._keep_only(path, before)
        return path

    def _keep_only(self, *kept: Path | None) -> None:
        for match in filter(None, map(self._ours.match, self._entries())):
            if (path := self.path(int(match[1]))) not in kept:
                _remove(path)

    def point_at(self, path: Path) -> None:
        """Turn the link round, whole or not at all."""
        new = self.directory / f".{self.name}.{os.getpid()}.link"
        new.unlink(missing_ok=True)
        new.symlink_to(path.name)
        new.replace(self.link)
        directory = os.open(self.directory, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else makes it, or turns the link round, meanwhile. Raises Unavailable if somebody does."""
        try:
            self.directory.mkdir(mode=0o700, exist_ok=True)
            lock = os.open(self.directory / f"{self.name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unavailable(f"{self.directory} can't be written: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(
                f"{self.name} is being made or checked by somebody else; wait until that is done."
            ) from None
        else:
            yield
        finally:
            os.close(lock)


def _remove(path: Path) -> None:
    """Remove a file of SQLite's and those beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
