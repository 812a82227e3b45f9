"""Two files have the same digest where they have the same rows, and only there."""

import sqlite3
from collections.abc import Iterator

import pytest
from tallying import Folder, Writing, tally

from milena.readside.digest import digest
from milena.readside.file import ModelFile


@pytest.fixture
def file(writing: Writing, folder: Folder) -> Iterator[ModelFile]:
    writing.calls(9)
    with folder.file(tally()) as file:
        file.advance()
        yield file


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE calls SET player = 'eve' WHERE position = 4",
        "DELETE FROM counts WHERE player = 'ann' AND guild = 'g1'",
        "INSERT INTO unscoped VALUES (99, '')",
        "INSERT INTO words (rowid, text) VALUES (99, 'more')",
        "INSERT INTO words (words, rowid, text) VALUES ('delete', 1, 'word0')",
        "UPDATE own_words SET text = 'word5 word6' WHERE rowid = 2",
        "CREATE TABLE another (x)",
        "ALTER TABLE calls ADD COLUMN more TEXT",
    ],
)
def test_it_differs_where_anything_differs(file: ModelFile, sql: str) -> None:
    before = digest(file.db)
    assert digest(file.db) == before
    file.db.execute(sql)
    assert digest(file.db) != before


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO words (words) VALUES ('optimize')",
        "VACUUM main",
        "UPDATE _readside SET made = 1",
        "INSERT INTO _dead_letters VALUES (99, 'x', 'y', 0, 1)",
        "CREATE INDEX more ON calls (player)",
        "ANALYZE main",
    ],
)
def test_how_the_rows_are_kept_does_not_matter(file: ModelFile, sql: str) -> None:
    before = digest(file.db)
    file.db.execute(sql)
    assert digest(file.db) == before


def test_values_of_different_kinds_differ() -> None:
    digests = set()
    values = (
        "1",
        "1.0",
        "'1'",
        "x'31'",
        "NULL",
        "''",
        "x''",
        "9e999",
        "-9e999",
        "0.0",
        "-1",
        "'NULL'",
        "'MQ=='",
    )
    for value in values:
        db = sqlite3.connect(":memory:")
        db.execute("CREATE TABLE t (x)")
        db.execute(f"INSERT INTO t VALUES ({value})")
        digests.add(digest(db))
    assert len(digests) == len(values)


def test_the_order_of_writing_does_not_matter() -> None:
    digests = set()
    for order in ("(1, 1), (1, 2), (NULL, 1), ('x', 0)", "('x', 0), (NULL, 1), (1, 2), (1, 1)"):
        db = sqlite3.connect(":memory:")
        db.execute("CREATE TABLE t (x, y)")
        db.execute(f"INSERT INTO t VALUES {order}")
        digests.add(digest(db))
    assert len(digests) == 1
