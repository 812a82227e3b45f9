"""The follower sees every commit, of its own process and of others, and mends by itself what does not fit."""

import asyncio
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tallying import Folder, Poisonous, Writing, diary, tally, written

from milena.domain.command import Invocation
from milena.domain.refusal import Refused
from milena.home import Home
from milena.readside import Behind, Follower, Model, Status
from milena.readside import file as files
from milena.readside import followed as following
from milena.readside.followed import Followed
from milena.readside.model import Folding
from milena.store import Envelope

PATIENCE = 60.0


def eventually(condition: Callable[[], Any]) -> None:
    """Wait until ``condition`` holds."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.005)


def live(folder: Folder, model: Model) -> Path:
    path = folder.shelf(model).live()
    assert path is not None
    return path


def rows(folder: Folder, model: Model, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(live(folder, model)) as db:
        found = db.execute(sql).fetchall()
    db.close()
    return found


def positions(folder: Folder, model: Model) -> list[int]:
    return [row[0] for row in rows(folder, model, "SELECT position FROM diary ORDER BY nth")]


def status(folder: Folder, model: Model) -> Status:
    [found] = folder.readside(model).status()
    return found


# ---------------------------------------------------------------------------------------- what is new


def test_a_commit_is_seen_at_once(home: Home, folder: Folder, invocation: Callable[..., Invocation]) -> None:
    model = tally()
    with folder.readside(model).follower() as follower, home.engine(follower.wake) as engine:
        ann = home.vault.player("terminal", "ann")
        for number in range(1, 4):
            answer = engine.call(invocation("open", ann, game="2048"))
            follower.wait(answer.position)
            assert rows(folder, model, "SELECT number FROM counts") == [(number,)]


def test_what_another_process_commits_is_seen(home: Home, writing: Writing, folder: Folder) -> None:
    with folder.readside(diary()).follower() as follower:
        writing.calls(1)
        follower.wait(1)
        program = (
            "import sys; from pathlib import Path; from milena.home import Home\n"
            "from tallying import Writing\n"
            "home = Home(Path(sys.argv[1])); Writing(home, first=50).call('a', 'b', guild='elsewhere')"
        )
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
        subprocess.run([sys.executable, "-c", program, str(home.path)], env=environment, check=True)
        follower.wait(3)
        assert positions(folder, diary()) == [1, 2, 3]


def test_who_awaits_a_position_is_told(writing: Writing, folder: Folder) -> None:
    async def write_and_read(follower: Follower) -> None:
        for _ in range(20):
            position = await asyncio.to_thread(writing.calls, 1)
            follower.wake()
            await follower.caught_up(position)
            assert positions(folder, diary())[-1] == position
        await asyncio.gather(*(follower.caught_up(number) for number in range(1, 21)))

    with folder.readside(diary(), tally()).follower() as follower:
        asyncio.run(write_and_read(follower))


def test_no_word_is_missed_however_the_threads_meet(writing: Writing, folder: Folder) -> None:
    async def wait_often(follower: Follower) -> None:
        for _ in range(100):
            position = writing.call("open")
            follower.wake()
            await follower.caught_up(position, timeout=PATIENCE)

    with folder.readside(diary()).follower() as follower:
        asyncio.run(wait_often(follower))


def test_several_threads_wait(writing: Writing, folder: Folder) -> None:
    failed: list[BaseException] = []

    def wait(follower: Follower, position: int) -> None:
        try:
            follower.wait(position, PATIENCE)
        except BaseException as error:
            failed.append(error)

    with folder.readside(diary()).follower() as follower:
        threads = [threading.Thread(target=wait, args=(follower, number)) for number in range(1, 6)]
        for thread in threads:
            thread.start()
        writing.calls(5)
        for thread in threads:
            thread.join()
    assert failed == []


def test_events_that_do_not_concern_a_model_pass_it_by(
    writing: Writing, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "NOTED", 1000.0)
    writing.calls(1)
    with folder.readside(diary()).follower() as follower:
        follower.wait(1)
        for _ in range(3):
            writing.call("", tag="game.started")
            follower.wait(writing.head)
        assert status(folder, diary()).position < 4, "nothing was written for them"
        writing.calls(1)
        follower.wait(5)
    assert positions(folder, diary()) == [1, 5]
    assert status(folder, diary()).lag == 0


def test_that_events_passed_is_noted_now_and_then(
    writing: Writing, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "NOTED", 0.01)
    with folder.readside(diary()).follower():
        writing.call("", tag="game.started")
        eventually(lambda: folder.shelf(diary()).live() and status(folder, diary()).position == 1)


# ----------------------------------------------------------------------------------------- who waits


def test_nobody_waits_for_what_does_not_concern_a_model(
    writing: Writing, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milena.readside.follower.TICK", 1000.0)  # it sleeps, unless somebody wakes it
    writing.calls(1)
    with folder.readside(diary()).follower() as follower:
        follower.wait(1)
        for _ in range(5):
            writing.call("", tag="game.started")
            follower.wait(writing.head, 0, "diary")


def test_a_model_stands_for_all_that_does_not_concern_it(writing: Writing, folder: Folder) -> None:
    writing.calls(1)
    folder.readside(diary()).catch_up()
    followed = Followed(diary(), folder.shelf(diary()), folder.log)
    assert not followed.stands_for(1), "nobody has looked at it yet"
    followed.turn(1)
    writing.call("", tag="game.started")
    assert followed.stands_for(2)
    assert not followed.stands_for(3), "nobody knows what comes there"
    writing.calls(1)
    assert not followed.stands_for(3)
    followed.turn(3)
    assert followed.stands_for(3)
    writing.call("", tag="game.started")
    assert followed.stands_for(4)
    live(folder, diary()).unlink()
    assert not followed.stands_for(4), "it has to be made anew first"
    followed.close()


def test_who_waits_too_long_is_told_which_model_is_late_and_why(writing: Writing, folder: Folder) -> None:
    folder.readside(diary(version=9)).catch_up()
    writing.calls(1)
    with folder.readside(diary(), tally()).follower() as follower:
        follower.wait(1, PATIENCE, "tally")
        with pytest.raises(Behind) as late:
            follower.wait(1, 0.05)
        with pytest.raises(Behind) as awaited:
            asyncio.run(follower.caught_up(1, timeout=0.05))
        asyncio.run(follower.caught_up(1, "tally"))
    for error in (late, awaited):
        assert str(error.value).startswith(
            "diary is at position 0, and not yet at 1 (diary was made by a newer"
        )
        assert "tally" not in str(error.value)


def test_nobody_waits_for_a_model_that_there_is_not(folder: Folder) -> None:
    with folder.readside(diary()).follower() as follower:
        with pytest.raises(Refused, match="There are: diary"):
            follower.wait(1, 1, "dairy")
        with pytest.raises(Refused, match="There are: diary"):
            asyncio.run(follower.caught_up(1, "dairy"))


def test_who_waits_when_it_stops_is_told_so(writing: Writing, folder: Folder) -> None:
    async def wait_for_ever() -> None:
        with folder.readside(diary()).follower() as follower:
            waiting = asyncio.create_task(follower.caught_up(1, timeout=None))
            await asyncio.sleep(0.05)
            await asyncio.to_thread(follower.__exit__, None, None, None)
            with pytest.raises(Behind, match="not yet at 1"):
                await waiting
            with pytest.raises(Behind, match="not yet at 1"):
                await follower.caught_up(1)

    asyncio.run(wait_for_ever())


def test_who_gives_up_waiting_leaves_nothing_behind(writing: Writing, folder: Folder) -> None:
    async def give_up(follower: Follower) -> None:
        waiting = [asyncio.create_task(follower.caught_up(1)) for _ in range(5)]
        await asyncio.sleep(0.01)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert follower._waiters == []

    with folder.readside(diary()).follower() as follower:
        asyncio.run(give_up(follower))
        writing.calls(1)
        follower.wait(1)


# -------------------------------------------------------------------------------------------- poison


def test_poison_is_tried_three_times_and_then_the_follower_goes_on(
    writing: Writing, folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    handler = Poisonous(2)
    with folder.readside(diary(handler=handler), tally()).follower() as follower:
        follower.wait(0)
        eventually(lambda: folder.shelf(diary()).live())
        writing.calls(4)
        follower.wait(4)
    assert handler.tried.count(2) >= files.TRIES
    assert positions(folder, diary()) == [1, 3, 4]
    assert [letter.position for letter in folder.readside(diary()).letters("diary")] == [2]
    assert [record.message for record in caplog.records if "position 2" in record.message] == [
        "diary can't take in position 2 (command.invoked): KeyError: 'sæt'"
    ], "the same complaint is logged once"


def test_a_model_in_trouble_does_not_keep_the_others(writing: Writing, folder: Folder) -> None:
    def refuse(folding: Folding, event: Envelope) -> None:
        raise MemoryError

    with folder.readside(diary(handler=refuse), tally()).follower() as follower:
        writing.calls(3)
        follower.wait(3, PATIENCE, "tally")
        eventually(lambda: "diary" in follower.troubles)
        assert "MemoryError" in follower.troubles["diary"]
        assert follower.position == 0


# ----------------------------------------------------------------------------------- what does not fit


def break_(path: Path) -> None:
    """Overwrite the file from the first page on, and what is beside it."""
    for suffix in ("", "-wal"):
        file = Path(f"{path}{suffix}")
        if file.exists():
            file.write_bytes(b"\xa5" * max(4096, file.stat().st_size))


def spoil(path: Path) -> None:
    """Overwrite the pages with the rows."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def lose_checkpoint(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM _readside")
    db.close()


