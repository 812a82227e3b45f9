"""A read model as a database of Datasette's, which is always the live one.

The link ``<name>.db`` turns to a new file when the model was made anew; a connection is opened again when
it did. It is opened read-only, and SQLite asks :class:`Guard` what a statement may do.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from datasette.database import Database

from milena.readside import Behind
from milena.readside.asking import FORBIDDEN_FUNCTIONS, JSON, LONGEST
from milena.readside.shelf import Shelf
from milena.store.formats import uri

Functions = Mapping[str, tuple[int, Callable[..., Any]]]
PRAGMAS = {
    "data_version", "foreign_key_list", "index_info", "index_list", "index_xinfo", "schema_version",
    "table_info", "table_xinfo",
}  # fmt: skip
"""Those that only tell."""


class _Open(NamedTuple):
    file: tuple[int, int]
    db: sqlite3.Connection


class Live(Database):  # type: ignore[misc]  # Datasette has no types
    """``functions`` are what SQL may call, by name: how many arguments each takes, and the function."""

    def __init__(self, datasette: Any, shelf: Shelf, functions: Functions) -> None:
        super().__init__(datasette, path=str(shelf.link), is_mutable=True)
        self._shelf = shelf
        self._functions = functions
        self._own = threading.local()

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """What Datasette reads, it reads in here. Raises Behind where there is no live file."""
        return await asyncio.get_running_loop().run_in_executor(
            self.ds.executor, lambda: fn(self._connection())
        )

    async def attached_databases(self) -> list[Any]:
        """None: nothing can be attached, so nobody has to be asked."""
        return []

    def execute_write_fn(self, fn: Any, block: bool = True) -> Any:
        raise AssertionError("a read model is written by the follower, and by nobody else")

    def _connection(self) -> sqlite3.Connection:
        """That of this thread."""
        live = self._shelf.live()
        if live is None:
            raise Behind(f"The read model {self.name} is being made; try again in a moment.")
        try:
            status = live.stat()
        except FileNotFoundError:  # it was made anew a second time just now
            return self._connection()
        file = (status.st_dev, status.st_ino)
        kept: _Open | None = getattr(self._own, "open", None)
        if kept is not None and kept.file == file:
            return kept.db
        if kept is not None:
            kept.db.close()
            del self._own.open
        db = sqlite3.connect(f"{uri(str(live))}?mode=ro", uri=True, check_same_thread=False)
        try:
            self._prepare(db)
        except BaseException:
            db.close()
            raise
        self._own.open = _Open(file, db)
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        self.ds._prepare_connection(db, self.name)
        for name, (arguments, function) in self._functions.items():
            db.create_function(name, arguments, function, deterministic=True)
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        virtual = "SELECT name FROM main.sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
        for (name,) in (*db.execute(virtual).fetchall(), *((name,) for name in JSON)):
            db.execute(f'SELECT 1 FROM "{name}" LIMIT 0')  # noqa: S608  # now it has read how it is made
        db.execute("PRAGMA query_only = ON")
        db.set_authorizer(guard)


def guard(action: int, first: str | None, second: str | None, _: str | None, __: str | None) -> int:
    """What SQLite asks before it compiles a step of a statement: reading is allowed, nothing else."""
    match action:
        case sqlite3.SQLITE_SELECT | sqlite3.SQLITE_RECURSIVE | sqlite3.SQLITE_READ:
            allowed = True
        case sqlite3.SQLITE_FUNCTION:
            allowed = (second or "").lower() not in FORBIDDEN_FUNCTIONS
        case sqlite3.SQLITE_PRAGMA:
            allowed = (first or "").lower() in PRAGMAS
        case _:
            allowed = False
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
