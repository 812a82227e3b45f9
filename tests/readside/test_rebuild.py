"""A model is made anew while others read and follow the live one, which never stops and never goes back."""

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tallying import Folder, Poisonous, Writing, diary, tally, write_down

from milena.domain.refusal import Refused
from milena.readside import BadModel, Behind, Model, Poison, ReadSide
from milena.readside import file as files
from milena.readside.digest import digest
from milena.readside.model import Folding
from milena.readside.own import PAGE_SIZE
from milena.readside.rebuild import rebuild
from milena.store import Damaged, Envelope, Unavailable


def entries(folder: Folder) -> list[str]:
    """What lies in the directory, without what SQLite puts beside an open file."""
    return sorted(
        name for name in os.listdir(folder.directory) if not name.endswith(("-wal", "-shm", ".lock"))
    )


def live(folder: Folder, model: Model) -> Path:
    path = folder.shelf(model).live()
    assert path is not None
    return path


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(path)
    try:
        yield db
    finally:
        db.close()


def positions(folder: Folder, model: Model) -> list[int]:
    with opened(live(folder, model)) as db:
        return [row[0] for row in db.execute("SELECT position FROM diary ORDER BY nth")]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BATCH", 10)


def test_it_is_made_beside_the_live_one_and_takes_its_place(writing: Writing, folder: Folder) -> None:
    writing.calls(30)
    readside = folder.readside(tally())
    readside.catch_up()
    with opened(live(folder, tally())) as db:
        before = digest(db)
    readside.rebuild("tally")
    assert entries(folder) == ["tally.db", "tally.v1.db", "tally.v2.db"]
    assert live(folder, tally()).name == "tally.v2.db"
    assert readside.check("tally")
    with opened(live(folder, tally())) as db:
        assert digest(db) == before
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert stat.S_IMODE(live(folder, tally()).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.directory.stat().st_mode) == 0o700


def test_only_the_generation_before_is_kept(writing: Writing, folder: Folder) -> None:
    readside = folder.readside(diary())
    for _ in range(4):
        readside.rebuild("diary")
    assert entries(folder) == ["diary.db", "diary.v3.db", "diary.v4.db"]


def test_it_tells_how_far_it_is(writing: Writing, folder: Folder, small_batches: None) -> None:
    told: list[tuple[int, int]] = []
    writing.calls(25)
    folder.readside(diary()).rebuild("diary", lambda done, total: told.append((done, total)))
    assert told == [(10, 25), (20, 25), (25, 25)]


def test_what_comes_meanwhile_is_in_it_too(writing: Writing, folder: Folder, small_batches: None) -> None:
    writing.calls(15)
    more = iter(range(3))

    def write_on(done: int, total: int) -> None:
        if next(more, None) is not None:
            writing.calls(4)

    folder.readside(diary()).rebuild("diary", write_on)
    assert positions(folder, diary()) == list(range(1, 28))


# ------------------------------------------------------------------------------------- who looks on


def test_the_live_model_serves_without_pause_and_never_goes_back(writing: Writing, folder: Folder) -> None:
    readside = folder.readside(tally())
    writing.calls(200)
    readside.catch_up()
    stop = threading.Event()
    failed: list[BaseException] = []
    reads: list[int] = []

    def read() -> None:
        seen = 0
        try:
            while not stop.is_set():
                with readside.asking("tally", None) as asking:
                    [(position, number)] = asking.select(
                        "SELECT (SELECT position FROM _readside), (SELECT sum(number) FROM counts)", ()
                    ).rows
                assert position == number, "rows and checkpoint belong together"
                assert position >= seen, "it went back"
                seen = position
                reads.append(position)
        except BaseException as error:
            failed.append(error)

    def write() -> None:
        while not stop.is_set():
            writing.calls(2)
            time.sleep(0.002)

    with readside.follower() as follower:
        threads = [threading.Thread(target=read) for _ in range(2)] + [threading.Thread(target=write)]
        for thread in threads:
            thread.start()
        for _ in range(8):
            readside.rebuild("tally")
        stop.set()
        for thread in threads:
            thread.join()
        follower.wait(writing.head)
        assert failed == []
        assert len(reads) > 20
        assert readside.check("tally")
    assert folder.shelf(tally()).generations()[-1] == 9


