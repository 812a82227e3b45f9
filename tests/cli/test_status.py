"""milena status."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from milena.ops.sample import UNITS, Sample
from milena.ops.status import Held, Status, file_name, tell

Run = Callable[..., subprocess.CompletedProcess[str]]
KEPT = Held("memory", "memory", "MB", 512.0, False, ("shrink caches",))
ROOM = Held("disk", "free disk", "MB", 200.0, False, ("refuse new games",), least=True)


def now(**changes: object) -> Status:
    moment = time.time()
    samples = tuple(Sample(moment, dict.fromkeys(UNITS, value)) for value in (128.0, 256.0))
    found = Status(os.getpid(), "1.2.3", "", moment - 7200, moment, 300.0, False, "", (KEPT, ROOM), samples)
    return replace(found, **changes)


def test_it_shows_what_is_used(milena: Run, tmp_path: Path) -> None:
    tell(tmp_path, now())
    shown = milena("status", data=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert f"Milena 1.2.3, process {os.getpid()}" in shown.stdout
    assert "up for 2 h" in shown.stdout
    rows = {line.split("  ")[0]: line for line in shown.stdout.splitlines()}
    assert "▃▅" in rows["memory"]
    assert "256 of 512 MB" in rows["memory"]
    assert "256 at least 200 MB" in rows["free disk"]
    assert "256 events" in rows["read models behind"]


def test_what_is_not_well_is_said_and_in_the_exit_status(milena: Run, tmp_path: Path) -> None:
    tell(tmp_path, now(budgets=(replace(KEPT, crossed=True),), trouble="The disk is full."))
    shown = milena("status", data=tmp_path)
    assert shown.returncode == 1
    assert "crossed: shrink caches" in shown.stdout
    assert "can't be written: The disk is full." in shown.stdout


def test_who_told_nothing_for_a_while_is_stale(milena: Run, tmp_path: Path) -> None:
    tell(tmp_path, now(told=time.time() - 3600))
    shown = milena("status", data=tmp_path)
    assert (shown.returncode, "stale: told 1 h" in shown.stdout) == (1, True)
    tell(tmp_path, now(ended=True))
    assert "ended" in milena("status", data=tmp_path).stdout


def test_json_tells_every_process(milena: Run, tmp_path: Path) -> None:
    for shards in ("0-0/2", "1-1/2"):
        tell(tmp_path, now(shards=shards, told=time.time() - 3600 * (shards == "0-0/2")), file_name(shards))
    shown = milena("status", "--json", data=tmp_path)
    found = json.loads(shown.stdout)
    assert [(each["shards"], each["stale"]) for each in found] == [("1-1/2", False), ("0-0/2", True)]
    assert found[0]["samples"][-1]["values"]["memory"] == 256
    assert shown.returncode == 0


def test_where_none_runs_it_says_so_and_makes_nothing(milena: Run, tmp_path: Path) -> None:
    shown = milena("status", data=tmp_path / "nowhere")
    assert (shown.returncode, "No Milena runs here" in shown.stdout) == (1, True)
    assert not (tmp_path / "nowhere").exists()
