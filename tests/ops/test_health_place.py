"""The doctor on the place of the data: its disk, whose the files are, who uses them, what is unfinished."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from milena.home import Home
from milena.ops import health
from milena.ops.health import Check
from milena.ops.health_place import check_directory, check_file_system, check_owner, check_use
from milena.store import locking

MEMORY = Path("/dev/shm")
ROOT = os.geteuid() == 0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    Home(path).close()
    return path


def only(checks: Iterator[Check], name: str) -> Check:
    [found] = [check for check in checks if check.name == name]
    return found


def test_less_room_than_the_budget_wants_is_found(data: Path) -> None:
    assert only(check_directory(data), "free space").finding == "ok"
    check = only(check_directory(data, least=1e18), "free space")
    assert (check.finding, "make room" in check.remedy) == ("problem", True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB that takes 64 files."""
    path = tmp_path / "small"
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m,nr_inodes=64", "tmpfs", str(path)]
    if not ROOT or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only who may mount has a small disk")
    yield path
    subprocess.run(["umount", "--lazy", str(path)], check=True)


def test_a_disk_that_is_nearly_full_or_takes_no_more_files_is_found(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = only(check_directory(small), "free space")
    assert (check.finding, check.found) == ("problem", "16 MB")
    monkeypatch.setattr("milena.ops.health_place.LEAST_SPACE", 1_000_000)
    check = only(check_directory(small), "free space")
    assert check.finding == "problem"
    assert "only for 63 more files" in check.found


@pytest.mark.skipif(not os.access(MEMORY, os.W_OK), reason="there is no /dev/shm here")
def test_data_that_are_gone_at_the_next_boot_are_found() -> None:
    directory = Path(mkdtemp(dir=MEMORY))
    try:
        [check] = check_file_system(directory)
        assert (check.finding, check.remedy) == ("problem", "put the data on a disk")
    finally:
        directory.rmdir()


@pytest.mark.parametrize(
    ("kind", "finding"),
    [
        ("nfs4", "problem"), ("cifs", "problem"), ("fuse.sshfs", "problem"), ("overlay", "note"),
        ("ext4", "ok"), ("btrfs", "ok"), ("xfs", "ok"), ("fuseblk", "ok"),
    ],
)  # fmt: skip
def test_a_file_system_that_is_no_disk_of_this_machine_is_found(data: Path, kind: str, finding: str) -> None:
    [check] = check_file_system(data, kind)
    assert (check.finding, kind in check.found) == (finding, True)
    assert list(check_file_system(data, "")) == []


@pytest.mark.skipif(not ROOT, reason="only root can give files away")
def test_files_of_somebody_else_are_found(data: Path) -> None:
    assert only(check_owner(data), "owner").finding == "ok"
    for path in (data, *data.iterdir()):
        os.chown(path, 12345, 12345)
    assert only(check_owner(data), "owner").finding == "ok"
    # Given that root has used what is another's, such as one who forgot sudo -u
    (data / "projections").mkdir()
    (data / "projections" / "audit.v1.db").touch()
    check = only(check_owner(data), "owner")
    assert (check.finding, check.remedy) == ("problem", f"as root: chown -R 12345 {data}")
    assert "not 12345's, whose the directory is" in check.found
    subprocess.run(["chown", "-R", "12345", str(data)], check=True)
    assert only(check_owner(data), "owner").finding == "ok"


@pytest.mark.skipif(not ROOT, reason="only root can be somebody else")
def test_who_is_not_the_owner_is_told_as_whom_to_run() -> None:
    directory = Path(mkdtemp())  # which others can look at, unlike those of the tests
    directory.chmod(0o755)
    try:
        os.seteuid(12345)
        check = only(check_owner(directory), "owner")
    finally:
        os.seteuid(0)
        directory.rmdir()
    assert (check.finding, check.found) == ("problem", "root, and you are 12345")
    assert "sudo -u root milena" in check.remedy


def use(data: Path) -> dict[str, Check]:
    return {check.name: check for check in check_use(data)}


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the system does not tell its locks here")
def test_who_uses_the_data_is_told_by_the_systems_locks_which_are_never_stale(data: Path) -> None:
    assert use(data)["use"].found == "nobody uses it now"
    source = (
        "import sys; from pathlib import Path; from milena.home import Home\n"
        f"home = Home(Path({str(data)!r})); print(flush=True); sys.stdin.read()"
    )
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", source], **streams) as user:  # type: ignore[call-overload]
        assert user.stdout.readline() == b"\n"
        found = use(data)["use"].found
        user.kill()
    if found == "nobody uses it now":
        pytest.skip("a file system whose locks have another number than its files")
    assert found == f"by process {user.pid}"
    assert use(data)["use"].found == "nobody uses it now", "a lock ends with whoever held it"
    with locking.alone(data):
        check = use(data)["use"]
        assert (check.finding, f"process {os.getpid()} has it alone" in check.found) == ("note", True)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("restoring-x", "milena backup restore"), ("events.db.compact.part", "milena archive --compact")],
)
def test_what_was_cut_short_is_found_and_its_end_told(data: Path, name: str, remedy: str) -> None:
    assert "unfinished" not in use(data)
    (data / name).touch()
    check = use(data)["unfinished"]
    assert (check.finding, remedy in check.remedy, name in check.found) == ("problem", True, True)
    with locking.alone(data):
        if use(data)["use"].finding == "note":
            assert "unfinished" not in use(data), "somebody is at it"


def test_a_wal_that_somebody_keeps_from_being_emptied_is_found(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wal() -> Check:
        return only(health.check_log(data / "events.db"), "WAL")

    monkeypatch.setattr(health, "LARGEST_WAL", 1_000_000)
    with Home(data) as home:
        reader = sqlite3.connect(data / "events.db")
        # Given somebody who reads, and never ends
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        for number in range(40):
            with home.store.transaction() as transaction:
                transaction.snapshot("game", f"game:{number}", 1, b'"%s"' % (b"x" * 50_000))
        assert wal().finding == "problem"
        assert "fuser -v" in wal().remedy
        reader.close()
    assert wal().finding == "ok"
