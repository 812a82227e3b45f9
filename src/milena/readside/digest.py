"""What a read model holds, as one number: two files with the same rows have the same digest."""

import hashlib
import sqlite3
from collections.abc import Iterator

SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")
"""What FTS5 keeps behind a table; it depends on the order of writing, and the words in it do not."""


def digest(db: sqlite3.Connection) -> str:
    """SHA-256 over all rows of all tables, in hex; the read side's own tables are left out."""
    found = db.execute(
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'table' ORDER BY name"
    ).fetchall()
    texts = [name for name, sql in found if sql and sql.upper().startswith("CREATE VIRTUAL TABLE")]
    hidden = {text + suffix for text in texts for suffix in SHADOWS} | {"_readside", "_dead_letters"}
    sha = hashlib.sha256()
    for name, _ in found:
        if name in hidden or name.startswith("sqlite_"):
            continue
        sha.update(name.encode() + b"\0")
        for row in _words(db, name) if name in texts else _rows(db, name):
            sha.update(repr(row).encode() + b"\n")
    return sha.hexdigest()


def _rows(db: sqlite3.Connection, table: str) -> sqlite3.Cursor:
    columns = len(db.execute(f'PRAGMA main.table_info("{table}")').fetchall())
    order = ", ".join(map(str, range(1, columns + 1)))
    return db.execute(f'SELECT * FROM main."{table}" ORDER BY {order}')  # noqa: S608


def _words(db: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    """Every word of a full-text table, and where it stands."""
    db.execute("DROP TABLE IF EXISTS temp._words")
    db.execute(f"CREATE VIRTUAL TABLE temp._words USING fts5vocab(main, '{table}', 'instance')")
    yield from db.execute('SELECT term, doc, col, "offset" FROM temp._words ORDER BY 1, 2, 3, 4')
    db.execute("DROP TABLE temp._words")