@pytest.mark.parametrize("harm", [Path.unlink, break_, spoil, empty, lose_checkpoint])
@pytest.mark.parametrize("running", [True, False])
def test_a_file_that_was_harmed_is_made_anew(
    writing: Writing,
    folder: Folder,
    caplog: pytest.LogCaptureFixture,
    harm: Callable[[Path], None],
    running: bool,
) -> None:
    writing.calls(5)
    readside = folder.readside(diary())
    with readside.follower() as follower:
        follower.wait(5)
        first = live(folder, diary())
        if running:
            harm(first)
            writing.calls(2)
            eventually(lambda: folder.shelf(diary()).live() not in (None, first))
            follower.wait(7)
    if not running:
        harm(first)
        writing.calls(2)
        with readside.follower() as follower:
            follower.wait(7)
    assert live(folder, diary()) != first
    assert positions(folder, diary()) == [1, 2, 3, 4, 5, 6, 7]
    assert "diary is made anew: its file" in caplog.text


@pytest.mark.parametrize("harm", [Path.unlink, break_, spoil, empty, lose_checkpoint])
def test_who_asks_finds_a_harmed_file_and_makes_it_anew_too(
    writing: Writing, folder: Folder, harm: Callable[[Path], None]
) -> None:
    writing.calls(5)
    readside = folder.readside(diary())
    readside.catch_up()
    harm(live(folder, diary()))
    writing.calls(1)
    readside.catch_up()
    assert positions(folder, diary()) == [1, 2, 3, 4, 5, 6]


