"""An upgrade that is killed leaves each file old or new; several processes that start at once do it once."""

import os
import shutil
import time
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from random import Random
from typing import Any

import pytest
from disks import Disk

from milena.aggregates import AGGREGATES
from milena.home import Home
from milena.ops import backup, releases
from milena.replay.verify import verify
from milena.store import StoreError, schema, upgrading

pytestmark = pytest.mark.crash

FORK = get_context("fork")
RELEASED = Path(__file__).parents[1] / "upgrade" / "0.2"
PROCESSES = 6
ROUNDS = max(10, int(os.environ.get("MILENA_CRASH_ROUNDS", "50")) // 5)
ROWS = 200
ADDS = "CREATE TABLE numbers (number INTEGER PRIMARY KEY, filler TEXT NOT NULL) STRICT;\n" + "".join(
    f"CREATE TABLE more_{number} (name TEXT) STRICT;\n" for number in range(ROWS)
)


@pytest.fixture(autouse=True)
def next_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log has a migration more, which takes a while; the vault has one since 0.2."""
    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, ADDS])
    monkeypatch.setattr(schema, "VERSION", len(schema.MIGRATIONS))


def start(data: Path) -> None:
    Home(data).close()


def start_telling(data: Path, noted: Event) -> None:
    """Tells when the journal is written, behind the backup: from here on files are changed."""
    note = releases.note

    def told(*arguments: Any) -> None:
        note(*arguments)
        noted.set()

    releases.note = told
    start(data)


def state(data: Path) -> tuple[tuple[int, int], int]:
    """The formats of the log and of the vault, and how many of the new tables there are."""
    found = upgrading.found(data)
    with upgrading.look(data / "events.db") as db:
        sql = "SELECT count(*) FROM sqlite_master WHERE name GLOB 'more_*'"
        (tables,) = db.execute(sql).fetchone()
    db.close()
    return (found["events.db"].version, found["vault.db"].version), tables


def test_a_killed_upgrade_leaves_old_or_new_and_the_next_start_finishes_it(
    tmp_path: Path, random: Random
) -> None:
    begun = time.perf_counter()
    start(shutil.copytree(RELEASED, tmp_path / "timed"))
    takes = time.perf_counter() - begun
    old, new = (1, 1), (len(schema.MIGRATIONS), 2)
    for number in range(ROUNDS):
        data = shutil.copytree(RELEASED, tmp_path / str(number))
        noted = FORK.Event()
        process = FORK.Process(target=start_telling, args=(data, noted))
        process.start()
        if number % 3:
            assert noted.wait(60)
        time.sleep(random.uniform(0, takes / 3))
        process.kill()
        process.join()

        formats, tables = state(data)
        assert tables == (ROWS if formats[0] == new[0] else 0)
        with Home(data) as home:
            assert verify(home.store, AGGREGATES).findings == []
        assert state(data) == (new, ROWS)
        # whatever was killed when, the first backup that the journal names has what was before
        named = [Path(each.backup) for each in releases.releases(data) if each.backup]
        aside = tmp_path / f"{number}-aside"
        backup.restore(named[0], aside)
        assert state(aside) == (old, 0)


def open_together(data: Path, barrier: Barrier, told: "Queue[str]") -> None:
    barrier.wait()
    try:
        start(data)
        told.put("")
    except Exception as error:
        told.put(f"{type(error).__name__}: {error}")


def test_processes_that_start_at_once_upgrade_once(tmp_path: Path) -> None:
    for turn in range(3):
        data = shutil.copytree(RELEASED, tmp_path / str(turn))
        barrier, told = FORK.Barrier(PROCESSES), FORK.Queue()
        processes = [FORK.Process(target=open_together, args=(data, barrier, told)) for _ in range(PROCESSES)]
        for process in processes:
            process.start()
        said = {told.get(timeout=60) for _ in processes}
        for process in processes:
            process.join()

        assert said == {""}
        assert len(backup.backups(data / "backups")) == len(releases.releases(data)) == 1
        with Home(data) as home:
            assert verify(home.store, AGGREGATES).findings == []


def test_where_there_is_no_room_nothing_is_upgraded(tmp_path: Path, disk: Disk) -> None:
    data = shutil.copytree(RELEASED, disk.path / "data")
    old = state(data)
    disk.fill(leave=10_000)

    with pytest.raises(StoreError, match=r"No backup was made|can't be used|The disk"):
        start(data)
    disk.make_room()

    assert state(data) == old
    start(data)
    assert state(data) == ((len(schema.MIGRATIONS), 2), ROWS)
