"""The rows of a read model that are about one person, for a person who asks what is kept."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from milena.readside.asking import People
from milena.readside.disk import explained, look
from milena.readside.guard import is_text
from milena.readside.own import OWN_TABLES

Rows = list[dict[str, Any]]


def rows_about(path: Path, player: str, people: People) -> dict[str, Rows]:
    """The rows of each table and view of a read model's file in which some column is the person's id, by the
    names of their columns. Raises StoreError."""
    with explained(path), closing(look(path)) as db:
        db.create_function("name", 1, people.name)
        db.create_function("is_machine", 1, lambda each: int(people.is_machine(each)))
        found = {table: _rows(db, table, player) for table in _tables(db)}
    return {table: rows for table, rows in found.items() if rows}


def _tables(db: sqlite3.Connection) -> list[str]:
    """What can be read in rows: no full-text table, nor the tables in which it keeps its words."""
    listed = db.execute(
        "SELECT list.name, list.type, made.sql FROM pragma_table_list AS list "
        "JOIN sqlite_master AS made USING (name) WHERE list.schema = 'main' ORDER BY list.name"
    )
    return [
        name
        for name, kind, sql in listed
        if kind in ("table", "view") and name not in OWN_TABLES and not is_text(sql)
    ]


def _rows(db: sqlite3.Connection, table: str, player: str) -> Rows:
    quoted = '"' + table.replace('"', '""') + '"'
    columns = [row[1] for row in db.execute(f"PRAGMA main.table_info({quoted})")]
    compared = ", ".join('"' + column.replace('"', '""') + '"' for column in columns)
    found = db.execute(f"SELECT * FROM {quoted} WHERE ? IN ({compared})", (player,))  # noqa: S608
    names = [column[0] for column in found.description]  # columns that are computed, too
    return [dict(zip(names, row, strict=True)) for row in found]
