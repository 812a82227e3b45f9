"""Disks that can be filled and emptied again.

Whoever may mount gets a small file system of its own, which is the real thing. The limit on the size
of a file works for everybody; SQLite hears of it as of a disk that refuses to write.
"""

import errno
import os
import resource
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory


class SmallFileSystem:
    """A tmpfs of 48 MB at ``path``."""

    full = "The disk is full, so nothing was written; free some space and try again."

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "SmallFileSystem":
        self.path.mkdir()
        _mount("-t", "tmpfs", "-o", "size=48m", "tmpfs", str(self.path))
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)

    def fill(self, leave: int = 0) -> None:
        """Until only ``leave`` bytes more fit."""
        with (self.path / "ballast").open("ab", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        ballast.write(bytes(size))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
            ballast.truncate(ballast.tell() - leave)

    def make_room(self) -> None:
        (self.path / "ballast").unlink()

    def forbid_writing(self) -> None:
        _mount("-o", "remount,ro", str(self.path))


class LimitedFiles:
    """The folder ``path``, and a limit on how large any file of this process may become."""

    full = "The disk refused (disk I/O error), so nothing was written; check it, try again."

    def __init__(self, path: Path) -> None:
        self.path = path
        self.limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def __enter__(self) -> "LimitedFiles":
        self.path.mkdir()
        return self

    def __exit__(self, *_: object) -> None:
        self.make_room()

    def fill(self, leave: int = 0) -> None:
        """No file may grow by more than ``leave`` bytes beyond what the largest one has."""
        largest = max((file.stat().st_size for file in self.path.rglob("*") if file.is_file()), default=0)
        self.limit(largest + leave)

    def limit(self, size: int) -> None:
        """No file may grow beyond ``size`` bytes."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, self.limits[1]))

    def make_room(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self.limits)


Disk = SmallFileSystem | LimitedFiles


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def _can_mount() -> bool:
    if os.geteuid() != 0:
        return False
    with TemporaryDirectory() as folder:
        try:
            with SmallFileSystem(Path(folder) / "try"):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


CAN_MOUNT = _can_mount()
DISKS: list[type[SmallFileSystem] | type[LimitedFiles]] = (
    [SmallFileSystem, LimitedFiles] if CAN_MOUNT else [LimitedFiles]
)
