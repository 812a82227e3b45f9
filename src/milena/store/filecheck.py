"""What SQLite itself can tell about the file of the log."""

import sqlite3

from milena.store import schema
from milena.store.errors import Damaged
from milena.store.reading import Reading

_SCHEMA = "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'"


def integrity(reading: Reading) -> str | None:
    """What is wrong with the file's pages, or between an index and its table; None if nothing is."""
    try:
        told = [str(row[0]) for row in reading.rows("PRAGMA integrity_check(3)")]
    except Damaged as error:
        return str(error.__cause__ or error)
    return None if told == ["ok"] else "; ".join(" ".join(line.split()) for line in told)


def changed_schema(reading: Reading) -> list[str]:
    """The tables, indexes and triggers of the log that are missing, or not as Milena made them."""
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        schema.migrate(fresh, "a new log")
        expected = fresh.execute(_SCHEMA).fetchall()
    finally:
        fresh.close()
    there = {row[0]: row for row in reading.rows(_SCHEMA)}
    return [f"{kind} {name}" for name, kind, sql in expected if there.get(name) != (name, kind, sql)]


def last_and_highest(reading: Reading) -> tuple[int, int]:
    """The last position of the log, and the highest that was ever given as SQLite counts them: they are
    the same unless the end was cut off. 0 where there is none."""
    found = reading.rows(
        "SELECT coalesce((SELECT max(position) FROM events), 0), "
        "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0)"
    )
    return found[0][0], found[0][1]
