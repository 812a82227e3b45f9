"""The doctor on the machine: its clock, its memory, and what a process may have."""

import json
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.home import Home
from milena.ops import health_machine
from milena.ops.health import Check
from milena.ops.health_machine import Memory, check_clock, check_memory

NOW = time.time()


def played(path: Path, when: float) -> Path:
    """A log whose last event is of ``when``."""
    with Home(path) as home, home.engine() as engine:
        ann, place = home.vault.player("terminal", "ann"), Place("terminal/main")
        engine.call(Invocation(InvocationId(new_id()), "roll", {}, ann, place, round(when * 1000)))
    return path / "events.db"


def test_a_clock_that_is_behind_what_has_happened_is_found(tmp_path: Path) -> None:
    log = played(tmp_path / "data", NOW + 3600)
    [check] = check_clock(log, NOW)
    assert (check.name, check.finding) == ("clock", "problem")
    assert "the clock is behind, or was ahead" in check.found
    assert "timedatectl set-ntp true" in check.remedy
    assert next(check_clock(log, NOW + 3601)).finding != "problem"
    assert next(check_clock(tmp_path / "none", NOW)).finding != "problem"


@pytest.mark.parametrize("time", ["NULL", "'noon'", "x'00'", "0.5", "-1", str(1 << 62)])
def test_what_is_no_time_in_a_log_that_is_damaged_is_passed_over(tmp_path: Path, time: str) -> None:
    log = played(tmp_path / "data", NOW)
    with closing(sqlite3.connect(log)) as db:
        [sql] = db.execute("SELECT sql FROM sqlite_master WHERE name = 'events'").fetchone()
        loose = sql.replace("NOT NULL", "").replace("STRICT", "")
        db.execute("ALTER TABLE events RENAME TO whole")
        db.execute(loose)
        db.execute("INSERT INTO events SELECT * FROM whole")
        db.execute(f"UPDATE events SET time = {time} WHERE position = (SELECT max(position) FROM events)")
        db.commit()
    assert next(check_clock(log, NOW + 10)).finding != "problem"
    assert next(check_clock(log, NOW - 3600)).finding == "problem", "the event before is passed over, too"


def test_a_clock_that_nothing_keeps_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_machine, "SYNCHRONIZED", tmp_path / "synchronized")
    monkeypatch.setattr(health_machine, "SYSTEMD", tmp_path / "systemd")
    monkeypatch.setattr(health_machine, "KEEPERS", set())

    def finding() -> str:
        return next(check_clock(tmp_path / "none", NOW)).finding

    assert finding() == "ok", "in a container nobody knows"
    (tmp_path / "systemd").mkdir()
    assert finding() == "note"
    (tmp_path / "synchronized").touch()
    assert finding() == "ok"
    (tmp_path / "synchronized").unlink()
    # Given a program that keeps it, such as this one
    monkeypatch.setattr(health_machine, "KEEPERS", {health_machine.psutil.Process().name()})
    assert finding() == "ok"


@pytest.mark.parametrize(
    ("found", "finding", "said"),
    [
        (Memory(2_000_000_000, 0, 0), "ok", "2 GB, no swap"),
        (Memory(900_000_000, 0, 0), "note", "900 MB, no swap"),
        (Memory(900_000_000, 10**9, 10**8), "ok", "900 MB, 100 MB of 1 GB swap used"),
        (Memory(2_000_000_000, 10**9, 6 * 10**8), "note", "2 GB, 600 MB of 1 GB swap used"),
        (Memory(400_000_000, 10**9, 0), "problem", "less than budgets.memory allows"),
    ],
)
def test_memory_that_is_scarce_is_told(found: Memory, finding: str, said: str) -> None:
    [check] = check_memory(found, 512_000_000)
    assert check.finding == finding
    assert said in check.found
    assert bool(check.remedy) == (finding != "ok")


def test_the_memory_is_that_of_the_machine_or_of_its_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(health_machine, "CONTAINER", limit)
    whole = health_machine.memory().total
    limit.write_text("max\n")
    assert health_machine.memory().total == whole
    limit.write_text("300000000\n")
    assert health_machine.memory().total == 300_000_000


@pytest.mark.parametrize(
    ("limit", "value", "said", "remedy"),
    [
        (resource.RLIMIT_NOFILE, 64, "64 open files for each process", "LimitNOFILE=1024"),
        (resource.RLIMIT_FSIZE, 50_000_000, "no file may be larger than 50 MB", "ulimit -f unlimited"),
    ],
)
def test_what_a_process_may_not_have_is_found(
    tmp_path: Path, limit: int, value: int, said: str, remedy: str
) -> None:
    def limited() -> None:
        resource.setrlimit(limit, (value, value))

    command = [sys.executable, "-P", "-m", "milena", "doctor", "--json", "--data", str(tmp_path / "data")]
    done = subprocess.run(command, preexec_fn=limited, capture_output=True, text=True, timeout=60)
    [check] = [each for each in json.loads(done.stdout) if each["name"] == "limits"]
    assert (done.returncode, check["finding"]) == (1, "problem")
    assert said in check["found"]
    assert remedy in check["remedy"]


def test_usual_limits_are_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: dict[int, tuple[int, int]] = {
        resource.RLIMIT_NOFILE: (1024, 1024),
        resource.RLIMIT_FSIZE: (resource.RLIM_INFINITY, resource.RLIM_INFINITY),
    }
    getrlimit: Callable[[int], tuple[int, int]] = limits.__getitem__
    monkeypatch.setattr(resource, "getrlimit", getrlimit)
    assert list(health_machine.check_limits(0)) == [Check("limits", "1024 open files")]
