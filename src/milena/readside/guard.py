"""What may be seen of a read model's file, and by whom: SQLite asks before it reads anything.

For a guild, each table that has a column ``guild``, or else a text ``place`` (guild/channel, as in the log),
is hidden behind a view of the same name with this guild's rows only. A row whose place is NULL belongs where
that row does to which the table's foreign key leads (``REFERENCES table (column)``, whose place is its own).
A full-text table has no such column: its rows belong to the guild of the row that bears the same number in
the table that it is made of (``content = ...``), or in the only table that has both a guild and numbered
rows. A table without a guild whose name begins with ``_`` is open to all, for what is the same for everybody.
A view of the read model's is made again of the same words, so that its tables are those that are scoped; one
that insists on others (``main.calls``) is closed. But a view whose name begins with ``_`` is to guilds what a
table is: its rows are scoped by a column ``guild``, or else ``place``, and it reads the tables of ``main`` as
they are. Whatever else there is, is closed to guilds.

How does SQLite know that a table is read through its view, when a question may give any name to a part of
itself? The views look through inner ones, whose names nobody can know; only these may read the tables.
"""

import re
import secrets
import sqlite3
from typing import NamedTuple

from milena.readside.digest import SHADOWS
from milena.readside.own import OWN_TABLES

JSON = {"json_each", "json_tree"}
"""What SQLite calls tables, and takes from a question's own values."""
FORBIDDEN_FUNCTIONS = {
    "load_extension", "fts3_tokenizer", "fts5", "readfile", "writefile", "edit", "zeroblob", "randomblob",
}  # fmt: skip
_OF_PLACE = "substr(place, 1, instr(place, '/') - 1)"
_AS = re.compile(r"\bAS\b", re.IGNORECASE)
_CONTENT = re.compile(r"\bcontent\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|(\w*))", re.IGNORECASE)


class _Table(NamedTuple):
    """``guild``: the SQL that tells whose a row is, if a column does. ``content``: for a full-text table, the
    table that it is made of; empty where it keeps none."""

    name: str
    guild: str | None
    has_rowid: bool
    is_text: bool
    content: str | None


class Guard:
    """Makes the views of ``guild`` on ``db`` (None: an operator, who sees all tables), and is the authorizer
    that is asked from then on.

    ``strict``: what full-text tables read of their own while they search is closed, too: so where there are
    any (``has_text``) a question is looked at before it runs.
    """

    def __init__(self, db: sqlite3.Connection, guild: str | None) -> None:
        self.strict = True
        tables = _tables(db)
        texts = [table for table in tables if table.is_text]
        for name in (*(text.name for text in texts), *JSON):  # now SQLite has read how they are made
            db.execute(f"SELECT 1 FROM {_quoted(name)} LIMIT 0")  # noqa: S608
        self.has_text = bool(texts)
        self._shadows = {f"{text.name}{suffix}".lower() for text in texts for suffix in SHADOWS}
        self._inner = self._shadows.union(
            (text.name.lower() for text in texts), (text.content.lower() for text in texts if text.content)
        )
        self._reserved = {row[0].lower() for row in db.execute("SELECT name FROM pragma_module_list")} - JSON
        self._sees_all = guild is None
        views = db.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'view'").fetchall()
        self._hidden = {name.lower() for name in (*(table.name for table in tables), *dict(views))}
        self._open = JSON | {
            table.name.lower()
            for table in tables
            if table.name.startswith("_") and table.guild is None and not table.is_text
        }
        self._open -= OWN_TABLES
        self._views: set[str] = set()
        self._tokens: set[str] = set()
        if guild is not None:
            for table in tables:
                self._hide(db, table, tables, guild)
            for name, sql in views:
                if name.startswith("_") and (of_guild := _guild(db, name)):
                    self._scope(db, name, f"({_AS.split(sql, 1)[1]})", of_guild, guild)
                else:
                    # What it names is looked for among the temporary views first; it may read no table.
                    db.execute(re.sub(r"\ACREATE VIEW\b", "CREATE TEMP VIEW", sql))
                    self._views.add(name.lower())

    def _hide(self, db: sqlite3.Connection, table: _Table, tables: list[_Table], guild: str) -> None:
        """Put the view of one guild before a table."""
        columns, of_guild = "*", table.guild
        if table.is_text:
            columns = f"rowid, *, {_quoted(table.name)}.{_quoted(table.name)} AS {_quoted(table.name)}, rank"
        if of_guild is None:
            owner = _owner(table, tables)
            if owner is None:
                return
            of_guild = (
                f"(SELECT {owner.guild} FROM main.{_quoted(owner.name)} "  # noqa: S608
                f"WHERE {_quoted(owner.name)}.rowid = {_quoted(table.name)}.rowid)"
            )
        self._scope(db, table.name, f"main.{_quoted(table.name)}", of_guild, guild, columns)

    def _scope(
        self, db: sqlite3.Connection, name: str, source: str, of_guild: str, guild: str, columns: str = "*"
    ) -> None:
        """Whoever asks for ``name`` gets the rows of ``source`` that are the guild's."""
        token = f"_{secrets.token_hex(16)}"
        is_ours = f"CAST(x'{guild.encode('utf-8', 'surrogatepass').hex()}' AS TEXT)"
        ours = f"SELECT {columns} FROM {source} WHERE {of_guild} = {is_ours}"  # noqa: S608
        db.execute(f'CREATE TEMP VIEW "{token}" AS {ours}')
        db.execute(f'CREATE TEMP VIEW {_quoted(name)} AS SELECT * FROM temp."{token}"')  # noqa: S608
        self._tokens.add(token)
        self._views.add(name.lower())

    def __call__(
        self, action: int, first: str | None, second: str | None, database: str | None, view: str | None
    ) -> int:
        match action:
            case sqlite3.SQLITE_SELECT | sqlite3.SQLITE_RECURSIVE:
                allowed = True
            case sqlite3.SQLITE_FUNCTION:
                allowed = (second or "").lower() not in FORBIDDEN_FUNCTIONS
            case sqlite3.SQLITE_READ:
                allowed = self._may_read((first or "").lower(), database, view)
            case sqlite3.SQLITE_PRAGMA:  # a full-text table asks whether somebody wrote
                allowed = not self.strict and (first, second) == ("data_version", None)
            case _:
                allowed = False
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    def _may_read(self, table: str, database: str | None, view: str | None) -> bool:
        if table in self._inner and not self.strict:
            return True
        if table in self._shadows or table in self._reserved or table.startswith("pragma_"):
            return False
        if self._sees_all or table in self._open:
            return True
        if table.startswith("sqlite_"):
            return False
        if database is None:  # no column of it is wanted; it may be a part that the question has named so
            return table in self._views or table not in self._hidden
        if database == "temp":
            return table in self._views or table in self._tokens
        return view in self._tokens


