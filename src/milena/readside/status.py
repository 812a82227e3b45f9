"""Where a read model stands."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from milena.readside.disk import look
from milena.readside.log import Log
from milena.readside.model import Model
from milena.readside.own import Spoilt, Stamp, read_letters, read_stamp
from milena.readside.shelf import Shelf

Condition = Literal["good", "missing", "other version", "newer", "other log", "damaged"]


class Status(Struct, frozen=True):
    """One read model.

    ``version``     of this release; ``made_with`` that of the file, where there is one
    ``position``    up to here the events are in it; ``lag`` so many of the log's are not
    ``size``        bytes of its file
    ``made``        when the file was made, in ms since 1970
    ``letters``     events that could not be taken in and wait for somebody; ``dropped``: left out for good
    ``generation``  the number of the live file, ``previous`` that of the one to roll back to
    """

    model: str
    title: str
    condition: Condition
    version: int
    position: int = 0
    lag: int = 0
    size: int = 0
    made: int = 0
    made_with: int | None = None
    letters: int = 0
    dropped: int = 0
    generation: int | None = None
    previous: int | None = None


def status(model: Model, shelf: Shelf, log: Log) -> Status:
    """Looks and never touches."""
    live, head = shelf.live(), log.head()
    if live is None:
        return Status(model.name, model.title, "missing", model.version, lag=head)
    previous = shelf.previous()
    found: dict[str, Any] = {
        "size": sum(_size(live.with_name(live.name + suffix)) for suffix in ("", "-wal")),
        "generation": shelf.number(live),
        "previous": shelf.number(previous) if previous else None,
    }
    try:
        with closing(look(live)) as db:
            stamp, letters = read_stamp(db), read_letters(db)
    except (sqlite3.Error, Spoilt):
        return Status(model.name, model.title, "damaged", model.version, lag=head, **found)
    dropped = sum(1 for letter in letters if letter.dropped)
    return Status(
        model.name,
        model.title,
        _condition(model, stamp, log),
        model.version,
        position=stamp.position,
        lag=max(0, head - stamp.position),
        made=stamp.made,
        made_with=stamp.version,
        letters=len(letters) - dropped,
        dropped=dropped,
        **found,
    )


def _condition(model: Model, stamp: Stamp, log: Log) -> Condition:
    if stamp.version > model.version:
        return "newer"
    if stamp.fingerprint != model.fingerprint:
        return "other version"
    if stamp.position and log.hash(stamp.position) != stamp.hash:
        return "other log"
    return "good"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
