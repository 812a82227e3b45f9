"""Where the data are: the directory and its disk, whose the files are, who uses them, and what was left
unfinished there."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

from milena.ops.health import Check, rights, size_of
from milena.store.compacting import PART
from milena.store.locking import RESTORING

LEAST_SPACE = 100_000_000
"""Bytes on the disk; below that, it is time to make room."""
LEAST_FILES = 1000
"""More files that the disk takes."""
LOCKS = Path("/proc/locks")
"""https://man7.org/linux/man-pages/man5/proc_locks.5.html"""
ELSEWHERE = ("nfs", "cifs", "smb", "afs", "ceph", "gluster", "davfs", "fuse.")
"""How the types of file systems begin that are another machine's, or no real ones: SQLite's WAL needs memory
that all its users share, and locks that hold. https://sqlite.org/wal.html"""
IN_MEMORY = ("tmpfs", "ramfs")
FOLDERS = ("projections", "logs", "archive", "backups")


def check_directory(directory: Path, least: float = 0) -> Iterator[Check]:
    """The data directory: its rights, and the room on its disk, of which ``least`` bytes must be free."""
    if not os.path.exists(directory):
        yield Check("data directory", f"{directory}: none yet; it is made when a game is played")
    elif not directory.is_dir():
        yield Check("data directory", f"{directory} is not a directory", "problem", "choose another --data")
    elif not os.access(directory, os.W_OK | os.X_OK):
        yield Check("data directory", f"{directory} can't be written", "problem", "check whose it is")
    else:
        yield rights("data directory", directory, 0o700)
    there = next(path for path in (directory, *directory.absolute().parents) if os.path.exists(path))
    free, files = shutil.disk_usage(there).free, os.statvfs(there)
    if free < max(least, LEAST_SPACE):
        yield Check("free space", size_of(free), "problem", "make room: a full disk stops all games")
    elif files.f_files and files.f_favail < LEAST_FILES:
        found = f"{size_of(free)}, but only for {files.f_favail} more files"
        yield Check(
            "free space", found, "problem", "remove files: the disk takes only so many, however small"
        )
    else:
        yield Check("free space", size_of(free))


def check_file_system(directory: Path, kind: str | None = None) -> Iterator[Check]:
    """``kind``: its type; where that is not known, nothing is said."""
    kind = _kind(directory) if kind is None else kind
    if kind.startswith(ELSEWHERE):
        remedy = "put the data on a disk of this machine: there the log can be damaged"
        yield Check("file system", f"{kind}: not this machine's own disk", "problem", remedy)
    elif kind in IN_MEMORY and not directory.absolute().is_relative_to(tempfile.gettempdir()):
        yield Check("file system", f"{kind}: gone at the next boot", "problem", "put the data on a disk")
    elif kind == "overlay":
        remedy = "mount a volume at the data directory, if this container is not meant to be thrown away"
        yield Check("file system", f"{kind}: a container's own, and gone with it", "note", remedy)
    elif kind:
        yield Check("file system", kind)


def _kind(directory: Path) -> str:
    path, found, longest = directory.resolve(), "", -1
    for each in psutil.disk_partitions(all=True):
        if path.is_relative_to(each.mountpoint) and len(each.mountpoint) >= longest:
            found, longest = each.fstype, len(each.mountpoint)
    return found


def check_owner(directory: Path) -> Iterator[Check]:
    """Whose the directory is, and whether all that is in it is that one's."""
    if not directory.is_dir():
        return
    owner = directory.stat().st_uid
    name = _name(owner)
    try:
        others = [path for path in _files(directory) if path.stat().st_uid != owner]
    except OSError:
        others = []  # it went, or can't be looked at, which was told above
    if others:
        whose = _name(others[0].stat().st_uid)
        found = f"{len(others)} not {name}'s, whose the directory is: {others[0]} is {whose}'s"
        yield Check("owner", found, "problem", f"as root: chown -R {name} {directory}")
    elif os.geteuid() not in (0, owner):
        remedy = f"run Milena as that one: sudo -u {name} milena ..."
        yield Check("owner", f"{name}, and you are {_name(os.geteuid())}", "problem", remedy)
    else:
        yield Check("owner", name)


def _files(directory: Path) -> Iterable[Path]:
    for folder in (directory, *(directory / name for name in FOLDERS)):
        if folder.is_dir() and os.access(folder, os.R_OK | os.X_OK):
            yield from (path for path in folder.iterdir() if path.exists())


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def check_use(directory: Path) -> Iterator[Check]:
    """Who has the directory, by the system's locks, which end with their processes; and what was begun by one
    who was killed."""
    if not directory.is_dir():
        return
    using, alone = _locks(directory)
    if alone:
        found = f"process {_listed(alone)} has it alone: it restores, upgrades, or makes the log smaller"
        yield Check("use", found, "note", "wait until that is done")
        return
    if LOCKS.exists():
        yield Check("use", f"by process {_listed(using)}" if using else "nobody uses it now")
    if left := sorted(directory.glob(f"{RESTORING}*")):
        remedy = "run 'milena backup restore' again, which finishes it"
        yield Check("unfinished", f"a restore was cut short: {left[0]}", "problem", remedy)
    if left := sorted(directory.glob(f"*{PART}")):
        remedy = "milena archive --compact, when Milena is stopped, does it and removes that file"
        yield Check("unfinished", f"the log was not made smaller to the end: {left[0]}", "problem", remedy)


def _locks(directory: Path) -> tuple[set[int], set[int]]:
    """The processes that share the directory, and the one that has it alone."""
    status = directory.stat()
    wanted = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    found: dict[str, set[int]] = {"READ": set(), "WRITE": set()}
    try:
        lines = LOCKS.read_text().splitlines()
    except OSError:
        return set(), set()
    for line in lines:
        fields = line.split()
        if len(fields) >= 6 and fields[1] == "FLOCK" and fields[5] == wanted:
            found.setdefault(fields[3], set()).add(int(fields[4]))
    return found["READ"], found["WRITE"]


def _listed(pids: set[int]) -> str:
    return ", ".join(map(str, sorted(pids)))
