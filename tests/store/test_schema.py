"""The file of the log: what is made, what is refused, and that nothing in it can be changed by SQL."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from milena.domain.ids import PlayerId
from milena.home import Home
from milena.store import Damaged, StoreError, Unavailable, schema
from milena.store.formats import uri
from milena.store.schema import APPLICATION_ID, MIGRATIONS, VERSION, migrate
from milena.store.sqlite import WAL_PAGES, connect


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


@pytest.fixture
def fresh(file: Path) -> Iterator[sqlite3.Connection]:
    connection = connect(uri(str(file)))
    yield connection
    connection.close()


TABLES = {"events", "snapshots", "archives", "archived_games", "archived"}


def pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def tables(connection: sqlite3.Connection) -> set[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return {row[0] for row in found}


def test_a_fresh_file_gets_the_tables_and_says_whose_it_is(fresh: sqlite3.Connection) -> None:
    assert migrate(fresh, "events.db") == 0
    assert tables(fresh) == TABLES
    assert pragma(fresh, "application_id") == APPLICATION_ID
    assert pragma(fresh, "user_version") == VERSION == len(MIGRATIONS)


def test_a_file_of_this_format_is_left_as_it_is(fresh: sqlite3.Connection) -> None:
    migrate(fresh, "events.db")
    before = fresh.execute("SELECT * FROM sqlite_master").fetchall(), pragma(fresh, "data_version")
    assert migrate(fresh, "events.db") == VERSION
    assert (fresh.execute("SELECT * FROM sqlite_master").fetchall(), pragma(fresh, "data_version")) == before


def test_every_connection_writes_ahead_and_waits_for_the_disk(fresh: sqlite3.Connection) -> None:
    assert pragma(fresh, "journal_mode") == "wal"
    assert pragma(fresh, "synchronous") == 2  # FULL
    assert pragma(fresh, "wal_autocheckpoint") == WAL_PAGES


def test_the_connections_of_a_home_do_so_too(home: Home) -> None:
    for name, value in (("journal_mode", "wal"), ("synchronous", 2), ("wal_autocheckpoint", WAL_PAGES)):
        assert home.store.rows(f"PRAGMA {name}") == [(value,)]
        with home.store.transaction() as transaction:
            assert transaction.rows(f"PRAGMA {name}") == [(value,)]


def test_a_file_of_somebody_elses_is_refused_and_left_alone(file: Path, fresh: sqlite3.Connection) -> None:
    fresh.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(Damaged, match="not Milena's log; choose another data directory"):
        migrate(fresh, str(file))
    assert tables(fresh) == {"recipes"}
    assert pragma(fresh, "application_id") == pragma(fresh, "user_version") == 0


def test_a_file_of_a_newer_release_is_refused_with_the_remedy(fresh: sqlite3.Connection) -> None:
    migrate(fresh, "events.db")
    fresh.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(Unavailable, match=rf"newer Milena \(format {VERSION + 1}.*upgrade"):
        migrate(fresh, "events.db")
    assert pragma(fresh, "user_version") == VERSION + 1


@pytest.mark.parametrize(
    "content", [b"This is no database, but a letter.\n" * 100, b"\x00" * 5000, b"SQLite"]
)
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    Home(tmp_path).close()
    file = tmp_path / "events.db"
    for path in tmp_path.glob("events.db-*"):
        path.unlink()
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"events\.db") as caught:
        Home(tmp_path)
    assert len(str(caught.value).splitlines()) == 1
    assert file.read_bytes() == content


def test_an_empty_file_is_a_fresh_one(tmp_path: Path) -> None:
    (tmp_path / "events.db").touch()
    with Home(tmp_path) as home:
        assert home.store.head().position == 0


def test_a_migration_is_done_whole_or_not_at_all(
    fresh: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(fresh, "events.db")
    broken = """
    CREATE TABLE first_half (name TEXT);
    CREATE TABLE second_half (name NONSENSE) STRICT;
    """
    monkeypatch.setattr(schema, "MIGRATIONS", [*MIGRATIONS, broken])
    monkeypatch.setattr(schema, "VERSION", VERSION + 1)
    with pytest.raises(sqlite3.OperationalError):
        migrate(fresh, "events.db")
    assert not fresh.in_transaction
    assert tables(fresh) == TABLES
    assert pragma(fresh, "user_version") == VERSION


def test_an_older_file_gets_only_the_migrations_that_it_lacks(
    fresh: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(fresh, "events.db")
    added = "CREATE TABLE added (name TEXT) STRICT; -- a comment; with a semicolon\n"
    monkeypatch.setattr(schema, "MIGRATIONS", [*MIGRATIONS, added])
    monkeypatch.setattr(schema, "VERSION", VERSION + 1)
    assert migrate(fresh, "events.db") == VERSION
    assert tables(fresh) == {*TABLES, "added"}
    assert pragma(fresh, "user_version") == VERSION + 1


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE events SET payload = '{}'", "events are never changed"),
        ("UPDATE events SET position = position + 100", "events are never changed"),
        ("UPDATE OR IGNORE events SET hash = x'00'", "events are never changed"),
        ("DELETE FROM events", "events are never deleted"),
        ("DELETE FROM events WHERE position = 4", "events are never deleted"),
    ],
)
def test_events_can_be_neither_changed_nor_deleted(
    home: Home, invoke: object, ann: PlayerId, sql: str, sentence: str
) -> None:
    assert callable(invoke)
    invoke("open", ann, game="tictactoe")
    before = home.store.rows("SELECT * FROM events")
    with (
        sqlite3.connect(home.path / "events.db") as connection,
        pytest.raises(sqlite3.IntegrityError, match=sentence),
    ):
        connection.execute(sql)
    connection.close()
    assert home.store.rows("SELECT * FROM events") == before


def test_positions_are_never_given_twice_even_where_rows_were_removed_by_force(
    home: Home, invoke: object, ann: PlayerId
) -> None:
    assert callable(invoke)
    invoke("open", ann, game="tictactoe")
    with sqlite3.connect(home.path / "events.db") as connection:
        connection.execute("DROP TRIGGER events_are_never_deleted")
        connection.execute("DELETE FROM events WHERE position = 4")
        connection.execute(
            "INSERT INTO events (stream, version, tag, payload, time, player, place, correlation, hash) "
            "VALUES ('game:x', 1, 't', '{}', 0, '', '', '', x'00')"
        )
        assert connection.execute("SELECT max(position) FROM events").fetchone() == (5,)
    connection.close()


def test_a_version_and_an_invocation_are_taken_once(home: Home) -> None:
    row = ("game:x", 1, "t", "{}", 0, "", "", "c", None, "the id")
    with home.store.transaction() as transaction:
        transaction.append([row])
    for again in (("game:x", 1, *row[2:9], "another"), ("game:y", *row[1:])):
        with (
            pytest.raises(StoreError, match="Somebody else was first"),
            home.store.transaction() as transaction,
        ):
            transaction.append([again])
    assert home.store.head().position == 1
