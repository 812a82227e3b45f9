"""A copy of the log is one moment of it, however long it takes and whoever writes meanwhile."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from milena.home import Home
from milena.store import Head, Unavailable, copying
from milena.store.copying import contents, copy, hash_at, leave_wal


def append(home: Home, count: int = 1) -> Head:
    """The head of the log after some more events."""
    start = home.store.head().position
    with home.store.transaction() as transaction:
        transaction.append(
            ("member:t:ann", n, "command.invoked", "{}", 0, "ann", "t", f"i{n}", None, f"i{n}")
            for n in range(start + 1, start + count + 1)
        )
    return home.store.head()


def test_a_copy_ends_where_the_log_ended_when_it_began(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a log of many pages, to which is written after every page that is copied
    monkeypatch.setattr(copying, "PAGES", 1)
    head = append(home, 500)
    pages = home.store.rows("PRAGMA page_count")[0][0]
    steps = []

    def write(done: int, total: int) -> None:
        steps.append((done, total))
        assert len(steps) <= pages, "it began again"
        append(home)

    # When it is copied
    copy(home.store.path, tmp_path / "copy.db", write)
    copy(home.vault.path, tmp_path / "vault.db")

    # Then each page was copied once, and what came meanwhile is not in it
    assert steps == [(done, pages) for done in range(1, pages + 1)]
    assert contents(tmp_path / "copy.db", tmp_path / "vault.db").head == head
    assert home.store.head().position == head.position + pages


def test_a_copy_is_one_file(home: Home, tmp_path: Path) -> None:
    append(home)

    copy(home.store.path, tmp_path / "copies.db")

    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["copies.db"]


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        copy(tmp_path / "none.db", tmp_path / "copy.db")

    assert not (tmp_path / "none.db").exists()


def test_the_hash_of_an_event_is_told_or_that_there_is_none(home: Home) -> None:
    head = append(home, 3)

    assert hash_at(home.store.path, 3) == head.hash
    assert hash_at(home.store.path, 4) is None


def test_the_wal_is_left_only_where_nobody_else_has_the_file(tmp_path: Path) -> None:
    with Home(tmp_path / "data") as home:
        append(home, 3)
        with pytest.raises(Unavailable, match=r"events\.db is in use by another process"):
            leave_wal(home.store.path)
        head = append(home)

    leave_wal(tmp_path / "data" / "events.db")

    with closing(sqlite3.connect(tmp_path / "data" / "events.db")) as log:
        assert log.execute("SELECT max(position) FROM events").fetchone() == (head.position,)
