"""SQLite files of Milena's: whose they are, which format they have, and how older ones become newer ones.

``user_version`` counts the migrations that a file has had. A migration, once released, is never changed; a
new one is added behind it.
"""

import re
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from milena.store.errors import Damaged, TooNew

_ADDS = re.compile(
    r"\s*(--[^\n]*\n\s*)*"
    r"(CREATE\s|ALTER\s+TABLE\s+\S+\s+ADD\s|DROP\s+(TRIGGER|VIEW)\s)",
    re.IGNORECASE,
)


class Format(NamedTuple):
    """One kind of file. ``what`` it is, for people; ``application``: its application_id."""

    what: str
    application: int
    migrations: Sequence[str]

    @property
    def version(self) -> int:
        """The format of this release."""
        return len(self.migrations)


class Stamp(NamedTuple):
    """What a file says of itself; ``is_empty``: it has no tables yet."""

    application: int
    version: int
    is_empty: bool


def uri(path: str) -> str:
    return f"file:{quote(path)}"


def path_of(uri: str) -> str:
    return unquote(uri.removeprefix("file:"))


def look(path: Path) -> sqlite3.Connection:
    """Look at a file and never touch: as usual where somebody uses it, or it was left in the middle of
    things; else as a file that nobody changes, for which SQLite makes no WAL and no index beside it."""
    wal, shm = (path.with_name(f"{path.name}-{what}") for what in ("wal", "shm"))
    alive = wal.exists() and (wal.stat().st_size > 0 or shm.exists())
    return sqlite3.connect(uri(str(path)) + ("?mode=ro" if alive else "?immutable=1"), uri=True)


def stamp(connection: sqlite3.Connection) -> Stamp:
    application, version, tables = (
        connection.execute(sql).fetchone()[0]
        for sql in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    return Stamp(application, version, not tables)


def adds_only(migrations: Sequence[str]) -> bool:
    """Whether nothing that is stored is touched: what comes are tables, columns, indexes and triggers; what
    goes are triggers and views at most."""
    return all(_ADDS.match(statement) for script in migrations for statement in statements(script))


def migrate(
    connection: sqlite3.Connection, name: str, format: Format, fill: Callable[[], object] | None = None
) -> int:
    """Bring a file up to this release; returns the version that it had. All or nothing. ``fill`` puts into a
    new one what it has from the beginning.

    Raises Damaged where it is a file of another kind, TooNew where it is a newer one.
    """
    found = stamp(connection)
    if (found.application, found.version) == (format.application, format.version):
        return found.version
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = stamp(connection)
        if not found.is_empty and found.application != format.application:
            raise Damaged(f"{name} is an SQLite file, but not {format.what}; choose another data directory.")
        if found.version > format.version:
            raise TooNew(name, found.version, format.version)
        connection.execute(f"PRAGMA application_id = {format.application}")
        for migration in format.migrations[found.version :]:
            for statement in statements(migration):
                connection.execute(statement)
        if found.is_empty and fill is not None:
            fill()
        connection.execute(f"PRAGMA user_version = {format.version}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it
            connection.execute("ROLLBACK")
        raise
    return found.version


def statements(script: str) -> list[str]:
    """The statements of a script one by one: executescript() would commit in between."""
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements
