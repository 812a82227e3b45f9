"""How the Milena that runs is, told to other processes: a small file in the data directory."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from milena.ops.sample import Sample

FILE = "status.json"
LATE = 3
"""A status is stale when it should have been told so many times since."""


class Held(Struct, frozen=True):
    """A budget, and how it stands."""

    name: str
    title: str
    unit: str
    limit: float
    crossed: bool
    actions: tuple[str, ...]
    least: bool = False


class Status(Struct, frozen=True):
    """``started``, ``told`` in seconds since 1970; ``every`` so many seconds it is told anew.
    ``trouble``: why the log can't be written. ``samples`` are the last ones, oldest first."""

    pid: int
    version: str
    shards: str
    started: float
    told: float
    every: float
    ended: bool
    trouble: str
    budgets: tuple[Held, ...]
    samples: tuple[Sample, ...]

    def is_stale(self, now: float) -> bool:
        return self.ended or not 0 <= now - self.told + 1 <= LATE * self.every + 1


def tell(directory: Path, status: Status, name: str = FILE) -> None:
    """Write it in one piece. Raises OSError."""
    new = directory / f"{name}.{os.getpid()}.new"
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(status))
        os.replace(new, directory / name)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise


def read(directory: Path) -> list[Status]:
    """Of every process that ran here and told, the latest first. What can't be read is left out."""
    found = []
    for file in directory.glob("status*.json"):
        with suppress(OSError, msgspec.MsgspecError):
            found.append(msgspec.json.decode(file.read_bytes(), type=Status))
    return sorted(found, key=lambda each: each.told, reverse=True)


def shown(directory: Path) -> list[dict[str, Any]]:
    """What the process that told last uses, as plain data (see milena.domain.command.Sight); empty where
    none runs."""
    found = next((each for each in read(directory) if not each.is_stale(time.time())), None)
    if found is None:
        return []
    return [
        {
            "title": each.title,
            "unit": each.unit,
            "values": [sample.values[each.name] for sample in found.samples],
            "limit": each.limit,
            "crossed": each.crossed,
        }
        for each in found.budgets
    ]


def file_name(shards: str) -> str:
    """Processes that share a log by shards have a file each."""
    return f"status-{shards.replace('/', '-of-')}.json" if shards else FILE