def test_the_whole_directory_may_be_deleted_while_it_runs(writing: Writing, folder: Folder) -> None:
    writing.calls(3)
    with folder.readside(diary(), tally()).follower() as follower:
        follower.wait(3)
        shutil.rmtree(folder.directory)
        writing.calls(1)
        eventually(lambda: folder.shelf(diary()).live() and folder.shelf(tally()).live())
        follower.wait(4)
    assert positions(folder, diary()) == [1, 2, 3, 4]


@pytest.mark.parametrize("changed", [{"version": 2}, {"schema": (*diary().schema, "CREATE TABLE more (x);")}])
def test_another_version_or_schema_is_made_anew(
    writing: Writing, folder: Folder, caplog: pytest.LogCaptureFixture, changed: dict[str, Any]
) -> None:
    writing.calls(3)
    folder.readside(diary()).catch_up()
    newer = diary(**changed)
    assert status(folder, newer).condition == "other version"
    with folder.readside(newer).follower() as follower:
        follower.wait(3)
    assert status(folder, newer).condition == "good"
    assert status(folder, newer).generation == 2
    assert positions(folder, newer) == [1, 2, 3]
    assert "diary is made anew: it is of version 1, or has another schema" in caplog.text


def test_what_a_newer_release_made_is_left_alone(
    writing: Writing, folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    writing.calls(3)
    folder.readside(diary(version=2)).catch_up()
    before = live(folder, diary()).read_bytes()
    with folder.readside(diary(), tally()).follower() as follower:
        follower.wait(3, PATIENCE, "tally")
        eventually(lambda: "diary" in follower.troubles)
    assert live(folder, diary()).read_bytes() == before
    assert "made by a newer Milena" in caplog.text
    with pytest.raises(Behind, match="upgrade, or rebuild"):
        folder.readside(diary()).catch_up()


@pytest.mark.parametrize("events", [2, 5, 7], ids=["an older log", "as long", "longer"])
@pytest.mark.parametrize("by", ["follower", "catch_up"])
def test_another_log_is_reported_and_its_events_are_taken_in(
    tmp_path: Path, writing: Writing, folder: Folder, caplog: pytest.LogCaptureFixture, events: int, by: str
) -> None:
    writing.calls(5)
    folder.readside(diary()).catch_up()
    with Home(tmp_path / "restored") as home:
        other = Writing(home)
        other.calls(events, guilds=("other",))
        restored = Folder(folder.directory, other.log)
        assert status(restored, diary()).condition == "other log"
        readside = restored.readside(diary())
        with caplog.at_level(logging.WARNING):
            if by == "follower":
                with readside.follower() as follower:
                    follower.wait(events)
            else:
                readside.catch_up()
        assert positions(restored, diary()) == list(range(1, events + 1))
        assert status(restored, diary()).condition == "good"
    assert "diary is made anew: " in caplog.text


def test_another_log_is_noticed_where_nothing_new_comes(
    tmp_path: Path, writing: Writing, folder: Folder
) -> None:
    writing.calls(5)
    folder.readside(diary()).catch_up()
    first = live(folder, diary())
    with Home(tmp_path / "restored") as home:
        other = Writing(home)
        other.calls(5, guilds=("other",))
        with Folder(folder.directory, other.log).readside(diary()).follower():
            eventually(lambda: folder.shelf(diary()).live() not in (None, first))


# ---------------------------------------------------------------------------------- together, and ends


def test_it_goes_on_in_the_file_that_another_process_has_made(writing: Writing, folder: Folder) -> None:
    writing.calls(3)
    readside = folder.readside(diary())
    with readside.follower() as follower:
        follower.wait(3)
        first = live(folder, diary())
        folder.readside(diary()).rebuild("diary")
        assert live(folder, diary()) != first
        writing.calls(2)
        follower.wait(5)
        eventually(lambda: positions(folder, diary()) == [1, 2, 3, 4, 5])


def test_two_followers_in_one_directory(writing: Writing, folder: Folder) -> None:
    with folder.readside(diary()).follower() as one, folder.readside(diary()).follower() as other:
        for _ in range(20):
            writing.calls(3)
        one.wait(60)
        other.wait(60)
    assert positions(folder, diary()) == list(range(1, 61))
    assert folder.shelf(diary()).generations() == [1]


def test_it_stops_in_the_middle_of_making_a_model(
    writing: Writing, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BATCH", 1)
    begun = threading.Event()

    def slowly(folding: Folding, event: Envelope) -> None:
        begun.set()
        time.sleep(0.01)

    writing.calls(10_000)
    with folder.readside(diary(handler=slowly)).follower():
        assert begun.wait(PATIENCE)
    assert folder.shelf(diary()).live() is None
    assert [path.name for path in folder.directory.iterdir()] == ["diary.lock"]


def test_an_error_of_its_own_ends_nothing(
    writing: Writing, folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    readside = folder.readside(diary())
    broken = [True]
    head = type(writing.log).head

    def fail(log: Any) -> int:
        if broken[0]:
            raise ZeroDivisionError("a bug")
        return head(log)

    monkeypatch.setattr(type(writing.log), "head", fail)
    with readside.follower() as follower:
        eventually(lambda: "a bug" in caplog.text)
        broken.clear()
        broken.append(False)
        writing.calls(1)
        follower.wait(1)
    assert written(sqlite3.connect(live(folder, diary()))) == [1]


def test_a_file_that_is_ahead_of_what_was_just_seen_of_the_log_is_no_other_logs(
    writing: Writing, folder: Folder
) -> None:
    # Given a look at the log, after which somebody wrote, and somebody else took that in
    seen = writing.calls(3)
    followed = following.Followed(diary(), folder.shelf(diary()), writing.log)
    writing.calls(2)
    folder.readside(diary()).catch_up()
    # When a model is taken further up to what was seen
    followed.turn(seen)
    # Then that is no reason to make it anew
    assert (followed.unfit, followed.position) == (False, 5)
    followed.close()
