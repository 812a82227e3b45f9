"""A file takes in each event once, in order: however the log is cut, whoever else does, come what may."""

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tallying import Folder, Poisonous, Writing, cut, diary, tally, write_down, written

from milena.domain.refusal import Refused
from milena.readside import BadModel, Model, Poison
from milena.readside import file as files
from milena.readside.digest import digest
from milena.readside.file import ModelFile, OtherLog
from milena.readside.model import Folding
from milena.readside.own import Letter, Spoilt, make
from milena.store import Envelope, Unavailable


def positions(letters: list[Letter]) -> list[int]:
    return [letter.position for letter in letters]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten events a transaction."""
    monkeypatch.setattr(files, "BATCH", 10)


# ------------------------------------------------------------------------------------------ batches


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(cuts=st.sets(st.integers(1, 39), max_size=20))
def test_batches_of_any_size_give_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, forty: Writing, cuts: set[int]
) -> None:
    directory = tmp_path_factory.mktemp("any")
    for model in (tally(), diary()):
        digests = []
        for name, ends in (("whole", set[int]()), ("cut", cuts), ("single", set(range(40)))):
            path = directory / f"{model.name}.{name}"
            make(path, model)
            with ModelFile(path, model, forty.log) as file:
                cut(file, ends, forty.head)
                assert file.position == forty.head == 40
                digests.append(digest(file.db))
                if model.name == "diary":
                    assert written(file.db) == list(range(1, 41))
                else:
                    assert file.db.execute("SELECT sum(number) FROM counts").fetchone() == (40,)
        assert len(set(digests)) == 1


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Writing:
    """A log of forty calls, for reading only."""
    from milena.home import Home

    writing = Writing(Home(tmp_path_factory.mktemp("forty") / "data"))
    writing.calls(40)
    return writing


def test_a_long_log_is_taken_in_a_batch_at_a_time(
    writing: Writing, folder: Folder, small_batches: None
) -> None:
    writing.calls(25)
    with folder.file(diary()) as file:
        assert [file.advance() for _ in range(4)] == [10, 10, 5, 0]
        assert file.advance(12) == 0
        assert written(file.db) == list(range(1, 26))


def test_nothing_behind_the_wanted_position_is_taken_in(writing: Writing, folder: Folder) -> None:
    writing.calls(9)
    with folder.file(diary()) as file:
        file.advance(4)
        assert (file.position, written(file.db)) == (4, [1, 2, 3, 4])


def test_a_file_opened_again_goes_on_where_it_was(writing: Writing, folder: Folder) -> None:
    writing.calls(5)
    with folder.file(diary()) as file:
        file.advance(3)
    with folder.file(diary()) as file:
        assert file.position == 3
        file.advance()
        assert written(file.db) == [1, 2, 3, 4, 5]


def test_handlers_see_events_in_order_also_where_there_are_many(writing: Writing, folder: Folder) -> None:
    writing.calls(2 * files.PAGE + 3)
    with folder.file(diary()) as file:
        file.advance()
        assert written(file.db) == list(range(1, 2 * files.PAGE + 4))


def test_a_handler_is_called_for_its_tags_only_and_settle_once_a_batch(
    writing: Writing, folder: Folder
) -> None:
    settled = []
    model = diary(settle=lambda folding: settled.append(written(folding.db)))
    writing.call("one", "two")
    writing.call("", tag="game.started")
    writing.call("three")
    with folder.file(model) as file:
        file.advance(2)
        file.advance()
    assert settled == [[1, 2], [1, 2, 4]]


def test_the_file_is_for_its_owner_only(writing: Writing, folder: Folder) -> None:
    with folder.file(tally()) as file:
        writing.calls(1)
        file.advance()
        for suffix in ("", "-wal", "-shm"):
            mode = stat.S_IMODE(Path(f"{file.path}{suffix}").stat().st_mode)
            assert mode == 0o600, suffix


# ------------------------------------------------------------------------------------------- poison


@pytest.mark.parametrize("bad", [1, 7, 10, 11, 24, 25])
def test_poison_is_found_by_halves_and_all_before_it_is_taken_in(
    writing: Writing, folder: Folder, small_batches: None, bad: int
) -> None:
    writing.calls(25)
    with folder.file(diary(handler=Poisonous(bad))) as file:
        with pytest.raises(Poison) as caught:
            cut(file, (), writing.head)
        assert (caught.value.model, caught.value.position) == ("diary", bad)
        assert (caught.value.tag, caught.value.problem) == ("command.invoked", "KeyError: 'sæt'")
        assert str(caught.value) == f"diary can't take in position {bad} (command.invoked): KeyError: 'sæt'"
        assert written(file.db) == list(range(1, bad))
        assert file.stamp().position == bad - 1
        assert file.letters() == []


def test_poison_is_tried_and_then_parked_and_the_others_come_in_order(
    writing: Writing, folder: Folder, small_batches: None
) -> None:
    writing.calls(25)
    handler = Poisonous(7, 8, 21)
    with folder.file(diary(handler=handler), tries=3) as file:
        raised = []
        for _ in range(100):
            try:
                if not file.advance():
                    break
            except Poison as poison:
                raised.append(poison.position)
        assert raised == [7, 7, 8, 8, 21, 21]
        assert written(file.db) == [each for each in range(1, 26) if each not in handler.positions]
        assert file.position == 25
        assert positions(file.letters()) == [7, 8, 21]
        assert {(each.tag, each.problem, each.dropped) for each in file.letters()} == {
            ("command.invoked", "KeyError: 'sæt'", 0)
        }


def test_what_is_mended_before_the_last_try_is_taken_in(writing: Writing, folder: Folder) -> None:
    writing.calls(5)
    handler = Poisonous(3)
    with folder.file(diary(handler=handler), tries=3) as file:
        for _ in range(2):
            with pytest.raises(Poison):
                file.advance()
        handler.positions.clear()
        file.advance()
        assert (written(file.db), file.letters()) == ([1, 2, 3, 4, 5], [])


def test_sql_can_be_poisoned_too(writing: Writing, folder: Folder) -> None:
    writing.call("good", "bad", "good")
    model = tally(schema=(*tally().schema, "CREATE UNIQUE INDEX once ON calls (command);"))
    with folder.file(model, tries=1) as file:
        file.advance()
        assert positions(file.letters()) == [3]
        assert "UNIQUE" in file.letters()[0].problem
        assert file.db.execute("SELECT position FROM calls ORDER BY 1").fetchall() == [(1,), (2,)]
        assert file.db.execute("SELECT rowid FROM words WHERE words MATCH 'good'").fetchall() == [(1,)]


def test_a_parked_event_is_in_no_later_batch(writing: Writing, folder: Folder) -> None:
    writing.calls(3)
    with folder.file(diary(handler=Poisonous(3)), tries=1) as file:
        file.advance()
        file.db.execute("UPDATE temp.span SET after = 0, upto = 3")
        assert file.db.execute("SELECT position FROM batch").fetchall() == [(1,), (2,)]


def test_an_event_that_can_not_be_read_is_poison(writing: Writing, folder: Folder) -> None:
    def read(folding: Folding, event: Envelope) -> None:
        folding.event(event)

    model = diary(handlers={"game.opened": read}, tags=frozenset({"game.opened"}))
    writing.call("", tag="game.opened")
    with folder.file(model, tries=1) as file:
        file.advance()
        [letter] = file.letters()
    assert (letter.position, letter.tag) == (1, "game.opened")


def test_where_everything_is_poison_it_is_the_model_that_is_wrong(
    writing: Writing, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LETTERS", 5)
    writing.calls(20)
    with folder.file(diary(handler=Poisonous(*range(1, 21))), tries=1) as file:
        with pytest.raises(Poison):
            file.advance()
        assert positions(file.letters()) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "error",
    [OSError(5, "disk"), MemoryError(), Unavailable("busy")],
    ids=repr,
)
def test_what_is_not_the_events_fault_is_no_poison(
    writing: Writing, folder: Folder, error: Exception
) -> None:
    failing = [error]

    def handler(folding: Folding, event: Envelope) -> None:
        if event.position == 2 and failing:
            raise failing[0]
        write_down(folding, event)

    writing.calls(3)
    with folder.file(diary(handler=handler), tries=1) as file:
        for _ in range(3):
            with pytest.raises(type(error)):
                file.advance()
        failing.clear()
        file.advance()
        assert (written(file.db), file.letters()) == ([1, 2, 3], [])


def test_a_file_that_another_process_writes_to_is_no_poison(
    writing: Writing, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing.calls(3)
    with folder.file(diary(), tries=1) as file:
        file.db.execute("PRAGMA busy_timeout = 1")
        other = sqlite3.connect(file.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            file.advance()
        other.close()
        file.advance()
        assert (written(file.db), file.letters()) == ([1, 2, 3], [])


# ------------------------------------------------------------------------------------------ dropped


def test_a_dropped_event_is_left_out(writing: Writing, folder: Folder) -> None:
    writing.calls(5)
    with folder.file(diary()) as file:
        file.advance(2)
        letter = file.leave_out(4)
        assert (letter.position, letter.dropped) == (4, 1)
        file.advance()
        assert written(file.db) == [1, 2, 3, 5]


def test_only_what_is_not_taken_in_can_be_dropped(writing: Writing, folder: Folder) -> None:
    writing.calls(5)
    with folder.file(diary(handler=Poisonous(3)), tries=1) as file:
        file.advance()
        assert file.leave_out(3).dropped
        assert file.leave_out(3).dropped, "twice is no mistake"
        for position, code in ((2, "taken_in"), (6, "unknown_position"), (0, "unknown_position")):
            with pytest.raises(Refused) as caught:
                file.leave_out(position)
            assert caught.value.code == code


# ------------------------------------------------------------------------------------------- others


@pytest.mark.parametrize("model", [tally(), diary()], ids=lambda model: model.name)
def test_several_who_take_in_at_once_miss_and_double_nothing(
    writing: Writing, folder: Folder, monkeypatch: pytest.MonkeyPatch, model: Model
) -> None:
    # Given small batches, so that they meet often
    monkeypatch.setattr(files, "BATCH", 3)
    folder.file(model).close()
    stop = threading.Event()
    failed: list[BaseException] = []

    def follow() -> None:
        try:
            with folder.file(model) as file:
                while not stop.is_set() or file.position < writing.head:
                    file.advance()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=follow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(30):
        writing.calls(4)
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    with folder.file(model) as file:
        assert file.position == 120
        if model.name == "diary":
            assert written(file.db) == list(range(1, 121))
        else:
            assert file.db.execute("SELECT sum(number) FROM counts").fetchone() == (120,)


def test_who_was_too_slow_takes_in_nothing(writing: Writing, folder: Folder) -> None:
    writing.calls(4)
    with folder.file(diary()) as slow, folder.file(diary()) as quick:
        quick.advance()
        slow._take(0, 4)
        assert written(slow.db) == [1, 2, 3, 4]


def test_a_file_that_is_replaced_takes_in_nothing_more(writing: Writing, folder: Folder) -> None:
    writing.calls(4)
    live = [True]
    with folder.file(diary(), is_live=lambda path: live[0]) as file:
        assert file.advance(2) == 2
        live[0] = False
        assert file.advance() == 0
        assert written(file.db) == [1, 2]


# ------------------------------------------------------------------------------------------ mistakes


def spoil(file: ModelFile, sql: str) -> None:
    with sqlite3.connect(file.path) as db:
        db.execute(sql)
    db.close()


@pytest.mark.parametrize(
    "sql", ["DELETE FROM _readside", "DROP TABLE _readside", "ALTER TABLE _readside DROP hash"]
)
def test_a_file_that_has_lost_its_checkpoint_is_spoilt(folder: Folder, sql: str) -> None:
    file = folder.file(diary())
    file.close()
    spoil(file, sql)
    with pytest.raises(Spoilt, match="checkpoint"):
        folder.file(diary())


def test_a_file_that_is_not_there_is_not_made(folder: Folder, writing: Writing) -> None:
    path = folder.directory / "none.db"
    folder.directory.mkdir()
    with pytest.raises(sqlite3.OperationalError):
        ModelFile(path, diary(), writing.log)
    assert not path.exists()


def test_a_log_that_ends_earlier_is_another_one(writing: Writing, folder: Folder) -> None:
    writing.calls(3)
    with folder.file(diary()) as file:
        file.advance()
        file.db.execute("UPDATE _readside SET position = 4")
        with pytest.raises(OtherLog, match="is at position 4, and the log ends at 3"):
            file.advance()


def test_a_log_of_the_same_length_is_known_by_its_hash(writing: Writing, folder: Folder) -> None:
    writing.calls(3)
    with folder.file(diary()) as file:
        file.advance()
        file.check_log()
        file.db.execute("UPDATE _readside SET hash = zeroblob(32)")
        with pytest.raises(OtherLog):
            file.check_log()
        writing.calls(1)
        with pytest.raises(OtherLog):
            file.advance()
        assert written(file.db) == [1, 2, 3]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"schema": ("CREATE TABEL x (y);",)}, "schema.sql: near \"TABEL\""),
        ({"schema": ("CREATE TABLE x (y);", "CREATE INDEX i ON z (y);")},
         "schema.sql: no such table: main.z"),
        ({"fold": ("INSERT INTO main.calls SELEKT 1;",)}, "fold.sql: near \"SELEKT\""),
        ({"fold": ("INSERT INTO main.nowhere SELECT 1 FROM batch;",)},
         "fold.sql: no such table: main.nowhere"),
        ({"fold": ("INSERT INTO main.unscoped SELECT nowhere, 1 FROM batch;",)},
         "fold.sql: no such column: nowhere"),
    ],
)  # fmt: skip
def test_sql_that_can_not_be_compiled_is_the_authors_mistake_and_no_poison(
    writing: Writing, folder: Folder, changed: dict[str, tuple[str, ...]], wrong: str
) -> None:
    writing.calls(3)
    with pytest.raises(BadModel) as caught:
        folder.file(tally(**changed), tries=1)
    assert str(caught.value).startswith(f"read model 'tally': {wrong}")


def test_a_mistake_in_the_fold_of_a_newer_release_does_not_park_events(
    writing: Writing, folder: Folder
) -> None:
    writing.calls(3)
    folder.file(tally()).close()
    with pytest.raises(BadModel, match=r"fold\.sql"):
        folder.file(tally(fold=("INSERT INTO main.nowhere SELECT 1;",)), tries=1)


def test_a_game_that_can_not_be_replayed_is_none_and_a_log_that_can_not_be_read_is_not(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing.call("", tag="game.opened")
    assert writing.log.game("nowhere", 1) is not None
    log = writing.log

    def refuse(*_: object, **__: object) -> None:
        raise Unavailable("locked")

    monkeypatch.setattr(writing.home.store, "fold", refuse)
    with pytest.raises(Unavailable):
        log.game("nowhere", 1)