def test_who_has_the_old_one_open_reads_on(writing: Writing, folder: Folder) -> None:
    readside = folder.readside(tally())
    writing.calls(5)
    readside.catch_up()
    with readside.asking("tally", None) as asking:
        for _ in range(3):
            readside.rebuild("tally")
        assert asking.select("SELECT count(*) FROM calls", ()).rows == [(5,)]


# ---------------------------------------------------------------------------------- where it stops


def stays(folder: Folder, model: Model, readside: ReadSide, stops: Callable[[], Any]) -> None:
    """``stops`` leaves the live model, and no litter."""
    before, bytes_before = entries(folder), live(folder, model).read_bytes()
    stops()
    assert entries(folder) == before
    assert live(folder, model).read_bytes() == bytes_before
    readside.catch_up()


def test_it_stops_at_the_first_poison_and_the_live_model_stays(writing: Writing, folder: Folder) -> None:
    writing.calls(20)
    readside = folder.readside(diary())
    readside.catch_up()
    bad = folder.readside(diary(handler=Poisonous(13, 17)))

    def stop() -> None:
        with pytest.raises(Poison) as caught:
            bad.rebuild("diary")
        assert (caught.value.position, caught.value.tag) == (13, "command.invoked")

    stays(folder, diary(), readside, stop)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")], ids=repr)
def test_ctrl_c_and_errors_leave_the_live_model(
    writing: Writing, folder: Folder, small_batches: None, error: BaseException
) -> None:
    writing.calls(30)
    readside = folder.readside(diary())
    readside.catch_up()

    def interrupt(done: int, total: int) -> None:
        raise error

    def stop() -> None:
        with pytest.raises(KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else Unavailable):
            readside.rebuild("diary", interrupt)

    stays(folder, diary(), readside, stop)


def test_a_bad_schema_leaves_the_live_model(writing: Writing, folder: Folder) -> None:
    readside = folder.readside(diary())
    readside.catch_up()

    def stop() -> None:
        with pytest.raises(BadModel, match=r"schema\.sql"):
            folder.readside(diary(schema=("CREATE TABEL x;",))).rebuild("diary")

    stays(folder, diary(), readside, stop)


def test_two_at_once_are_one_too_many(writing: Writing, folder: Folder, small_batches: None) -> None:
    writing.calls(15)
    readside = folder.readside(diary())
    readside.catch_up()
    refused: list[str] = []

    def rebuild_too(done: int, total: int) -> None:
        for other in (
            readside.rebuild,
            readside.check,
            lambda name: readside.drop(name, 1),
            readside.rollback,
        ):
            with pytest.raises(Unavailable) as caught:
                other("diary")  # type: ignore[operator]
            refused.append(str(caught.value))

    readside.rebuild("diary", rebuild_too)
    assert set(refused) == {"diary is being made or checked by somebody else; wait until that is done."}
    assert live(folder, diary()).name == "diary.v2.db"


def test_what_a_killed_builder_left_is_removed_and_not_mistaken(writing: Writing, folder: Folder) -> None:
    writing.calls(5)
    readside = folder.readside(diary())
    readside.catch_up()
    litter = [
        "diary.v7.db.part",
        "diary.v7.db.part-journal",
        ".diary.123.link",
        "diary.v5.db-wal",
        "diary.v5.db-shm",
    ]
    for name in litter:
        (folder.directory / name).write_bytes(b"litter")
    foreign = folder.directory / "diary.v7.db.mine"
    foreign.write_text("somebody else's")
    readside.rebuild("diary")
    assert live(folder, diary()).name == "diary.v6.db", "no file gets the name of one that is gone"
    assert not [name for name in litter if (folder.directory / name).exists()]
    assert foreign.exists()
    assert positions(folder, diary()) == [1, 2, 3, 4, 5]


