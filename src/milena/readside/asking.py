"""Asking a read model, without any way to change it or to see what is another guild's.

A question runs on a connection of its own that is opened read-only, and sees of it what
:mod:`milena.readside.guard` lets it see. One that takes too long, or wants too much memory, is interrupted.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from milena.domain.refusal import Refused
from milena.readside.disk import explain, explained, look
from milena.readside.errors import Behind
from milena.readside.guard import FORBIDDEN_FUNCTIONS as FORBIDDEN_FUNCTIONS
from milena.readside.guard import JSON as JSON
from milena.readside.guard import Guard
from milena.readside.question import Question

SECONDS = 5.0
"""How long a question may take."""
LONGEST = 1_000_000
"""Bytes of the longest value that a question may make: SQLite can't be interrupted while it works on one."""
MOST = 1000
"""Rows of one answer."""
LARGEST = 20_000_000
"""Bytes of all texts in one answer."""
STEPS = 1000
"""SQLite's own steps between two looks at the clock."""


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
        with explained(path):
            self._db = look(path)
            try:
                self._guard = self._prepare(guild, people)
            except BaseException:
                self._db.close()
                raise

    def _prepare(self, guild: str | None, people: People) -> Guard:
        db = self._db
        db.create_function("name", 1, people.name)
        db.create_function("is_machine", 1, lambda player: int(people.is_machine(player)))
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        guard = Guard(db, guild)
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
        limit, offset = max(0, min(limit, MOST)), max(0, offset)
        given: dict[str, Any] = {name: parameters.get(name) for name in question.parameters}
        given |= {"now": parameters.get("now") or round(time.time() * 1000)}
        if "limit" in question.parameters:
            return self._select(question.sql, {**given, "limit": limit + 1, "offset": offset}, limit)
        return self._select(question.sql, given, limit, skip=offset)

    def select(self, sql: str, parameters: Mapping[str, Any] | Sequence[Any], limit: int = MOST) -> Answered:
        """The first rows of a SELECT. Raises Refused; see :meth:`ask`."""
        return self._select(sql, parameters, limit, named=False)

    def _select(
        self,
        sql: str,
        parameters: Mapping[str, Any] | Sequence[Any],
        limit: int,
        *,
        skip: int = 0,
        named: bool = True,
    ) -> Answered:
        """``named``: it is a SELECT, which need not be seen to."""
        with self._refusals():
            self._guard.strict = True
            if self._guard.has_text or not named:
                self._db.execute(f"EXPLAIN {sql}", parameters).close()
                self._guard.strict = False  # a full-text table reads its own shadows while it searches
            cursor = self._db.execute(sql, parameters)
            columns = tuple(column[0] for column in cursor.description or ())
            while skip > 0 and (passed := cursor.fetchmany(min(skip, MOST))):
                skip -= len(passed)
            rows = self._fetch(cursor, limit + 1)
            cursor.close()
        return Answered(columns, rows[:limit], len(rows) > limit)

    def _fetch(self, cursor: sqlite3.Cursor, most: int) -> list[tuple[Any, ...]]:
        rows, size = [], 0
        for row in islice(cursor, most):
            size += sum(len(value) for value in row if isinstance(value, str | bytes))
            if size > LARGEST:
                raise self._too_large()
            rows.append(row)
        return rows

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Watch the clock, and tell what SQLite refuses in words."""
        until = time.monotonic() + self._seconds
        self._db.set_progress_handler(lambda: int(time.monotonic() > until), STEPS)
        try:
            yield
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise self._refusal(error) from error
        except (ValueError, OverflowError) as error:  # a NUL, half a character, a number beyond 64 bits
            raise Refused(
                "bad_question", f"{self._model}: this question can't be asked ({error})."
            ) from error
        finally:
            self._guard.strict = True
            self._db.set_progress_handler(None, 0)

    def _refusal(self, error: Exception) -> Exception:
        if "one statement at a time" in str(error):  # a Warning up to Python 3.11
            return Refused("bad_question", f"{self._model}: a question is one SELECT statement.")
        match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
            case sqlite3.SQLITE_INTERRUPT:
                return Refused(
                    "too_slow",
                    f"This question took longer than {self._seconds:g} seconds and was stopped: ask for "
                    "less, such as a shorter time (--since).",
                )
            case sqlite3.SQLITE_TOOBIG | sqlite3.SQLITE_NOMEM:
                return self._too_large()
            case sqlite3.SQLITE_AUTH | sqlite3.SQLITE_READONLY:
                return Refused("forbidden", f"{self._model}: this question may not do that ({error}).")
            case (
                sqlite3.SQLITE_ERROR | sqlite3.SQLITE_MISMATCH | sqlite3.SQLITE_MISUSE | sqlite3.SQLITE_RANGE
            ):
                return Refused("bad_question", f"{self._model}: this question can't be asked ({error}).")
        return explain(error, self._path)

    def _too_large(self) -> Refused:
        return Refused("too_large", "This question wants too much memory and was stopped: ask for less.")
