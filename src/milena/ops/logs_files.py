"""The folder of log files: what may be written, when a file is full, and which ones have to go.

A file is full at a size, and at the end of the day (UTC): then it is compressed beside the new one. A day
has a cap, and so has the folder. What would pass the day's is dropped; what would pass the folder's costs the
oldest files. A flood of small things must not push out the rare and important ones, so each file may use the
day's cap up to a share of its own.
"""

import gzip
import os
import shutil
import struct
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock, RLock, Thread
from typing import IO, Any, NamedTuple

SHARES = {"debug": 0.7, "milena": 0.8, "errors": 0.9, "audit": 1.0}
"""The log files, and up to which part of the day's cap each may be written."""
LOOKS = 20
"""So often is the folder looked at while a day's cap is used up: others may write there too."""
DAY = 24 * 3600


class Caps(NamedTuple):
    """``file``, ``day`` and ``total`` in bytes, before compression but for the total; ``days`` that a file
    is kept."""

    file: int
    day: int
    total: int
    days: int


class Folder:
    """The folder ``path``. Safe to use from any thread."""

    def __init__(self, path: Path, caps: Caps) -> None:
        self.path = path
        # Four files are written, one may be in compression beside its copy: so many fit into the total.
        self.caps = caps._replace(file=max(1, min(caps.file, caps.total // 8, caps.day)))
        self._lock = RLock()  # a signal's handler may log while this thread has it
        self._packing: list[Thread] = []
        self._packer = Lock()
        self._day = 0
        self._today = 0
        """Bytes that were written on this day."""
        self._used = 0
        """Bytes of all the files, as they were last seen, and what we wrote since."""
        self._unseen = 0
        """Bytes that we wrote since the folder was last looked at."""

    def file(self, name: str) -> Path:
        return self.path / ("milena.jsonl" if name == "milena" else f"{name}.jsonl")

    def admits(self, name: str, size: int) -> bool:
        """Whether ``size`` bytes more may be written to a file; makes room for them. Then they count."""
        with self._lock:
            day = _today()
            if day != self._day:
                self._day, self._today = day, 0
                self._look()
            elif self._unseen > self.caps.day // LOOKS:
                self._look()
            if self._today + size > SHARES[name] * self.caps.day:
                return False
            room = self.caps.total - 2 * self.caps.file
            if self._used + size > room:
                self._look()
                self._make_room(room - size)
                if self._used + size > room:
                    return False
            self._today += size
            self._used += size
            self._unseen += size
            return True

    def is_full(self, message: str, file: IO[Any]) -> bool:
        """Whether a file has to be closed before this message: it is full, or of an earlier day."""
        found = os.fstat(file.fileno())
        if not found.st_size:
            return False
        return found.st_size + len(message.encode()) > self.caps.file or found.st_mtime // DAY < _today()

    def pack(self, path: str) -> None:
        """Compress a file that is full, aside: nobody waits for it. One at a time, as each needs room."""

        def in_turn() -> None:
            with self._packer:
                _pack(Path(path))

        self._packing = [each for each in self._packing if each.is_alive()]
        thread = Thread(target=in_turn, name="milena-log-packer")
        with suppress(RuntimeError):  # too late for a thread, or too many: it stays as it is
            thread.start()
            self._packing.append(thread)

    def tidy(self) -> None:
        """Remove what is too old, and what is too much."""
        with self._lock:
            self._look()
            self._make_room(self.caps.total - 2 * self.caps.file)

    def close(self) -> None:
        """Wait for what is being compressed."""
        for thread in self._packing:
            thread.join()

    def _look(self) -> None:
        """See what there is, whoever wrote it."""
        found = list(_files(self.path))
        self._used = sum(status.st_size for _, status in found)
        written = sum(
            _length(path, status)
            for path, status in found
            if status.st_mtime // DAY == self._day
            and path.suffix != ".part"  # its lines are still in the other
        )
        self._today = max(self._today, written)
        self._unseen = 0

    def _make_room(self, room: int) -> None:
        """Remove what is too old, and the oldest until what is left fits; not what is being written."""
        current = {self.file(name) for name in SHARES}
        oldest = time.time() - self.caps.days * DAY
        for path, status in sorted(_files(self.path), key=lambda each: each[1].st_mtime):
            if path in current or (self._used <= room and status.st_mtime >= oldest):
                continue
            with suppress(OSError):
                path.unlink()
                self._used -= status.st_size


def _today() -> int:
    """Days since 1970."""
    return int(time.time() // DAY)


def _files(folder: Path) -> "list[tuple[Path, os.stat_result]]":
    """The log files in a folder; nothing else that lies there."""
    found = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name, _, rest = entry.name.partition(".")
            if name in SHARES and rest.endswith(("jsonl", "jsonl.gz", "jsonl.part")):
                with suppress(OSError):  # somebody was first
                    found.append((Path(entry.path), entry.stat()))
    return found


def _length(path: Path, status: os.stat_result) -> int:
    """Bytes of a file before it was compressed: gzip notes them in its last four bytes (RFC 1952)."""
    if path.suffix != ".gz":
        return status.st_size
    with suppress(OSError, struct.error), path.open("rb") as file:
        file.seek(-4, os.SEEK_END)
        length: int = struct.unpack("<I", file.read(4))[0]
        return length
    return status.st_size


def _pack(path: Path) -> None:
    """``x.jsonl`` becomes ``x.jsonl.gz``, with its time. Where that can't be, it stays as it is."""
    packed, part = path.with_name(f"{path.name}.gz"), path.with_name(f"{path.name}.part")
    try:
        status = path.stat()
        with (
            path.open("rb") as plain,
            open(part, "wb", opener=private) as out,
            gzip.GzipFile(path.name, "wb", 6, out, status.st_mtime) as zipped,
        ):
            shutil.copyfileobj(plain, zipped, 1 << 16)
        os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))
        path.unlink()  # first: one that was removed meanwhile, to make room, must not come back
        part.replace(packed)
    except OSError:  # no room, or it was removed: what is left is removed in its time
        with suppress(OSError):
            part.unlink()


def private(path: str | os.PathLike[str], flags: int) -> int:
    """Opens a file that is its owner's only."""
    return os.open(path, flags, 0o600)