def test_a_wal_that_is_left_of_a_deleted_file_is_not_taken_for_that_of_a_new_one(
    writing: Writing, folder: Folder
) -> None:
    # Given a file that is deleted, while its WAL with rows of then stays
    writing.calls(5)
    readside = folder.readside(diary())
    readside.catch_up()
    path = live(folder, diary())
    with opened(path) as db:
        db.execute("INSERT INTO diary (position) VALUES (999)")
        db.commit()
        wal = Path(f"{path}-wal").read_bytes()
    path.unlink()
    Path(f"{path}-wal").write_bytes(wal)
    # When it is made anew
    readside.catch_up()
    # Then nothing of it comes back
    assert positions(folder, diary()) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_a_live_file_that_is_no_use_does_not_keep_it(writing: Writing, folder: Folder, harm: str) -> None:
    writing.calls(5)
    readside = folder.readside(diary())
    readside.catch_up()
    path = live(folder, diary())
    path.unlink() if harm == "missing" else path.write_bytes(b"\xa5" * 8192)
    readside.rebuild("diary")
    assert positions(folder, diary()) == [1, 2, 3, 4, 5]
    assert not path.exists() or path.read_bytes()[:1] == b"\xa5", "no empty file was made in its place"


# ------------------------------------------------------------------------------------------- rollback


def test_a_rollback_goes_to_the_generation_before_and_back(writing: Writing, folder: Folder) -> None:
    readside = folder.readside(diary())
    writing.calls(3)
    readside.catch_up()
    readside.rebuild("diary")
    assert readside.rollback("diary").name == "diary.v1.db"
    writing.calls(2)
    readside.catch_up()
    assert live(folder, diary()).name == "diary.v1.db"
    assert positions(folder, diary()) == [1, 2, 3, 4, 5]
    assert readside.rollback("diary").name == "diary.v2.db"
    readside.catch_up()
    assert positions(folder, diary()) == [1, 2, 3, 4, 5]


def test_a_rollback_under_a_running_follower(writing: Writing, folder: Folder) -> None:
    readside = folder.readside(diary())
    writing.calls(3)
    readside.catch_up()
    readside.rebuild("diary")
    with readside.follower() as follower:
        follower.wait(3)
        readside.rollback("diary")
        position = writing.calls(2)
        follower.wait(position)
        until = time.monotonic() + 30
        while positions(folder, diary()) != [1, 2, 3, 4, 5]:
            assert time.monotonic() < until
            time.sleep(0.01)


def test_there_has_to_be_a_generation_that_fits(writing: Writing, folder: Folder) -> None:
    readside = folder.readside(diary())
    with pytest.raises(Refused, match="no earlier diary"):
        readside.rollback("diary")
    readside.catch_up()
    with pytest.raises(Refused, match="no earlier diary"):
        readside.rollback("diary")
    newer = folder.readside(diary(version=2))
    newer.catch_up()
    with pytest.raises(Refused, match="made by another version"):
        newer.rollback("diary")
    assert live(folder, diary()).name == "diary.v2.db"


# --------------------------------------------------------------------------------------------- check


def test_a_check_finds_a_row_that_is_not_right(writing: Writing, folder: Folder) -> None:
    writing.calls(9)
    readside = folder.readside(tally())
    readside.catch_up()
    writing.calls(3)
    assert readside.check("tally"), "what is not taken in yet is no difference"
    for sql in (
        "UPDATE counts SET number = number + 1 WHERE rowid = 1",
        "DELETE FROM calls WHERE position = 4",
    ):
        sql = sql.replace(" WHERE rowid = 1", " WHERE player = 'ann' AND guild = 'g1'")
        with opened(live(folder, tally())) as db, db:
            db.execute(sql)
        assert not readside.check("tally"), sql
        readside.rebuild("tally")
        assert readside.check("tally")
    assert entries(folder) == ["tally.db", "tally.v2.db", "tally.v3.db"], "nothing is left of checks"


