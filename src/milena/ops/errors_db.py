"""The file of failures: SQLite, beside the log of events, no part of it; it may be thrown away."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from milena.store.errors import Damaged, TooNew
from milena.store.formats import stamp, uri
from milena.store.sqlite import explained

if TYPE_CHECKING:
    from milena.ops.errors import Failure

APPLICATION_ID = 0x4D4C4552  # "MLER"
VERSION = 1
PATIENCE = 0.5
"""Seconds to wait for another process that writes a failure."""
SHARE = 20
"""One group may have one in so many of the rows: one bug that happens all the time leaves room for others."""

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS groups (
    fingerprint TEXT PRIMARY KEY,
    kind  TEXT NOT NULL,
    type  TEXT NOT NULL,
    place TEXT NOT NULL,
    count INTEGER NOT NULL,  -- all that ever happened, also those whose rows are gone
    first INTEGER NOT NULL,  -- ms since 1970
    last  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    time        INTEGER NOT NULL,
    body        TEXT NOT NULL  -- all of it, as JSON
) STRICT;
CREATE INDEX IF NOT EXISTS failures_by_id ON failures (id);
CREATE INDEX IF NOT EXISTS failures_by_group ON failures (fingerprint, number);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
"""


class Group(Struct, frozen=True):
    """Failures of one cause. ``id`` and ``message`` are those of the newest; ``first`` and ``last`` in ms
    since 1970."""

    fingerprint: str
    kind: str
    type: str
    place: str
    count: int
    first: int
    last: int
    id: str
    message: str


class Happened(Struct, frozen=True):
    """Failures of one cause in some time: so many ``times``, as far as they are kept; ``new``: never before.
    ``logger``: who told the log. ``told``: what people saw. The rest as in :class:`Group`."""

    id: str
    kind: str
    type: str
    place: str
    times: int
    new: bool
    logger: str
    told: str


