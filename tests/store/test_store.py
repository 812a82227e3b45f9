"""The store: an Application of the eventsourcing library whose log is chained, and is written all or none."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.aggregates import GAMES
from milena.domain.game.events import Opened, SeatTaken
from milena.domain.ids import PlayerId
from milena.home import Home
from milena.store import GENESIS, Conflict, Damaged, Envelope, Head, StoreError, Unavailable
from milena.store.envelope import FIELDS, expected_hash, link
from milena.store.mapper import Recorded

INTEGERS = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ENVELOPES = st.tuples(
    INTEGERS, TEXT, INTEGERS, TEXT, TEXT, INTEGERS, TEXT, TEXT, TEXT, INTEGERS | st.none(), TEXT | st.none()
)
OPENED = Opened("tictactoe", 1, {}, 2, PlayerId("ann"), "00")
TAKEN = SeatTaken(0, PlayerId("ann"), "salt")


def row(stream: str, version: int, invocation: str | None = None) -> tuple[Any, ...]:
    return (stream, version, "game.seat_left", "{}", 0, "ann", "terminal/main", "c", None, invocation)


def assert_chained(home: Home) -> None:
    previous = bytes(32)
    for position, envelope in enumerate(home.store.scan(), start=1):
        assert envelope.position == position
        assert envelope.hash == expected_hash(previous, envelope)
        previous = envelope.hash
    assert home.store.head().hash == previous


# ------------------------------------------------------------------------------------------- the chain


@given(previous=st.binary(min_size=32, max_size=32), fields=ENVELOPES)
def test_a_link_is_the_formula_that_is_written_down(previous: bytes, fields: tuple[Any, ...]) -> None:
    line = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    assert link(previous, fields) == hashlib.sha256(previous + line).digest()
    assert expected_hash(previous, Envelope(*(*fields, b""))) == link(previous, fields)


def test_a_link_has_every_field_but_the_hash() -> None:
    fields: list[Any] = [1, "s", 1, "t", "{}", 0, "p", "here", "c", 1, "i"]
    assert len(fields) == len(FIELDS) - 1
    others = [[*fields[:at], "other", *fields[at + 1 :]] for at in range(len(fields))]
    assert len({link(GENESIS, tuple(each)) for each in (fields, *others)}) == len(fields) + 1


def test_an_empty_log_ends_at_its_genesis(home: Home) -> None:
    assert home.store.head() == Head(0, bytes(32))
    assert list(home.store.scan()) == []
    assert home.store.at(1) is None


# ------------------------------------------------------------------------ what the library can do with it


def test_the_librarys_own_save_appends_to_the_same_chain(home: Home) -> None:
    home.store.save(Recorded("game:x", 1, OPENED), Recorded("game:x", 2, TAKEN))
    with home.store.transaction() as transaction:
        transaction.append([row("game:y", 1)])
    home.store.save(Recorded("game:z", 1, OPENED))

    assert [(e.position, e.stream, e.version) for e in home.store.scan()] == [
        (1, "game:x", 1), (2, "game:x", 2), (3, "game:y", 1), (4, "game:z", 1),
    ]  # fmt: skip
    assert_chained(home)
    assert home.store.fold(GAMES, "x").version == 2


def test_the_librarys_save_is_refused_where_a_version_is_taken(home: Home) -> None:
    home.store.save(Recorded("game:x", 1, OPENED))
    with pytest.raises(Exception, match="UNIQUE constraint failed"):
        home.store.save(Recorded("game:x", 2, TAKEN), Recorded("game:x", 1, OPENED))
    assert home.store.head().position == 1
    assert_chained(home)


def test_the_librarys_event_store_and_notification_log_read_what_the_engine_wrote(
    home: Home, invoke: Callable[..., Any], ann: PlayerId
) -> None:
    game = invoke("open", ann, game="tictactoe").result["game"]

    events: list[Any] = list(home.store.events.get(f"game:{game}"))
    notifications = home.store.notification_log.select(start=1, limit=10)

    assert [each.originator_version for each in events] == [1, 2]
    assert [type(each.event).__name__ for each in events] == ["Opened", "SeatTaken"]
    assert [(each.id, each.topic) for each in notifications] == [
        (1, "command.invoked"), (2, "game.opened"), (3, "game.seat_taken"), (4, "lobby.game_listed"),
    ]  # fmt: skip
    assert home.store.mapper.to_domain_event(notifications[1]) == events[0]


def test_positions_can_be_selected_by_tag_and_range(home: Home) -> None:
    home.store.save(*(Recorded("game:x", version, TAKEN) for version in range(1, 8)))
    select = home.store.recorder.select_notifications
    assert [each.id for each in select(3, 2)] == [3, 4]
    assert [each.id for each in select(3, 2, inclusive_of_start=False)] == [4, 5]
    assert [each.id for each in select(3, 100, stop=5)] == [3, 4, 5]
    assert select(1, 10, topics=["game.opened"]) == []
    assert len(select(1, 10, topics=["game.opened", "game.seat_taken"])) == 7


# ------------------------------------------------------------------------------- all or none, and reading


def test_a_transaction_that_fails_leaves_nothing_behind(home: Home) -> None:
    with home.store.transaction() as transaction:
        transaction.append([row("game:x", 1)])
    head = home.store.head()

    def write_and_fail() -> None:
        with home.store.transaction() as transaction:
            transaction.append([row("game:x", 2), row("game:x", 3)])
            transaction.snapshot("game", "game:x", 3, b"{}")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with pytest.raises(Conflict), home.store.transaction() as transaction:
        transaction.append([row("game:x", 2), row("game:x", 1)])

    assert home.store.head() == head
    assert home.store.rows("SELECT count(*) FROM snapshots") == [(0,)]
    with home.store.transaction() as transaction:
        transaction.append([row("game:x", 2)])
        assert transaction.head().position == 2
    assert_chained(home)


def test_what_is_not_committed_is_seen_by_the_writer_only(home: Home) -> None:
    with home.store.transaction() as transaction:
        transaction.append([row("game:x", 1)])
        assert transaction.head().position == 1
        assert len(transaction.stream("game:x")) == 1
        assert home.store.head().position == 0
    assert home.store.head().position == 1


def test_a_transaction_knows_the_streams_that_strangers_wrote_to(home: Home) -> None:
    def strangers(*rows: tuple[Any, ...]) -> list[str] | None:
        with home.store.transaction() as transaction:
            transaction.append(rows)
            return transaction.strangers

    assert strangers(row("game:x", 1)) is None, "nothing is known at first"
    assert strangers(row("game:x", 2)) == []
    with Home(home.path) as other, other.store.transaction() as transaction:
        transaction.append([row("game:y", 1), row("game:x", 3), row("game:y", 2)])
    assert sorted(strangers() or ()) == ["game:x", "game:y"]
    assert strangers() == []


def test_while_one_process_writes_another_waits_and_then_says_so(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milena.store.sqlite.LOCK_TIMEOUT", 0.05)
    with Home(home.path) as other, home.store.transaction():
        with (
            pytest.raises(Unavailable, match=r"events\.db is locked by another process"),
            other.store.transaction(),
        ):
            pass
        assert other.store.head().position == 0


def test_a_log_is_read_in_pages_without_gaps(home: Home) -> None:
    with home.store.transaction() as transaction:
        transaction.append([row("game:x", version) for version in range(1, 26)])
    for page in (1, 7, 25, 26):
        assert [e.position for e in home.store.scan(page=page)] == list(range(1, 26))
    assert [e.position for e in home.store.scan(after=10, upto=12, page=1)] == [11, 12]
    assert [e.version for e in home.store.stream("game:x", after=23)] == [24, 25]


def test_an_invocation_and_those_that_followed_from_it_are_found(home: Home) -> None:
    with home.store.transaction() as transaction:
        transaction.append([row("game:x", 1, "c"), row("game:x", 2, "later"), row("game:x", 3)])
    found = home.store.invocation("later")
    assert found is not None
    assert found.position == 2
    assert [each.invocation for each in home.store.followed("c")] == ["later"]
    assert home.store.invocation("never") is None


def test_streams_are_listed_by_kind_oldest_first(home: Home) -> None:
    with home.store.transaction() as transaction:
        transaction.append([row("game:a", 1), row("gamer:b", 1), row("game:c", 1), row("game:a", 2)])
    assert home.store.streams("game") == ["a", "c"]
    assert home.store.streams("gamer") == ["b"]


# ------------------------------------------------------------------------------------- what can go wrong


def test_a_directory_in_the_place_of_the_log_is_a_one_line_error(tmp_path: Path) -> None:
    (tmp_path / "events.db").mkdir()
    with pytest.raises(StoreError, match=r"events\.db") as caught:
        Home(tmp_path)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_in_the_place_of_the_data_directory_is_a_one_line_error(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(Unavailable, match="can't be made: File exists"):
        Home(tmp_path / "data")


@pytest.mark.parametrize("name", ["a b", "ümlaut", "q?u=e&r#y", "100%41", "'quoted'"])
def test_a_data_directory_may_have_any_name(tmp_path: Path, name: str) -> None:
    with Home(tmp_path / name) as home:
        home.store.save(Recorded("game:x", 1, OPENED))
    assert (tmp_path / name / "events.db").stat().st_size > 0
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with Home(tmp_path / name) as home:
        assert home.store.head().position == 1


def test_the_environment_does_not_move_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQLITE_DBNAME", str(tmp_path / "elsewhere.db"))
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.popo")
    monkeypatch.setenv("COMPRESSOR_TOPIC", "zlib")
    with Home(tmp_path / "data") as home:
        home.store.save(Recorded("game:x", 1, OPENED))
    with Home(tmp_path / "data") as home:
        assert home.store.head().position == 1
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_file_of_somebody_elses_in_the_place_of_the_log_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "events.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    before = file.read_bytes()
    with pytest.raises(Damaged, match="not Milena's log; choose another data directory"):
        Home(tmp_path)
    assert file.read_bytes() == before
