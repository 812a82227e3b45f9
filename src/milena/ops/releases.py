"""Which releases of Milena were used on a data directory: ``releases.jsonl``, a line for each change.

An older release that comes after a newer one finds there what to install instead, and the backup that was
made before the newer one changed anything.
"""

import os
import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from milena import __version__

FILE = "releases.jsonl"


class Release(Struct, frozen=True, omit_defaults=True):
    """``milena``    a release that began to be used
    ``time``      when, in ms since 1970
    ``position``  where the log ended then
    ``formats``   the formats of the files that it found, by name
    ``backup``    the backup that it made before it changed anything
    """

    milena: str
    time: int
    position: int
    formats: dict[str, int] = {}
    backup: str = ""

    @property
    def day(self) -> str:
        return f"{datetime.fromtimestamp(self.time / 1000, UTC):%Y-%m-%d}"

    @property
    def is_newer(self) -> bool:
        """Than the one that runs."""
        return _numbers(self.milena) > _numbers(__version__)


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", release)[:3])


def releases(home: Path) -> list[Release]:
    """In the order in which they were used. A line that can't be read is passed over."""
    try:
        lines = (home / FILE).read_bytes().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            found.append(msgspec.json.decode(line, type=Release))
    return found


def newer(home: Path) -> list[Release]:
    """Those that were used last, where they are newer than this one; oldest first."""
    found: list[Release] = []
    for release in reversed(releases(home)):
        if not release.is_newer:
            break
        found.insert(0, release)
    return found


def note(home: Path, position: int, formats: dict[str, int], backup: Path | None = None) -> None:
    """Write down that this release begins to be used; it is on the disk when this returns. Raises OSError."""
    now = time.time_ns() // 1_000_000
    release = Release(__version__, now, position, formats, str(backup or ""))
    file = os.open(home / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, msgspec.json.encode(release) + b"\n")
        os.fsync(file)
    finally:
        os.close(file)


def remedy(home: Path) -> str:
    """What to do about what a newer release wrote: what to install, or the backup of before where it is still
    there."""
    found = newer(home)
    if found:
        last = found[-1]
        sentence = f"Milena {last.milena} was used here since {last.day}; install that one, or a newer one"
    else:
        sentence = "a newer Milena wrote it; install that one"
    backups = [each.backup for each in found if each.backup and Path(each.backup).exists()]
    if backups:
        sentence += f", or go back to the backup of before: 'milena backup restore {backups[0]}'"
    return f"{sentence}."
