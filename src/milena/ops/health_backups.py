"""Whether there is a way back: what ``milena doctor`` tells of the backups."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from milena.ops.backup import backups, folder_of
from milena.ops.health import Check, rights, size_of
from milena.ops.retention import BackupPolicy
from milena.store.errors import Unavailable

LATE = timedelta(minutes=30)
"""So much later than it is due a backup may be made: it takes a while, and one that failed is tried again."""
OLD = timedelta(days=7)
"""Where nothing makes them."""
FILES = ("events.db", "events.db-wal", "vault.db")


def check_backups(home: Path, policy: BackupPolicy, now: float) -> Iterator[Check]:
    """Those of the data directory ``home``; ``now`` in seconds since 1970."""
    needed = sum((home / name).stat().st_size for name in FILES if (home / name).exists())
    if not needed:
        yield Check("backups", "nothing to back up yet")
        return
    folder = folder_of(home)
    try:
        made = backups(folder)
    except Unavailable as error:
        yield Check("backups", str(error), "problem", "see to the rights of that folder")
        return
    if not made:
        remedy = "milena backup create makes one; [backup] every makes them by itself"
        asked = f", though one is wanted every {policy.every} hours" if policy.every else ""
        yield Check("backups", f"none in {folder}{asked}", "problem" if policy.every else "note", remedy)
        return
    last, when = list(made.items())[-1]
    age = max(timedelta(), datetime.fromtimestamp(now, UTC) - when)
    told = f"{len(made)} in {folder}, the last one {_span(age)} old"
    if policy.every and age > timedelta(hours=policy.every) + LATE:
        remedy = "is Milena running? 'milena errors list' tells what fails; 'milena backup create' makes one"
        yield Check("backups", f"{told}: one is wanted every {policy.every} hours", "problem", remedy)
    elif not policy.every and age > OLD:
        yield Check("backups", told, "note", "milena backup create; [backup] every makes them by itself")
    else:
        yield Check("backups", told)
    yield rights("backup rights", folder, 0o700)
    yield from _disk(home, folder, needed + last.stat().st_size)


def _disk(home: Path, folder: Path, needed: int) -> Iterator[Check]:
    free = shutil.disk_usage(folder).free
    if free < needed:
        found = f"{size_of(free)} free, and the next backup takes up to {size_of(needed)} while it is made"
        yield Check("backup disk", found, "problem", "make room, or name another folder in MILENA_BACKUPS")
    elif folder.stat().st_dev == home.stat().st_dev:
        remedy = "name a folder on another disk in MILENA_BACKUPS, or copy them to another machine"
        yield Check("backup disk", "the same as that of the data: what breaks it takes both", "note", remedy)
    else:
        yield Check("backup disk", "another one than that of the data")


def _span(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours < 48 else f"{age.days} days"
