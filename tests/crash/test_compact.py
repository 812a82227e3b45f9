"""The log's file is written anew: killed at any moment, beside other programs, and on full disks."""

import contextlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from signal import SIGKILL, SIGTERM
from typing import Any

import pytest
from disks import Disk
from forking import Forks
from playing import PATIENCE, Player

from milena import archiving
from milena.aggregates import AGGREGATES, GAMES
from milena.home import Home
from milena.replay.verify import verify
from milena.store import Unavailable, compacting
from milena.store.compacting import compact

COMPACTER = Path(__file__).with_name("compacter.py")
ROUNDS = int(os.environ.get("MILENA_CRASH_ROUNDS", "8"))
STEPS = (
    ("leave_wal", 1),
    ("leave_wal+", 1),
    ("vacuum", 1),
    ("vacuum", 10),
    ("vacuum", 30),
    ("contents", 1),
    ("contents+", 2),
    ("fsync", 1),
    ("replace", 1),
    ("replace+", 1),
    ("fsync+", 2),
)

pytestmark = pytest.mark.crash


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Path:
    """A log from which games were moved, and whose last events are in the WAL: who wrote them was killed."""
    data = tmp_path_factory.mktemp("compact") / "data"
    player = Player(forks, data, "compact")
    player.wait_for_answers(400)
    player.stop(SIGTERM)
    with Home(data) as home:
        assert archiving.archive(home.store, GAMES, 2**62).archives
    player = Player(forks, data, "and on")
    player.wait_for_answers(50)
    player.stop(SIGKILL)
    assert (data / "events.db-wal").stat().st_size
    return data


@pytest.fixture(scope="module")
def expected(played: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All that is in that log, which is whole."""
    data = Path(shutil.copytree(played, tmp_path_factory.mktemp("expected") / "data"))
    with Home(data) as home:
        assert verify(home.store, AGGREGATES).findings == []
    return contents(data)


def contents(data: Path) -> dict[str, Any]:
    """Every row of a log."""
    with contextlib.closing(sqlite3.connect(data / "events.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: dict[str, Any] = {name: sorted(db.execute(f"SELECT * FROM {name}")) for name in tables}
        found["schema"] = sorted(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        found["stamp"] = [
            db.execute(f"PRAGMA {each}").fetchone() for each in ("application_id", "user_version")
        ]
        return found


def files(data: Path) -> set[str]:
    return {path.name for path in data.glob("events.db*")}


def test_one_that_is_killed_leaves_the_old_or_the_new_and_the_next_one_does_it(
    played: Path, expected: dict[str, Any], tmp_path: Path, forks: Forks
) -> None:
    for step, nth in STEPS:
        data = Path(shutil.copytree(played, tmp_path / f"{step}-{nth}"))
        arguments = (str(data), step, str(nth))
        # Given somebody who is killed at this step
        process = forks.start(*arguments, script=COMPACTER, streams=(0, 1, 2))
        assert process.wait(PATIENCE) == -SIGKILL, f"there is no step {step} {nth}"
        # Then the log is whole, also for whoever knows nothing of it
        killed = Path(shutil.copytree(data, tmp_path / f"{step}-{nth}-killed"))
        assert contents(killed) == expected, step
        with Home(killed) as home:
            assert home.store.head().position == len(expected["events"]) + len(expected["archived"])
        # and the next one does it, and leaves nothing lying about
        _, after = compact(data / "events.db")
        assert files(data) == {"events.db"}, step
        assert after < (played / "events.db").stat().st_size + (played / "events.db-wal").stat().st_size
        assert contents(data) == expected, step
        shutil.rmtree(data)
        shutil.rmtree(killed)


def test_kills_at_random_never_hurt_it(
    played: Path, expected: dict[str, Any], tmp_path: Path, forks: Forks, random: Random
) -> None:
    data, status = Path(shutil.copytree(played, tmp_path / "data")), 0
    began = time.perf_counter()
    compact(Path(shutil.copytree(played, tmp_path / "timed")) / "events.db")
    takes = time.perf_counter() - began
    for _ in range(ROUNDS):
        # each goes on from what the one before left
        process = forks.start(str(data), "nowhere", "1", script=COMPACTER, streams=(0, 1, 2))
        until = time.monotonic() + PATIENCE
        while process.poll() is None and not list(data.glob("*.part")) and time.monotonic() < until:
            time.sleep(0.0005)
        time.sleep(random.uniform(0, takes))
        process.kill()
        status = process.wait(PATIENCE)
        assert status in (0, -SIGKILL)
        assert contents(data) == expected
    compact(data / "events.db")
    assert files(data) == {"events.db"}
    with Home(data) as home:
        assert verify(home.store, AGGREGATES).findings == []


def python(source: str, *arguments: object, **options: Any) -> "subprocess.Popen[str]":
    """A program that knows nothing of Milena's lock."""
    command = [sys.executable, "-I", "-c", source, *map(str, arguments)]
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)


