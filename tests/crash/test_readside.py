"""Whoever follows the log is killed again and again: no event is missed, none is taken in twice."""

import os
import re
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Any

import pytest
from disks import Disk, LimitedFiles
from forking import Forked, Forks

sys.path.append(str(Path(__file__).parents[1] / "readside"))

from tallying import Folder, Writing, diary, tally

from milena.home import Home
from milena.readside import Model, ReadSide
from milena.readside.digest import digest
from milena.store import Unavailable

pytestmark = pytest.mark.crash

FOLLOWER = Path(__file__).with_name("follower.py")
ROUNDS = int(os.environ.get("MILENA_CRASH_ROUNDS", "20"))
PATIENCE = 60.0
RATE = 500
"""Commands a second, while models are made anew."""
MODELS = (tally(), diary())

Start = Callable[[str], Forked]


@pytest.fixture
def folder(tmp_path: Path, home: Home) -> Folder:
    return Folder(tmp_path / "models", Writing(home).log)


@pytest.fixture
def readside(folder: Folder) -> ReadSide:
    return folder.readside(*MODELS)


@pytest.fixture
def start(home: Home, folder: Folder, tmp_path: Path, forks: Forks) -> Iterator[Start]:
    """``start("follow")``: a process that follows, gone when the test ends."""
    started = []

    def start(what: str) -> Forked:
        said, errors = (tmp_path / "said").open("wb"), (tmp_path / "errors").open("ab")
        with open(os.devnull) as nothing, said, errors:
            streams = (nothing.fileno(), said.fileno(), errors.fileno())
            words = (str(home.path), str(folder.directory), what)
            started.append(forks.start(*words, script=FOLLOWER, streams=streams))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


