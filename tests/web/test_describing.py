"""What the authors of read models wrote is what the pages say."""

from milena.readside import load
from milena.readside.audit import Entry
from milena.store.formats import statements
from milena.web.describing import Table, described, tables

SCHEMA = """
-- Each game,
-- once.
CREATE TABLE games (
    game  TEXT PRIMARY KEY,
    time  INTEGER NOT NULL,  -- when it ended
    -- What was played,
    kind  TEXT NOT NULL,     -- such as chess
    score REAL DEFAULT (1 - 0),
    code  TEXT GENERATED ALWAYS AS (game ->> '$.code') -- why
) STRICT, WITHOUT ROWID;
CREATE INDEX games_time ON games (time);
-- Nobody's business.
CREATE TABLE _own (x INTEGER);
CREATE VIRTUAL TABLE words USING fts5 (text, content = '');
-- Games that are over.
CREATE VIEW over AS
SELECT
    game,                -- its id
    -- How it ended,
    CASE
        WHEN code THEN code
        ELSE 'somehow'
    END AS how,          -- in a word
    score * 2 AS score
FROM (
    SELECT *, 1 AS inner
    FROM games
)
WHERE time;
CREATE VIEW _hidden AS
SELECT
    game
FROM games;
"""


class Model:
    schema = tuple(statements(SCHEMA))


def test_comments_describe_tables_and_columns() -> None:
    [table, _] = tables(Model())  # type: ignore[arg-type]
    assert table == Table(
        "games",
        "Each game, once.",
        {
            "game": "",
            "time": "when it ended",
            "kind": "What was played, such as chess",
            "score": "",
            "code": "why",
        },
    )


def test_a_table_is_sorted_and_counted_by_what_it_has() -> None:
    [table, _] = tables(Model())  # type: ignore[arg-type]
    told = described(table)
    assert told["facets"] == ["kind", "code"]
    assert told["sort_desc"] == "time"
    assert told["columns"] == {
        "time": "when it ended", "kind": "What was played, such as chess", "code": "why",
    }  # fmt: skip


def test_a_view_is_told_like_a_table() -> None:
    [_, view] = tables(Model())  # type: ignore[arg-type]
    columns = {"game": "its id", "how": "How it ended, in a word", "score": ""}
    assert view == Table("over", "Games that are over.", columns)


def test_all_columns_of_the_audit_are_told() -> None:
    entries, games = tables(load("audit"))
    assert {"position", "routine", "played", *Entry._fields} == set(entries.columns)
    assert described(entries)["facets"] == ["guild", "verdict", "code", "command"]
    assert described(entries)["sort_desc"] == "position"
    assert list(games.columns) == ["game", "guild", "channel", "first", "last"]


def test_the_tables_of_the_leaderboard_are_described() -> None:
    [results] = tables(load("leaderboard"))
    assert results.name == "results"
    assert results.about
    assert results.columns["kind"] == "what was played, such as tictactoe"
