"""Whether the machine is one that Milena can live on: its clock, its memory, and what a process may have."""

import resource
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
from msgspec import Struct

from milena.ops.health import Check, size_of
from milena.store import StoreError, sqlite
from milena.store.formats import look

LATER = 60.0
"""Seconds by which what has happened may be later than now."""
SYSTEMD, SYNCHRONIZED = Path("/run/systemd/system"), Path("/run/systemd/timesync/synchronized")
"""There where systemd runs, and once it has set the clock. A container has neither, and can't know."""
KEEPERS = {"chronyd", "ntpd", "ntpd-rs", "ntp-daemon", "openntpd", "ptp4l"}
"""Other programs that keep a clock right."""
LEAST_OPEN = 256
"""Files and connections that a process needs to have open, at most."""
SMALL = 1_000_000_000
"""Bytes of memory, below which it is of use to have swap."""
CONTAINER = Path("/sys/fs/cgroup/memory.max")

SYNCHRONIZE = "let NTP set it: timedatectl set-ntp true"


def check_clock(log: Path, now: float) -> Iterator[Check]:
    """``now`` in seconds since 1970. What is in the log can't be later."""
    shown, last = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M:%S} UTC", _last(log)
    if last is not None and last > now + LATER:
        when = f"{datetime.fromtimestamp(last, UTC):%Y-%m-%d %H:%M:%S}"
        found = f"{shown}, and the log has an event of {when}: the clock is behind, or was ahead"
        yield Check("clock", found, "problem", f"{SYNCHRONIZE}; deadlines and cooldowns go by it")
    elif is_kept() is False:
        yield Check(
            "clock", f"{shown}, and nothing keeps it right, as far as can be seen", "note", SYNCHRONIZE
        )
    else:
        yield Check("clock", shown)


_LAST = """
    SELECT time FROM events WHERE typeof(time) = 'integer' AND time BETWEEN 0 AND ?
    ORDER BY position DESC LIMIT 1
"""
"""In a log that is damaged, what stands there may be no time."""


def _last(log: Path) -> float | None:
    """When the last event happened."""
    if not log.exists():
        return None
    try:
        with sqlite.explained(str(log)), closing(look(log)) as db:
            row = db.execute(_LAST, (datetime.max.replace(tzinfo=UTC).timestamp() * 1000,)).fetchone()
    except StoreError:  # which is told of the log
        return None
    return row[0] / 1000 if row else None


def is_kept() -> bool | None:
    """Whether something keeps the system's clock right; None: nobody knows."""
    if SYNCHRONIZED.exists():
        return True
    if not SYSTEMD.exists():
        return None
    return any(each.info["name"] in KEEPERS for each in psutil.process_iter(["name"]))


class Memory(Struct, frozen=True):
    """Of the machine, or its container, in bytes."""

    total: int
    swap: int
    swapped: int


def memory() -> Memory:
    swap, total = psutil.swap_memory(), psutil.virtual_memory().total
    with suppress(OSError, ValueError):  # there is none, or no limit
        total = min(total, int(CONTAINER.read_text()))
    return Memory(total, swap.total, swap.used)


def check_memory(found: Memory, wanted: float) -> Iterator[Check]:
    """``wanted``: bytes that Milena may use, by her budget; 0: as many as she likes."""
    swap = f"{size_of(found.swapped)} of {size_of(found.swap)} swap used" if found.swap else "no swap"
    told = f"{size_of(found.total)}, {swap}"
    if found.total < wanted:
        remedy = "set budgets.memory below it, so that Milena saves memory before the system ends her"
        yield Check("memory", f"{told}: less than budgets.memory allows", "problem", remedy)
    elif found.swap and found.swapped > found.swap // 2:
        remedy = "see with 'top' what needs so much; what is in swap answers late"
        yield Check("memory", told, "note", remedy)
    elif not found.swap and found.total < SMALL:
        remedy = (
            "add swap (512 MB): else the system ends what needs more memory for a moment, such as a backup"
        )
        yield Check("memory", told, "note", remedy)
    else:
        yield Check("memory", told)


def check_limits(largest: int) -> Iterator[Check]:
    """What this process may have, which the bot inherits where it is started from here. ``largest``: bytes of
    the largest file that Milena has."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    size, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if files != resource.RLIM_INFINITY and files < LEAST_OPEN:
        remedy = "ulimit -n 1024, or LimitNOFILE=1024 in the unit of systemd"
        yield Check("limits", f"{files} open files for each process", "problem", remedy)
    elif size != resource.RLIM_INFINITY:
        found = f"no file may be larger than {size_of(size)}, and the largest has {size_of(largest)}"
        yield Check("limits", found, "problem", "ulimit -f unlimited: the log grows")
    else:
        yield Check("limits", f"{'any number of' if files == resource.RLIM_INFINITY else files} open files")
