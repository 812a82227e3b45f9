"""Asking a read model, without any way to change it or to see what is another guild's.

A question runs on a connection of its own that is opened read-only. For a guild, each table that has a column
``guild`` is hidden behind a view of the same name that shows this guild's rows only, and the other tables are
closed; whatever a question says, SQLite itself asks :class:`_Guard` before it reads anything. A question
that takes too long, or wants too much memory, is interrupted.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from milena.domain.refusal import Refused
from milena.readside.digest import SHADOWS
from milena.readside.errors import Behind
from milena.readside.question import Question
from milena.store.sqlite import explain, uri

SECONDS = 5.0
"""How long a question may take."""
LONGEST = 10_000_000
"""Bytes of the longest value that a question may make."""
MOST = 1000
"""Rows of one answer."""
STEPS = 1000
"""SQLite's own steps between two looks at the clock."""

JSON = ("json_each", "json_tree")
"""What SQLite calls tables, and takes from a question's own values."""
OWN_TABLES = {"_readside", "_dead_letters", "_sittings"}
"""For operators only."""
FORBIDDEN_FUNCTIONS = {
    "load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "zeroblob", "randomblob",
}  # fmt: skip


class People(NamedTuple):
    """What a question can know of players: ``name`` of an id, and whether it ``is_machine``."""

    name: Callable[[str], str] = str
    is_machine: Callable[[str], bool] = lambda player: False


class Answered(NamedTuple):
    """``more``: there are rows that were not asked for."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    more: bool


class Asking:
    """The read model in the file ``path``, as one guild, or an operator (``guild`` None), may see it.

    Raises Behind where there is no such file.
    """

    def __init__(
        self, path: Path | None, model: str, guild: str | None, people: People, *, seconds: float = SECONDS
    ) -> None:
        if path is None:
            raise Behind(f"The read model {model} is not there yet; try again in a moment.")
        self._seconds = seconds
        self._model = model
        self._path = path
        with self._explained():
            self._db = sqlite3.connect(
                f"{uri(str(path))}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
        try:
            with self._explained():
                self._guard = self._prepare(guild, people)
        except BaseException:
            self._db.close()
            raise

    def _prepare(self, guild: str | None, people: People) -> "_Guard":
        db = self._db
        db.create_function("name", 1, people.name)
        db.create_function("is_machine", 1, lambda player: int(people.is_machine(player)))
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        found = db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
        tables = [row[0] for row in found]
        guard = _Guard(tables, db, guild)
        for text in (*guard.texts, *JSON):
            db.execute(f'SELECT 1 FROM "{text}" LIMIT 0')  # noqa: S608  # now it has read how it is made
        db.execute("PRAGMA query_only = ON")
        db.set_authorizer(guard)
        return guard

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> "Asking":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(
        self, question: Question, parameters: Mapping[str, Any], *, limit: int = 20, offset: int = 0
    ) -> Answered:
        """The rows of a named question, a page of them. Raises Refused where it takes too long, or may not
        be asked."""
        limit = min(limit, MOST)
        given: dict[str, Any] = {name: parameters.get(name) for name in question.parameters}
        given |= {"now": parameters.get("now") or round(time.time() * 1000)}
        if "limit" in question.parameters:
            return self.select(question.sql, {**given, "limit": limit + 1, "offset": offset}, limit)
        return self.select(question.sql, given, limit, skip=offset)

    def select(
        self, sql: str, parameters: Mapping[str, Any] | Sequence[Any], limit: int = MOST, *, skip: int = 0
    ) -> Answered:
        """The first rows of a SELECT. Raises Refused; see :meth:`ask`."""
        with self._refusals():
            self._guard.strict = True
            self._db.execute(f"EXPLAIN {sql}", parameters).close()
            self._guard.strict = False  # a full-text table reads its own shadows while it searches
            cursor = self._db.execute(sql, parameters)
            columns = tuple(column[0] for column in cursor.description or ())
            while skip > 0 and (passed := cursor.fetchmany(min(skip, MOST))):
                skip -= len(passed)
            rows = cursor.fetchmany(limit + 1)
            cursor.close()
        return Answered(columns, rows[:limit], len(rows) > limit)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Watch the clock, and tell what SQLite refuses in words."""
        until = time.monotonic() + self._seconds
        self._db.set_progress_handler(lambda: int(time.monotonic() > until), STEPS)
        try:
            yield
        except sqlite3.Error as error:
            raise self._refusal(error) from error
        except sqlite3.Warning as error:  # more than one statement
            raise Refused("bad_question", f"{self._model}: a question is one SELECT statement.") from error
        finally:
            self._db.set_progress_handler(None, 0)

    def _refusal(self, error: sqlite3.Error) -> Exception:
        match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
            case sqlite3.SQLITE_INTERRUPT:
                return Refused(
                    "too_slow",
                    f"This question took longer than {self._seconds:g} seconds and was stopped: ask for "
                    "less, such as a shorter time (--since).",
                )
            case sqlite3.SQLITE_TOOBIG | sqlite3.SQLITE_NOMEM:
                return Refused("too_large", "This question wants too much memory and was stopped.")
            case sqlite3.SQLITE_AUTH | sqlite3.SQLITE_READONLY:
                return Refused("forbidden", f"{self._model}: this question may not do that ({error}).")
            case sqlite3.SQLITE_ERROR:
                return Refused("bad_question", f"{self._model}: this question can't be asked ({error}).")
        return explain(error, str(self._path))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise explain(error, str(self._path)) from error


class _Guard:
    """What SQLite asks before it compiles a step of a statement. ``strict``: the shadows of full-text tables
    are closed too, so that a question can't name them."""

    def __init__(self, tables: list[str], db: sqlite3.Connection, guild: str | None) -> None:
        self.strict = True
        self._shadows = {name for name in tables if name.endswith(SHADOWS)}
        self._all = guild is None
        self._open = {name for name in tables if name.startswith("_") and name not in OWN_TABLES}
        self.texts = {name.removesuffix("_data") for name in self._shadows if name.endswith("_data")}
        self._open |= self.texts
        self._scoped: set[str] = set()
        if guild is not None:
            self._scoped = {name for name in tables if _has_guild(db, name)}
            for name in self._scoped:
                quoted = guild.replace("'", "''")
                db.execute(
                    f'CREATE TEMP VIEW "{name}" AS '  # noqa: S608
                    f"SELECT * FROM main.\"{name}\" WHERE guild = '{quoted}'"
                )

    def __call__(
        self, action: int, first: str | None, second: str | None, database: str | None, view: str | None
    ) -> int:
        match action:
            case sqlite3.SQLITE_SELECT | sqlite3.SQLITE_RECURSIVE:
                allowed = True
            case sqlite3.SQLITE_FUNCTION:
                allowed = (second or "").lower() not in FORBIDDEN_FUNCTIONS
            case sqlite3.SQLITE_READ:
                allowed = self._may_read(first or "", database, view)
            case sqlite3.SQLITE_PRAGMA:
                allowed = first == "data_version"  # a full-text table asks whether somebody wrote
            case _:
                allowed = False
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    def _may_read(self, table: str, database: str | None, view: str | None) -> bool:
        if table in self._shadows:
            return not self.strict
        if self._all or table in self._open or table in JSON or database is None:  # None: a WITH of its own
            return True
        return table in self._scoped and (view == table or database == "temp")


def _has_guild(db: sqlite3.Connection, table: str) -> bool:
    return any(row[1] == "guild" for row in db.execute(f'PRAGMA main.table_info("{table}")').fetchall())