def _tables(db: sqlite3.Connection) -> list[_Table]:
    made = dict(db.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'table'"))
    rowids = {
        row[0]: not row[1]
        for row in db.execute(
            "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        )
    }
    return [
        _Table(
            name,
            _guild(db, name),
            rowids.get(name, False),
            is_text(sql),
            _content(sql) if is_text(sql) else None,
        )
        for name, sql in made.items()
    ]


def _guild(db: sqlite3.Connection, table: str) -> str | None:
    """What tells whose a row of a table is."""
    types = {row[1]: row[2] for row in db.execute(f"PRAGMA main.table_info({_quoted(table)})")}
    if "guild" in types:
        return "guild"
    if types.get("place") not in ("TEXT", ""):  # a view's may have no type
        return None
    key = db.execute(
        'SELECT "table", "from", "to" FROM pragma_foreign_key_list(?, \'main\') WHERE "to" <> \'\'', (table,)
    ).fetchone()
    if key is None:
        return _OF_PLACE
    other, its, theirs = map(_quoted, key)
    there = f"SELECT {_OF_PLACE} FROM main.{other} WHERE {other}.{theirs} = {_quoted(table)}.{its}"  # noqa: S608
    return f"coalesce({_OF_PLACE}, ({there}))"


def is_text(sql: str | None) -> bool:
    """Whether a statement makes a full-text table."""
    return bool(
        re.match(r"CREATE\s+VIRTUAL\s+TABLE\b.*?\bUSING\s+fts5\b", sql or "", re.IGNORECASE | re.DOTALL)
    )


def _content(sql: str) -> str | None:
    found = _CONTENT.search(sql)
    return next((group for group in found.groups() if group is not None), "") if found else None


def _owner(text: _Table, tables: list[_Table]) -> _Table | None:
    """The table that knows to which guild the rows of a full-text table belong."""
    if not text.is_text:
        return None
    numbered = [
        table for table in tables if table.guild is not None and table.has_rowid and not table.is_text
    ]
    if text.content:
        return next((table for table in numbered if table.name == text.content), None)
    return numbered[0] if len(numbered) == 1 else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
