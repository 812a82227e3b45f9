"""The log files keep their caps whatever comes, and the trouble they have is nobody else's."""

import gzip
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from milena.ops.logs import routed
from milena.ops.logs_files import Caps, Folder
from milena.ops.logs_lines import AUDIT
from milena.ops.logs_scrub import Scrubber

log = logging.getLogger("milena.tests")
DAY = 24 * 3600
SPACIOUS = Caps(file=1_000_000, day=10_000_000, total=20_000_000, days=30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


Logging = Callable[[Caps], AbstractContextManager[None]]


@pytest.fixture
def logging_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Logging:
    """``with logging_to(caps)``: log into ``folder``."""

    def begun(caps: Caps) -> AbstractContextManager[None]:
        monkeypatch.setattr(logging.root, "handlers", [])
        return routed(Folder(folder, caps), Scrubber(), "error")

    return begun


def sizes(folder: Path) -> int:
    total = 0
    for file in folder.iterdir():
        try:
            total += file.stat().st_size
        except FileNotFoundError:  # removed meanwhile
            continue
    return total


def read(folder: Path, name: str = "milena") -> list[dict[str, Any]]:
    """All lines of a log file and of those before it, the oldest first. Each must be JSON."""
    found = []
    for file in folder.glob(f"{name}.*"):
        opened = gzip.open if file.suffix == ".gz" else open
        with opened(file, "rt") as text:
            found += [json.loads(line) for line in text]
    return sorted(found, key=lambda line: str(line["time"]))


def numbers(lines: list[dict[str, Any]]) -> list[int]:
    return [int(line["message"].split()[1]) for line in lines if line["message"].startswith("line ")]


def test_a_full_file_is_compressed_and_another_begins(folder: Path, logging_to: Logging) -> None:
    with logging_to(SPACIOUS._replace(file=10_000)):
        for number in range(300):
            log.info("line %d", number)
    assert numbers(read(folder)) == list(range(300))
    packed = list(folder.glob("milena.*.jsonl.gz"))
    assert len(packed) >= 3
    assert all(len(gzip.decompress(file.read_bytes())) <= 10_000 for file in packed)
    assert {file.name for file in folder.iterdir()} == {file.name for file in packed} | {"milena.jsonl"}
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_a_flood_never_passes_the_total_and_costs_the_oldest_first(folder: Path, logging_to: Logging) -> None:
    caps = Caps(file=10_000, day=10_000_000, total=60_000, days=30)
    largest = 0
    with logging_to(caps):
        log.log(AUDIT, "somebody did something")  # rare, in a file that is not full
        for number in range(6_000):
            log.info("line %d %s", number, os.urandom(40).hex())  # which does not compress well
            if number % 100 == 0:
                largest = max(largest, sizes(folder))
    assert caps.total / 2 < largest <= caps.total
    assert sizes(folder) <= caps.total
    kept = numbers(read(folder))
    assert kept == list(range(kept[0], 6_000)), "the newest, without a gap"
    assert len(read(folder, "audit")) == 1


def test_a_flood_never_passes_the_day_and_leaves_room_for_what_matters(
    folder: Path, logging_to: Logging, capsys: pytest.CaptureFixture[str]
) -> None:
    caps = Caps(file=10_000, day=100_000, total=10_000_000, days=30)
    with logging_to(caps):
        for number in range(2000):
            log.info("line %d", number)
        log.log(AUDIT, "somebody did something")
        for number in range(2000):
            log.error("line %d", number)
        log.log(AUDIT, "somebody did something else")
    everything = [line for name in ("milena", "errors", "audit") for line in read(folder, name)]
    written = sum(len(json.dumps(line, separators=(",", ":"))) + 1 for line in everything)
    assert 0.85 * caps.day < written <= caps.day
    kept = numbers(read(folder))
    assert kept == list(range(len(kept))), "the oldest, without a gap"
    assert len(read(folder, "errors")) > 10
    assert len(read(folder, "audit")) == 2
    told = [line for line in capsys.readouterr().err.splitlines() if "is full" in line]
    assert len(told) == 1


def test_what_was_written_today_counts_after_a_restart_too(folder: Path, logging_to: Logging) -> None:
    caps = Caps(file=10_000, day=50_000, total=10_000_000, days=30)
    with logging_to(caps):
        for number in range(1000):
            log.info("line %d", number)
    before = read(folder)
    with logging_to(caps):
        log.info("line 1000")
    assert read(folder) == before


def test_what_another_process_writes_counts_too(folder: Path) -> None:
    caps = Caps(file=10_000, day=100_000, total=10_000_000, days=30)
    folder.mkdir()
    ours = Folder(folder, caps)
    assert ours.admits("milena", 1000)
    (folder / "milena.theirs.jsonl").write_text("x" * 75_000)
    admitted = 0
    while admitted < 100 and ours.admits("milena", 1000):
        admitted += 1
    assert admitted <= 10, "their 75 kB, ours and these: at most 80 % of the day, soon noticed"


def test_on_the_next_day_another_file_begins_and_all_may_be_written_again(
    folder: Path, logging_to: Logging
) -> None:
    caps = Caps(file=100_000, day=20_000, total=10_000_000, days=30)
    with logging_to(caps):
        for number in range(500):
            log.info("line %d", number)
    yesterday = time.time() - DAY
    os.utime(folder / "milena.jsonl", (yesterday, yesterday))

    with logging_to(caps):
        log.info("line 1000")

    assert numbers([json.loads(line) for line in (folder / "milena.jsonl").open()]) == [1000]
    (packed,) = folder.glob("milena.*.gz")
    assert packed.stat().st_mtime == pytest.approx(yesterday, abs=1)


def test_what_is_too_old_is_removed_and_what_is_no_log_is_not(folder: Path, logging_to: Logging) -> None:
    folder.mkdir()
    ours = ["milena.2020.jsonl.gz", "errors.2020.jsonl", "milena.2021.jsonl.part"]
    for name in (*ours, "notes.jsonl", "milena.txt"):
        (folder / name).write_text("{}\n")
        os.utime(folder / name, (0, time.time() - 31 * DAY))
    (folder / "audit.2020.jsonl.gz").write_text("new")
    with logging_to(SPACIOUS):
        log.info("line 1")
    assert {file.name for file in folder.iterdir()} == {
        "notes.jsonl", "milena.txt", "audit.2020.jsonl.gz", "milena.jsonl",
    }  # fmt: skip


# ----------------------------------------------------------------------------------------- trouble


def test_a_file_or_the_folder_that_is_removed_is_made_again(folder: Path, logging_to: Logging) -> None:
    with logging_to(SPACIOUS):
        log.info("line 1")
        (folder / "milena.jsonl").unlink()
        log.info("line 2")
        (folder / "milena.jsonl").unlink()
        folder.rmdir()
        log.info("line 3")
    assert numbers(read(folder)) == [3]


def test_a_folder_that_can_not_be_is_told_once_and_logging_comes_back(
    folder: Path, logging_to: Logging, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write_text("in the way")
    with logging_to(SPACIOUS):
        for number in range(5):
            log.info("line %d", number)
        (told,) = capsys.readouterr().err.splitlines()
        assert told.startswith(f"milena: the log file {folder}/milena.jsonl can't be written (")
        assert told.endswith("; it goes on by itself when that is mended.")
        folder.unlink()
        log.info("line 5")
    assert [line["message"] for line in read(folder)] == [
        "line 5", "5 lines before this one could not be written",
    ]  # fmt: skip
    assert capsys.readouterr().err == ""


def test_one_file_that_can_not_be_written_does_not_keep_the_others_from_it(
    folder: Path, logging_to: Logging
) -> None:
    (folder / "errors.jsonl").mkdir(parents=True)
    with logging_to(SPACIOUS):
        log.error("line 1")
    assert numbers([json.loads(line) for line in (folder / "milena.jsonl").open()]) == [1]


def test_where_there_is_no_terminal_the_files_are_written(
    folder: Path, logging_to: Logging, monkeypatch: pytest.MonkeyPatch
) -> None:
    with logging_to(SPACIOUS):
        for stderr in (None, open(os.devnull)):  # noqa: SIM115
            monkeypatch.setattr(sys, "stderr", stderr)
            log.error("line 1")
    assert numbers(read(folder)) == [1, 1]


FULL_DISK = """
import logging, resource, sys
from pathlib import Path
from milena.ops.logs import begin

log, data = logging.getLogger("milena.tests"), Path(sys.argv[1])
with begin(data, shows="error"):
    log.info("line 0")
    size = (data / "logs" / "milena.jsonl").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, resource.RLIM_INFINITY))
    for number in range(1, 20):
        log.info("line %d", number)
        log.error("line %d", number, exc_info=ValueError("x"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for number in range(20, 40):
        log.info("line %d", number)
        log.error("line %d", number, exc_info=ValueError("x"))
"""


def test_a_disk_that_is_full_is_told_once_and_logging_comes_back(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if "can't be written" in line]
    assert len(told) == len(set(told)) <= 3, "one for each file"
    assert any("milena.jsonl can't be written (File too large)" in line for line in told)
    lines = (tmp_path / "logs" / "milena.jsonl").read_text().splitlines()
    after = [line for line in lines if line.startswith("{") and line.endswith("}")]
    assert [number for number in numbers([json.loads(line) for line in after]) if number >= 20] == [
        number for number in range(20, 40) for _ in "ie"
    ]
    assert any("could not be written" in line for line in lines)


MANY = """
import logging, sys
from pathlib import Path
from milena.ops.logs import routed
from milena.ops.logs_files import Caps, Folder
from milena.ops.logs_scrub import Scrubber

with routed(Folder(Path(sys.argv[1]), Caps(20_000, 10_000_000, 20_000_000, 30)), Scrubber(), "error"):
    for number in range(500):
        logging.getLogger("milena.tests").info("line %d", number)
"""


def test_lines_of_two_processes_do_not_run_into_each_other(folder: Path) -> None:
    started = [subprocess.Popen([sys.executable, "-c", MANY, str(folder)]) for _ in range(2)]
    assert [each.wait(timeout=60) for each in started] == [0, 0]
    assert len(numbers(read(folder))) > 500  # each is JSON; those at a change of files may be lost
