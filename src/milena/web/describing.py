"""What Datasette is told of the read models: titles, what tables and columns mean, what to count by.

The authors have written it already: in model.toml, and in the comments of schema.sql. A comment in a line of
a column describes that column, and one above it too; one above a table describes the table. A view is told
like a table: each of its columns ends a line, as ``name,`` or ``... AS name,``.
"""

import re
from typing import Any

from msgspec import Struct

from milena.readside import Model

FACETS = (
    "guild", "kind", "status", "verdict", "code", "command", "result", "how", "category",
)  # fmt: skip
"""Columns with few values: how many rows each has is shown, the first four of them."""
NEWEST = ("position", "time", "hour", "since", "opened")
"""What a table is sorted by at first, the highest on top."""
_TABLE = re.compile(r"\s*CREATE\s+(?:TABLE|(VIEW))\s+(\w+)", re.IGNORECASE)
_COLUMN = re.compile(r"\s+(\w+)\s+(?:TEXT|INTEGER|REAL|BLOB|ANY)\b(?:(?!--).)*(?:--\s*(.*))?")
_COLUMN_OF_VIEW = re.compile(r"\s+(?!CASE\b)(?:.*\sAS\s+)?(\w+),?\s*(?:--\s*(.*))?", re.IGNORECASE)
_COMMENT = re.compile(r"\s*--\s?(.*)")


class Table(Struct):
    """A table or view that people may look at; ``columns``: what each means, empty where nobody wrote it."""

    name: str
    about: str
    columns: dict[str, str]


def tables(model: Model) -> list[Table]:
    """The tables and views of a read model, but for those that are its own (``_...``), and full-text ones."""
    found = (_table(statement) for statement in model.schema)
    return [table for table in found if table is not None and not table.name.startswith("_")]


def _table(statement: str) -> Table | None:
    table: Table | None = None
    above: list[str] = []
    columns = _COLUMN
    for line in statement.splitlines():
        if columns is _COLUMN_OF_VIEW and line.startswith("FROM"):
            break  # what a view is made of is none of its columns
        if comment := _COMMENT.fullmatch(line):
            above.append(comment[1].strip())
        elif table is None and (begun := _TABLE.match(line)):
            table, above = Table(begun[2], " ".join(above), {}), []
            columns = _COLUMN_OF_VIEW if begun[1] else _COLUMN
        elif table is not None and (column := columns.fullmatch(line)):
            table.columns[column[1]] = " ".join([*above, *filter(None, [column[2]])])
            above = []
    return table


def described(table: Table) -> dict[str, Any]:
    """A table, as Datasette wants to be told of it."""
    newest = next((column for column in NEWEST if column in table.columns), None)
    return {
        "description": table.about,
        "columns": {name: about for name, about in table.columns.items() if about},
        "facets": [column for column in FACETS if column in table.columns][:4],
        **({"sort_desc": newest} if newest else {}),
    }
