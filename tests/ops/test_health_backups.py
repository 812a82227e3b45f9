"""The doctor on backups: whether there are some, young enough, and not on the disk that may break."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from rights import BOUND_BY_RIGHTS

from milena.home import Home
from milena.ops import backup
from milena.ops.health import Check
from milena.ops.health_backups import check_backups
from milena.ops.retention import BackupPolicy

DAILY, NEVER = BackupPolicy(every=24), BackupPolicy()
HOUR = 3600.0


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MILENA_BACKUPS", raising=False)
    path = tmp_path / "data"
    Home(path).close()
    return path


def told(data: Path, policy: BackupPolicy, now: float) -> dict[str, Check]:
    return {check.name: check for check in check_backups(data, policy, now)}


def made(data: Path) -> float:
    """When it was, as its name says."""
    path = backup.make(data, backup.folder_of(data) / backup.name_of(1_790_000_000_000)).path
    time = backup.backups(path.parent)[path]
    return time.timestamp()


def test_where_there_is_nothing_yet_nothing_is_missing(tmp_path: Path) -> None:
    assert told(tmp_path, DAILY, 0) == {"backups": Check("backups", "nothing to back up yet")}


def test_none_at_all_is_noted_and_is_a_problem_where_some_are_wanted(data: Path) -> None:
    assert told(data, NEVER, 0)["backups"].finding == "note"
    check = told(data, DAILY, 0)["backups"]
    assert check.finding == "problem"
    assert "though one is wanted every 24 hours" in check.found
    assert "milena backup create" in check.remedy


def test_the_last_one_may_be_no_older_than_is_wanted(data: Path) -> None:
    when = made(data)
    assert told(data, DAILY, when + 24 * HOUR)["backups"].finding == "ok"
    check = told(data, DAILY, when + 25 * HOUR)["backups"]
    assert (check.finding, "the last one 25 hours old: one is wanted every 24 hours" in check.found) == (
        "problem", True,
    )  # fmt: skip
    assert "milena errors list" in check.remedy
    assert told(data, NEVER, when + 6 * 24 * HOUR)["backups"].finding == "ok"
    assert told(data, NEVER, when + 8 * 24 * HOUR)["backups"].finding == "note"


def test_one_disk_for_both_is_noted_and_others_must_not_look_in(data: Path) -> None:
    when = made(data)
    checks = told(data, DAILY, when)
    assert (checks["backup disk"].finding, checks["backup rights"].finding) == ("note", "ok")
    assert "MILENA_BACKUPS" in checks["backup disk"].remedy
    (data / "backups").chmod(0o755)
    assert told(data, DAILY, when)["backup rights"].remedy == f"chmod 700 {data}/backups"


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder on another disk than the tests' own."""
    if not os.access("/dev/shm", os.W_OK):
        pytest.skip("there is no /dev/shm here")
    path = Path(mkdtemp(dir="/dev/shm"))
    yield path
    shutil.rmtree(path)


def test_another_disk_is_good(data: Path, memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if memory.stat().st_dev == data.stat().st_dev:
        pytest.skip("the tests run in memory themselves")
    monkeypatch.setenv("MILENA_BACKUPS", str(memory))
    assert told(data, DAILY, made(data))["backup disk"] == Check(
        "backup disk", "another one than that of the data"
    )


def test_a_disk_without_room_for_the_next_one_is_found(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = tmp_path / "small"
    small.mkdir(mode=0o700)
    command = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", str(small)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only who may mount has a small disk")
    try:
        monkeypatch.setenv("MILENA_BACKUPS", str(small))
        when = made(data)
        (small / "ballast").write_bytes(bytes(shutil.disk_usage(small).free - 20_000))
        check = told(data, DAILY, when)["backup disk"]
        assert (check.finding, "make room" in check.remedy) == ("problem", True)
    finally:
        subprocess.run(["umount", "--lazy", str(small)], check=True)


def test_a_folder_that_can_not_be_read_is_found(data: Path) -> None:
    made(data)
    (data / "backups").chmod(0)
    done = subprocess.run(
        [*BOUND_BY_RIGHTS, sys.executable, "-P", "-m", "milena", "doctor", "--json"],
        env={"MILENA_DATA": str(data)},
        capture_output=True,
        timeout=60,
    )
    (data / "backups").chmod(0o700)
    assert done.returncode == 1
    [check] = (each for each in json.loads(done.stdout) if each["name"] == "backups")
    assert check["finding"] == "problem"
