"""The files of the store together: the format that each has, and how they become those of this release."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from milena.store import schema, vault
from milena.store.copying import leave_wal
from milena.store.envelope import HEAD, Head, head
from milena.store.errors import StoreError
from milena.store.formats import Format, look, stamp, uri
from milena.store.sqlite import connect, explained

LOG, VAULT = "events.db", "vault.db"


class Found(NamedTuple):
    """The format of a file, and the one of this release that is ``known``; ``migrations`` lie between."""

    version: int
    known: int
    migrations: Sequence[str]


def formats() -> dict[str, Format]:
    """Of this release, by file."""
    return {LOG: schema.format(), VAULT: vault.format()}


def found(home: Path) -> dict[str, Found]:
    """The files that are there, and Milena's. What is wrong with another one is told by whoever opens it."""
    there = {}
    for name, format in formats().items():
        try:
            if not (home / name).exists() or not (home / name).stat().st_size:
                continue
            with explained(name), closing(look(home / name)) as db:
                says = stamp(db)
        except (OSError, StoreError):
            continue
        if says.application == format.application and not says.is_empty:
            there[name] = Found(says.version, format.version, format.migrations[says.version :])
    return there


def ends(home: Path) -> Head:
    """Where the log ends. Raises StoreError."""
    if not (home / LOG).exists():
        return head(None)
    with explained(str(home / LOG)), closing(look(home / LOG)) as db:
        return head(None if stamp(db).is_empty else db.execute(HEAD).fetchone())


def stranger(home: Path, after: int, known: Mapping[str, int]) -> tuple[int, str] | None:
    """The first event behind a position whose tag is not ``known``, or whose shape is newer than the one that
    is: its position and tag."""
    sql = (
        "SELECT min(position), tag, coalesce(payload ->> '$.class_version', 1) AS shape FROM events "
        "WHERE position > ? GROUP BY tag, shape ORDER BY 1"
    )
    with explained(str(home / LOG)), closing(look(home / LOG)) as db:
        for position, tag, shape in db.execute(sql, (after,)):
            if shape > known.get(tag, 0):
                return position, tag
    return None


def settle(home: Path) -> None:
    """Raises Unavailable where another program has one of the files open, such as a Milena before 0.3, which
    does not know the lock of the directory."""
    for name in (LOG, VAULT):
        leave_wal(home / name)


def migrate(home: Path) -> None:
    """Bring both files to this release, each whole or not at all: the larger first, for which there may be no
    room."""
    if (home / LOG).exists():
        with explained(str(home / LOG)), closing(connect(uri(str(home / LOG)))) as db:
            schema.migrate(db, str(home / LOG))
    if (home / VAULT).exists():
        vault.Vault(home / VAULT).close()
