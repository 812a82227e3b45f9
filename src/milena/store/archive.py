"""Archives: files that ended games were moved to, and how a game is read from one.

An archive is JSON Lines, compressed with gzip: ``archive/0001-2026-03.jsonl.gz`` in the data directory. A
line is an event, as the very text that was hashed (see :mod:`milena.store.envelope`); its hash stays in the
log. The events of a game follow one another, as a gzip member of their own: several of these are
a gzip file, so ``zcat`` reads all of it, and one game can be read without the others.

Where each game begins, how long it is and its SHA-256 say the tables ``archives`` and ``archived_games`` of
the log. What a file has there is not unpacked before its sum is right, and nothing in it is looked for
otherwise: so a file may come from a stranger.
"""

import gzip
import re
import zlib
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from milena.store.envelope import GENESIS, line, link
from milena.store.errors import Damaged

FOLDER = "archive"
MAKING = "making"
"""Where in it a file is until it is complete, and entered in the log."""
ROOM = "room"
"""A file in it, which says that the log has room of events that were moved."""
NAME = re.compile(r"(\d{4,9})-\d{4}-\d{2}\.jsonl\.gz")
LONGEST = 64 << 20
"""Bytes of one game, packed or not. A longer one stays in the log."""
CHUNK = 1 << 20

Row = tuple[int, str, int, str, str, int, str, str, str, int | None, str | None]
"""The fields of an Envelope, ``hash`` left out."""
_decode = msgspec.json.Decoder(Row).decode


class Archive(NamedTuple):
    """A row of the table ``archives``: ``size`` in bytes, ``time`` in ms since 1970."""

    number: int
    file: str
    size: int
    sha256: bytes
    games: int
    events: int
    time: int


class Packed(NamedTuple):
    """Where a game is: ``length`` bytes of ``file`` from ``start`` on, which have this SHA-256."""

    file: str
    stream: str
    events: int
    start: int
    length: int
    sha256: bytes


PACKED = (
    "SELECT file, stream, archived_games.events, start, length, archived_games.sha256 "
    "FROM archived_games JOIN archives ON number = archive"
)
"""The fields of a Packed, from the log."""


def pack(rows: list[tuple[Any, ...]]) -> bytes | None:
    """The part of a file that holds a game; None where that would be too long to be read again."""
    text = b"".join(line(row) + b"\n" for row in rows)
    packed = gzip.compress(text, mtime=0)
    return None if max(len(text), len(packed)) > LONGEST else packed


def read(folder: Path, packed: Packed) -> list[Row]:
    """The events of a game, in order. Raises Damaged where the file is missing, or not what was written."""
    path = path_of(folder, packed.file)
    try:
        status = path.stat()
        return _read(path, packed, (status.st_ino, status.st_mtime_ns, status.st_size))
    except OSError as error:
        raise missing(path, error) from error


@lru_cache(maxsize=4)  # a game is mostly asked for several times in a row
def _read(path: Path, packed: Packed, _: tuple[int, ...]) -> list[Row]:
    if not 0 < packed.length <= LONGEST:
        raise damaged(path, packed.stream)
    with path.open("rb") as file:
        file.seek(packed.start)
        part = file.read(packed.length)
    if sha256(part).digest() != packed.sha256:
        raise damaged(path, packed.stream)
    try:
        unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        text = unpacking.decompress(part, LONGEST)
        rows = [_decode(each) for each in text.splitlines()]
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise damaged(path, packed.stream) from error
    expected = [(packed.stream, version) for version in range(1, packed.events + 1)]
    if not unpacking.eof or unpacking.unused_data or [row[1:3] for row in rows] != expected:
        raise damaged(path, packed.stream)
    return rows


def path_of(folder: Path, file: str) -> Path:
    """The path of an archive. Raises Damaged for a name that no archive has."""
    if NAME.fullmatch(file) is None:
        raise Damaged(f"The log names an archive {file[:60]!r}, and none is called that; restore a backup.")
    return folder / file


def placed(folder: Path, file: str) -> Path:
    """The path of an archive where it is: one that was entered in the log just now may not be in its place
    yet."""
    path, making = path_of(folder, file), path_of(folder / MAKING, file)
    return path if path.exists() or not making.exists() else making


def check_chain(rows: list[Row], hashes: dict[int, bytes]) -> None:
    """Whether each event has the hash that the log gives it, behind the one before it: ``hashes`` by
    position. Raises Damaged."""
    for row in rows:
        previous = hashes.get(row[0] - 1) if row[0] > 1 else GENESIS
        if previous is None or link(previous, row) != hashes.get(row[0]):
            raise Damaged(f"position {row[0]}: its hash does not follow", row[0])


def around(rows: list[Row]) -> list[int]:
    """The positions whose hashes :func:`check_chain` needs."""
    return sorted({position for row in rows for position in (row[0] - 1, row[0])})


def check_sum(folder: Path, archive: Archive) -> None:
    """Raises Damaged where an archive is missing, or is another file than the one that was written."""
    path = path_of(folder, archive.file)
    try:
        found = summed(path)
    except OSError as error:
        raise missing(path, error) from error
    if found != (archive.size, archive.sha256):
        raise damaged(path)


def summed(path: Path) -> tuple[int, bytes]:
    """The size of a file, and its SHA-256. Raises OSError."""
    size, total = 0, sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            total.update(chunk)
    return size, total.digest()


class Missing(Damaged):
    """An archive is not there: it may come back."""


def missing(path: Path, error: OSError) -> Missing:
    return Missing(
        f"The archive {path} can't be read ({error.strerror}); put it back, or restore it from a backup."
    )


def damaged(path: Path, stream: str = "") -> Damaged:
    what = f" at {stream}" if stream else ""
    return Damaged(
        f"The archive {path} is damaged{what}: it is not what was written; restore it from a backup."
    )