def test_a_check_needs_a_file_that_fits(writing: Writing, folder: Folder) -> None:
    with pytest.raises(Behind, match="milena projections rebuild"):
        folder.readside(diary()).check("diary")
    folder.readside(diary()).catch_up()
    with pytest.raises(Behind, match="milena projections rebuild"):
        folder.readside(diary(version=2)).check("diary")


def test_a_check_of_a_damaged_file_says_so(writing: Writing, folder: Folder) -> None:
    writing.calls(500)
    readside = folder.readside(tally())
    readside.catch_up()
    path = live(folder, tally())
    whole = path.read_bytes()
    path.write_bytes(whole[: 2 * PAGE_SIZE] + b"\xa5" * (len(whole) - 2 * PAGE_SIZE))
    with pytest.raises(Damaged, match="'milena projections rebuild tally' makes it anew"):
        readside.check("tally")


# ------------------------------------------------------------------------------------- dead letters


def test_a_mended_model_takes_its_dead_letters_in_where_they_belong(writing: Writing, folder: Folder) -> None:
    handler = Poisonous(2, 4)
    readside = folder.readside(diary(handler=handler))
    writing.calls(5)
    readside.catch_up()
    assert positions(folder, diary()) == [1, 3, 5]
    assert readside.check("diary"), "what is left out is left out there, too"
    handler.positions.discard(2)
    assert [letter.position for letter in readside.retry("diary", [2, 4])] == [4]
    assert positions(folder, diary()) == [1, 2, 3, 5]
    handler.positions.clear()
    assert readside.retry("diary", [4]) == []
    assert positions(folder, diary()) == [1, 2, 3, 4, 5]


def test_what_was_dropped_stays_dropped_until_it_is_retried(writing: Writing, folder: Folder) -> None:
    handler = Poisonous(2)
    readside = folder.readside(diary(handler=handler))
    writing.calls(3)
    readside.catch_up()
    assert readside.drop("diary", 2).dropped
    handler.positions.clear()
    readside.rebuild("diary")
    assert positions(folder, diary()) == [1, 3]
    assert [(each.position, each.dropped) for each in readside.letters("diary")] == [(2, 1)]
    assert readside.retry("diary", []) != []
    assert readside.retry("diary", [2]) == []
    assert positions(folder, diary()) == [1, 2, 3]


def test_there_are_no_letters_where_there_is_no_model(folder: Folder) -> None:
    assert folder.readside(diary()).letters("diary") == []
    with pytest.raises(Behind, match="not there yet"):
        folder.readside(diary()).drop("diary", 1)


def test_a_rebuild_leaves_events_to_those_who_take_them_in_slowly(writing: Writing, folder: Folder) -> None:
    # Given somebody who writes to the live file when all is made
    writing.calls(3)
    readside = folder.readside(diary())
    readside.catch_up()
    with opened(live(folder, diary())) as busy:
        busy.execute("BEGIN IMMEDIATE")
        thread = threading.Thread(target=rebuild, args=(diary(), folder.shelf(diary()), writing.log))
        thread.start()
        time.sleep(0.2)
        assert live(folder, diary()).name == "diary.v1.db", "it waits for him"
        busy.rollback()
        thread.join()
    assert live(folder, diary()).name == "diary.v2.db"


def test_a_handler_may_ask_for_games_and_events(writing: Writing, folder: Folder) -> None:
    seen = []

    def look(folding: Folding, event: Envelope) -> None:
        write_down(folding, event)
        seen.append((folding.event(event).__class__.__name__, folding.game("nowhere")))

    writing.calls(1)
    folder.readside(diary(handler=look)).catch_up()
    assert [name for name, _ in seen] == ["CommandInvoked"]