class Writer:
    """Writes to the log in a thread, and keeps count. Use as a context manager."""

    def __init__(self, home: Home, rate: float = RATE) -> None:
        self.writing = Writing(home)
        self.counts: Counter[tuple[str, str]] = Counter()
        self._pause = 1 / rate
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        random, began = Random(0), time.monotonic()
        while not self._stop.is_set():
            guild, player = random.choice(["g1", "g2", "g3"]), random.choice(["ann", "bob", "eve"])
            due = min(50, round((time.monotonic() - began) / self._pause) - self.counts.total())
            if due > 0:
                self.writing.call(*["open"] * due, guild=guild, player=player)
                self.counts[guild, player] += due
            time.sleep(0.002)

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def rows(folder: Folder, model: Model, sql: str) -> list[tuple[Any, ...]]:
    live = folder.shelf(model).live()
    assert live is not None
    db = sqlite3.connect(f"file:{live}?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def digests(folder: Folder, models: tuple[Model, ...] = MODELS) -> list[str]:
    found = []
    for model in models:
        live = folder.shelf(model).live()
        assert live is not None
        db = sqlite3.connect(live)
        found.append(digest(db))
        db.close()
    return found


def check_all(folder: Folder, readside: ReadSide, counts: Counter[tuple[str, str]]) -> None:
    """The models hold each event once, in order, and what a rebuild comes to."""
    total = counts.total()
    in_order = rows(folder, diary(), "SELECT position FROM diary ORDER BY nth")
    assert in_order == [(position,) for position in range(1, total + 1)]
    counted = rows(folder, tally(), "SELECT guild, player, number FROM counts")
    assert {(guild, player): number for guild, player, number in counted} == dict(counts)
    assert [each.condition for each in readside.status()] == ["good"] * len(MODELS)
    assert [each.letters for each in readside.status()] == [0] * len(MODELS)
    before = digests(folder)
    for model in MODELS:
        assert readside.check(model.name)
        readside.rebuild(model.name)
    assert digests(folder) == before


def litter(folder: Folder) -> list[str]:
    ours = re.compile(r"(tally|diary)\.(db|lock|v\d+\.db(-wal|-shm)?)\Z")
    return [name for name in os.listdir(folder.directory) if not ours.match(name)]


def wait_for_word(said: Path, process: Forked, lines: int = 1) -> None:
    until = time.monotonic() + PATIENCE
    while said.read_bytes().count(b"\n") < lines:
        assert process.poll() is None, said.with_name("errors").read_text()
        assert time.monotonic() < until, "the follower does nothing"
        time.sleep(0.002)


def test_a_follower_that_is_killed_misses_nothing_and_doubles_nothing(
    home: Home, folder: Folder, readside: ReadSide, start: Start, tmp_path: Path, random: Random
) -> None:
    came_on: list[int] = []
    with Writer(home, rate=200) as writer:
        for _ in range(ROUNDS):
            # Given a process that follows
            process = start("follow")
            if random.random() < 0.8:
                wait_for_word(tmp_path / "said", process, random.choice([1, 1, 2, 5]))
            time.sleep(random.expovariate(1 / random.choice([0.005, 0.05, 0.2])))
            # When it is killed
            process.send_signal(SIGKILL)
            process.wait()
            # Then the file can be read, and holds a beginning of the log
            if folder.shelf(diary()).live() is not None and random.random() < 0.5:
                found = [row[0] for row in rows(folder, diary(), "SELECT position FROM diary ORDER BY nth")]
                assert found == list(range(1, len(found) + 1))
                came_on.append(len(found))
    # In the end, when somebody follows to the end, all is there
    with readside.follower() as follower:
        follower.wait(writer.writing.head, PATIENCE)
    check_all(folder, readside, writer.counts)
    assert came_on == sorted(came_on)
    assert len(set(came_on)) > ROUNDS // 5


def test_a_rebuild_that_is_killed_leaves_the_live_model_and_no_litter_for_long(
    home: Home, folder: Folder, readside: ReadSide, start: Start, tmp_path: Path, random: Random
) -> None:
    with Writer(home, rate=5000) as writer:
        time.sleep(0.2)
    readside.catch_up()
    before = digests(folder)
    left: Counter[str] = Counter()
    for _ in range(ROUNDS):
        # Given a process that makes models anew, all the time
        process = start("rebuild")
        wait_for_word(tmp_path / "said", process, random.randint(1, 60))
        time.sleep(random.expovariate(1 / 0.01))
        # When it is killed
        process.send_signal(SIGKILL)
        process.wait()
        left.update("part" for name in litter(folder) if ".part" in name)
        # Then the live models are there, whole
        assert digests(folder) == before
    assert left["part"] > 0, "it was never killed in the middle"
    # and the next one removes what was left
    check_all(folder, readside, writer.counts)
    assert litter(folder) == []
    for model in MODELS:
        assert len(folder.shelf(model).generations()) == 2


def test_a_rebuild_under_load_ends_identical_and_the_live_model_never_stops(
    home: Home, folder: Folder, readside: ReadSide
) -> None:
    failed: list[BaseException] = []
    reads: Counter[str] = Counter()
    done = threading.Event()

    def read(name: str) -> None:
        seen = 0
        try:
            while not done.is_set():
                with readside.asking(name, None) as asking:
                    [(position,)] = asking.select("SELECT position FROM _readside", ()).rows
                assert position >= seen, f"{name} went back from {seen} to {position}"
                seen = position
                reads[name] += 1
                time.sleep(0.001)
        except BaseException as error:
            failed.append(error)

    with Writer(home) as writer, readside.follower() as follower:
        # Given models that are followed and read, while much is written
        follower.wait(RATE, PATIENCE)
        readers = [threading.Thread(target=read, args=(model.name,)) for model in MODELS]
        for reader in readers:
            reader.start()
        # When they are made anew, again and again, until each was read often
        until, rounds = time.monotonic() + PATIENCE, 0
        while rounds < 5 or any(reads[model.name] <= 50 for model in MODELS):
            assert failed == []
            assert time.monotonic() < until, "they are hardly read"
            for model in MODELS:
                readside.rebuild(model.name)
            rounds += 1
        # Then no read failed, none went back
        done.set()
        for reader in readers:
            reader.join()
    assert failed == []
    with readside.follower() as follower:
        follower.wait(writer.writing.head, PATIENCE)
    check_all(folder, readside, writer.counts)


def test_a_disk_that_becomes_full_in_the_middle_leaves_the_live_model(disk: Disk) -> None:
    with Home(disk.path / "data") as home:
        writing = Writing(home)
        writing.calls(30_000)
        folder = Folder(disk.path / "models", writing.log)
        readside = folder.readside(*MODELS)
        readside.catch_up()
        before = digests(folder)
        # When there is room for some of a new model, and not for all of it
        for leave in (0, 4096, 100_000):
            if isinstance(disk, LimitedFiles):
                disk.limit(leave + 50_000)
            else:
                disk.fill(leave)
            with pytest.raises(Unavailable) as caught:
                readside.rebuild("tally")
            assert re.search("full|refused|written", str(caught.value))
            disk.make_room()
            # Then the live one is there, and nothing else
            assert digests(folder) == before
            assert litter(folder) == []
        # and with room again, all goes on
        writing.calls(10)
        readside.rebuild("tally")
        assert readside.check("tally")


def test_a_follower_goes_on_when_a_full_disk_has_room_again(disk: Disk) -> None:
    with Home(disk.path / "data") as home:
        writing = Writing(home)
        folder = Folder(disk.path / "models", writing.log)
        readside = folder.readside(*MODELS)
        writing.calls(20_000)
        disk.fill()
        with readside.follower() as follower:
            until = time.monotonic() + PATIENCE
            while set(follower.troubles) != {model.name for model in MODELS}:
                assert time.monotonic() < until
                time.sleep(0.01)
            disk.make_room()
            follower.wait(20_000, PATIENCE)
        for model in MODELS:
            assert readside.check(model.name)
            assert readside.letters(model.name) == []
