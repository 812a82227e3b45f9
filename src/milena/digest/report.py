"""What has happened in some time, and how Milena is now: gathered from whatever knows it, as plain data.

Nothing of it is secret, and nobody's name or words are in it.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from milena import __version__
from milena.aggregates import BUDGETS
from milena.digest.calls import Calls, called
from milena.domain.budget import BudgetCrossed
from milena.domain.refusal import Refused
from milena.home import Home
from milena.ops import backup
from milena.ops.errors import FILE
from milena.ops.errors_db import Happened, happened
from milena.ops.resources import sizes, store_sizes
from milena.readside import ReadSide
from milena.store import StoreError

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds for a read model to take in what is in the log."""


class Crossing(Struct, frozen=True):
    """A budget was crossed or kept again: ``value`` and ``limit`` when it was last, ``crossed``: still."""

    budget: str
    times: int
    crossed: bool
    value: float
    limit: float


class Games(Struct, frozen=True):
    """``opened`` and ``ended`` in that time; ``playing``, ``waiting`` and set ``aside`` now."""

    opened: int
    ended: int
    playing: int
    waiting: int
    aside: int


class ReadModel(Struct, frozen=True):
    """``lag``: events that are not in it yet; ``letters``: those that can't be taken in."""

    name: str
    condition: str
    lag: int
    letters: int


class Copy(Struct, frozen=True):
    """A backup; it has its name since it was checked. ``time`` in ms since 1970."""

    name: str
    time: int
    size: int


class Room(Struct, frozen=True):
    """Bytes: of the log and what is made of it, of log files, of backups; ``free`` on the disk."""

    store: int
    logs: int
    backups: int
    free: int


class Report(Struct, frozen=True):
    """``since`` and ``until`` in ms since 1970. ``trouble``: why the log can't be written; ``unknown``: what
    could not be found out, and why."""

    version: str
    since: int
    until: int
    trouble: str
    failures: list[Happened]
    budgets: list[Crossing]
    commands: list[Calls]
    games: Games | None
    read_models: list[ReadModel]
    backup: Copy | None
    room: Room | None
    unknown: list[str]


def report(home: Home, readside: ReadSide, since: int, until: int, trouble: str = "") -> Report:
    """Of ``since`` up to ``until``. Never raises for what can't be read: it is said to be unknown."""
    unknown: list[str] = []
    with suppress(StoreError):  # then it is told as it stands
        head = home.store.head().position
        for name in readside.models:
            readside.wait(name, head, PATIENCE)

    def tried(what: str, find: Callable[[], T], otherwise: T) -> T:
        try:
            return find()
        except (StoreError, OSError, Refused) as error:
            unknown.append(f"{what}: {error}")
            return otherwise

    return Report(
        __version__, since, until, trouble,
        tried("failures", lambda: happened(home.path / FILE, since, until), []),
        tried("budgets", lambda: crossings(home, since, until), []),
        tried("commands", lambda: called(home.store, readside, since, until), []),
        tried("games", lambda: _games(readside, since, until), None),
        tried("read models", lambda: _read_models(readside), []),
        tried("backups", lambda: _backup(home.path), None),
        tried("room", lambda: _room(home.path), None),
        unknown,
    )  # fmt: skip


def crossings(home: Home, since: int, until: int) -> list[Crossing]:
    """Of every budget that was crossed or kept again in that time. Raises StoreError."""
    found = []
    for key in home.store.streams(BUDGETS.kind):
        rows = home.store.rows(
            "SELECT tag, payload ->> '$.value', payload ->> '$.limit' FROM events "
            "WHERE stream = ? AND time >= ? AND time < ? ORDER BY version",
            (f"{BUDGETS.kind}:{key}", since, until),
        )
        if rows:
            times = sum(tag == BudgetCrossed.tag for tag, _, _ in rows)
            tag, value, limit = rows[-1]
            found.append(Crossing(key, times, tag == BudgetCrossed.tag, value, limit))
    return found


def _games(readside: ReadSide, since: int, until: int) -> Games:
    question = readside.question("games", "counted")
    with readside.asking("games", None) as asking:
        return Games(*asking.ask(question, {"since": since, "until": until}).rows[0])


def _read_models(readside: ReadSide) -> list[ReadModel]:
    return [ReadModel(each.model, each.condition, each.lag, each.letters) for each in readside.status()]


def _backup(home: Path) -> Copy | None:
    made = backup.backups(backup.folder_of(home))
    if not made:
        return None
    path, time = list(made.items())[-1]
    return Copy(path.name.removesuffix(backup.SUFFIX), round(time.timestamp() * 1000), path.stat().st_size)


def _room(home: Path) -> Room:
    logs = sizes([home / "logs"], ("",))
    backups = sizes([backup.folder_of(home)], (backup.SUFFIX,))
    store, free = store_sizes(home), shutil.disk_usage(home).free
    return Room(sum(store.values()), sum(logs.values()), sum(backups.values()), free)