class ErrorBook:
    """Writes to the file ``path``, which is made when something fails first. Keeps the newest ``rows``."""

    def __init__(self, path: Path, rows: int) -> None:
        self.path = path
        self._rows = max(1, rows)
        self._db: sqlite3.Connection | None = None
        self._inode: tuple[int, int] | None = None

    def add(self, failure: "Failure") -> None:
        """Raises sqlite3.Error, OSError or TooNew: then it is not kept, and the next one may be. A file that
        is damaged is put aside."""
        try:
            self._add(self._open(), failure)
        except BaseException as error:
            self.close()
            if _is_damage(error):
                self._put_aside()
            raise

    def _add(self, db: sqlite3.Connection, failure: "Failure") -> None:
        body = msgspec.json.encode(failure).decode()
        group = failure.fingerprint, failure.kind, failure.type, failure.place, failure.time, failure.time
        with db:
            db.execute(
                "INSERT INTO groups VALUES (?, ?, ?, ?, 1, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET "
                "count = count + 1, first = min(first, excluded.first), last = max(last, excluded.last)",
                group,
            )
            db.execute(
                "INSERT INTO failures (id, fingerprint, time, body) VALUES (?, ?, ?, ?)",
                (failure.id, failure.fingerprint, failure.time, body),
            )
            share = max(1, self._rows // SHARE)
            db.execute(
                "DELETE FROM failures WHERE fingerprint = ?1 AND number <= (SELECT number FROM failures "
                "WHERE fingerprint = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
                (failure.fingerprint, share),
            )
            db.execute(
                "DELETE FROM failures WHERE number <= "
                "(SELECT number FROM failures ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (self._rows,),
            )
            db.execute(
                "DELETE FROM groups AS g WHERE NOT EXISTS "
                "(SELECT 1 FROM failures WHERE fingerprint = g.fingerprint)"
            )

    def _open(self) -> sqlite3.Connection:
        """The connection to the file that is there now: the one before may have been removed."""
        if self._db is not None:
            with suppress(OSError):
                found = os.stat(self.path)
                if (found.st_dev, found.st_ino) == self._inode:
                    return self._db
            self.close()
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        self._db = sqlite3.connect(self.path, timeout=PATIENCE, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        if (version := stamp(self._db).version) > VERSION:
            raise TooNew(str(self.path), version, VERSION)
        self._db.executescript(_SCHEMA)
        found = os.stat(self.path)
        self._inode = found.st_dev, found.st_ino
        return self._db

    def _put_aside(self) -> None:
        with suppress(OSError):
            self.path.replace(self.path.with_name(f"{self.path.name}.damaged"))
        for tail in ("-wal", "-shm"):
            with suppress(OSError):
                self.path.with_name(self.path.name + tail).unlink()

    def close(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
        self._db = None


def groups(path: Path, since: int = 0, kind: str | None = None) -> list[Group]:
    """What failed since a time (ms since 1970), the newest first. Raises StoreError."""
    with _reading(path) as db:
        if db is None:
            return []
        rows = db.execute(
            "SELECT g.*, f.id, f.body ->> 'message' FROM groups g JOIN failures f ON f.number = "
            "(SELECT max(number) FROM failures WHERE fingerprint = g.fingerprint) "
            "WHERE g.last >= ? AND (?2 IS NULL OR g.kind = ?2) ORDER BY g.last DESC, f.number DESC",
            (since, kind),
        ).fetchall()
    return [_group(row) for row in rows]


def _group(row: Any) -> Group:
    fingerprint, kind, type_, place, count, first, last, id_, message = row
    return Group(fingerprint, kind, type_, place, count, first, last, id_, message)


def happened(path: Path, since: int, until: int) -> list[Happened]:
    """What failed from then on and before, what is new first, then the most frequent. Raises StoreError."""
    with _reading(path) as db:
        if db is None:
            return []
        rows = db.execute(
            "SELECT f.id, g.kind, g.type, g.place, count(*) AS times, g.first >= :since AS new, "
            "coalesce(f.body ->> '$.context.logger', ''), coalesce(f.body ->> '$.told', ''), max(f.number) "
            "FROM groups g JOIN failures f USING (fingerprint) "
            "WHERE g.last >= :since AND f.time >= :since AND f.time < :until "
            "GROUP BY g.fingerprint ORDER BY new DESC, times DESC, g.fingerprint",
            {"since": since, "until": until},
        ).fetchall()
    return [
        Happened(id_, kind, type_, place, times, bool(new), logger, told)
        for id_, kind, type_, place, times, new, logger, told, _ in rows
    ]


def find(path: Path, text: str) -> list[tuple[dict[str, Any], int]]:
    """The failures whose ids begin with ``text``, or that are the newest of the group with this fingerprint;
    each with how often its like happened. The newest first, one an id. Raises StoreError."""
    with _reading(path) as db:
        if db is None:
            return []
        rows = db.execute(
            "SELECT max(f.number), f.body, g.count FROM failures f JOIN groups g USING (fingerprint) "
            "WHERE substr(f.id, 1, length(:text)) = :text GROUP BY f.id ORDER BY 1 DESC LIMIT 20",
            {"text": text},
        ).fetchall()
        rows = (
            rows
            or db.execute(
                "SELECT f.number, f.body, g.count FROM failures f JOIN groups g USING (fingerprint) "
                "WHERE g.fingerprint = ? ORDER BY 1 DESC LIMIT 1",
                (text,),
            ).fetchall()
        )
    return [(msgspec.json.decode(body), count) for _, body, count in rows]


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """The file, to look at; None where nothing ever failed."""
    if not path.exists():
        yield None
        return
    unfit = Damaged(f"{path} is no record of errors; move it away: the next failure begins a new one.")
    address = f"{uri(str(path))}?mode=ro"
    with explained(str(path)), closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as db:
        try:
            found = stamp(db)
            if found.application != APPLICATION_ID:
                raise unfit
            if found.version > VERSION:
                raise TooNew(str(path), found.version, VERSION)
            yield db
        except sqlite3.DatabaseError as error:
            if _is_damage(error):
                raise unfit from error
            raise


def _is_damage(error: BaseException) -> bool:
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