READER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("SELECT count(*) FROM events").fetchone()[0], flush=True)
input()
"""
WRITER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=0)
try:
    print(db.execute("SELECT count(*) FROM events").fetchone()[0])
    db.execute("INSERT INTO snapshots VALUES ('game:x', 1, 'x', x'')")
    db.commit()
except sqlite3.OperationalError as error:
    print(error)
"""


def test_while_another_program_has_it_open_it_stays_as_it_is(
    played: Path, expected: dict[str, Any], tmp_path: Path
) -> None:
    data = Path(shutil.copytree(played, tmp_path / "data"))
    with python(READER, data / "events.db") as reader:
        assert reader.stdout is not None
        assert int(reader.stdout.readline()) == len(expected["events"])
        with pytest.raises(Unavailable, match="is in use by another process; stop that first"):
            compact(data / "events.db")
        reader.communicate("\n", timeout=PATIENCE)
    assert not list(data.glob("*.part*"))
    assert contents(data) == expected
    compact(data / "events.db")
    assert contents(data) == expected


def test_nobody_gets_in_while_it_is_written_anew(
    played: Path, expected: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a program that wants to write when the new file is about to take the place of the old one
    data = Path(shutil.copytree(played, tmp_path / "data"))
    replace, said = Path.replace, []

    def late(part: Path, target: Path) -> Path:
        said.append(python(WRITER, target).communicate(timeout=PATIENCE)[0])
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", late)
    compact(data / "events.db")
    # Then it is told to wait: nothing that it writes is lost, or gets into the new file by a stale WAL
    assert said == ["database is locked\n"]
    assert files(data) == {"events.db"}
    assert contents(data) == expected
    # and later it can
    assert (
        python(WRITER, data / "events.db").communicate(timeout=PATIENCE)[0] == f"{len(expected['events'])}\n"
    )
    assert len(contents(data)["snapshots"]) == len(expected["snapshots"]) + 1


def test_on_a_disk_that_gets_full_it_stays_as_it_was(
    played: Path, expected: dict[str, Any], disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(shutil.copytree(played, disk.path / "data"))
    size = (data / "events.db").stat().st_size
    monkeypatch.setattr(compacting, "SPARE", 2**60)
    with pytest.raises(Unavailable, match="make room first"):
        compact(data / "events.db")
    assert contents(data) == expected
    # Given that others use up the room meanwhile
    monkeypatch.setattr(compacting, "SPARE", -(2**60))
    refused = 0
    for part in (0, 4096, 100_000, size // 2, size * 3 // 4):
        disk.fill(leave=part) if disk.full.startswith("The disk is") else disk.limit(part)
        try:
            compact(data / "events.db")
        except Unavailable:
            refused += 1
        finally:
            disk.make_room()
        assert not list(data.glob("*.part*"))
        assert contents(data) == expected
    assert refused >= 4
    compact(data / "events.db")
    assert contents(data) == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can work for another")
def test_what_root_writes_anew_belongs_to_whom_it_belonged(
    played: Path, expected: dict[str, Any], tmp_path: Path
) -> None:
    data = Path(shutil.copytree(played, tmp_path / "data"))
    (data / "events.db").chmod(0o640)
    os.chown(data / "events.db", 12345, 23456)
    elsewhere = tmp_path / "link.db"
    elsewhere.symlink_to(data / "events.db")
    compact(elsewhere)
    found = (data / "events.db").stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 23456, 0o640)
    assert elsewhere.is_symlink()
    assert contents(data) == expected
