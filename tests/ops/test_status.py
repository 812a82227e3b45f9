"""The small file that tells other processes how the running Milena is."""

import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from milena.ops import status
from milena.ops.sample import UNITS, Sample
from milena.ops.status import Held, Status, file_name, read, shown, tell

NOW = 1_000_000.0
MEMORY = Held("memory", "memory", "MB", 512.0, True, ("shrink caches",))
ONE = Status(
    7, "1.0", "", NOW - 100, NOW, 5.0, False, "", (MEMORY,),
    tuple(Sample(NOW - 5 * back, dict.fromkeys(UNITS, float(back))) for back in (1, 0)),
)  # fmt: skip


def test_what_is_told_is_read(tmp_path: Path) -> None:
    tell(tmp_path, ONE)
    assert read(tmp_path) == [ONE]
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_several_processes_tell_and_the_latest_is_first(tmp_path: Path) -> None:
    told = [replace(ONE, shards=shards, told=NOW + n) for n, shards in enumerate(("0-1/4", "2-3/4"))]
    for each in told:
        tell(tmp_path, each, file_name(each.shards))
    assert read(tmp_path) == told[::-1]


def test_what_is_no_status_is_left_out(tmp_path: Path) -> None:
    assert read(tmp_path) == read(tmp_path / "nowhere") == []
    (tmp_path / status.FILE).write_bytes(b'{"pid": "?"')
    assert read(tmp_path) == []


@pytest.mark.parametrize(
    ("told", "ended", "stale"),
    [(0, False, False), (14, False, False), (17, False, True), (0, True, True), (-60, False, True)],
)
def test_it_is_stale_when_it_was_not_told_again(told: float, ended: bool, stale: bool) -> None:
    assert replace(ONE, told=NOW - told, ended=ended).is_stale(NOW) == stale


def test_nothing_is_left_where_it_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / status.FILE).mkdir()
    with pytest.raises(OSError):
        tell(tmp_path, ONE)
    assert [each.name for each in tmp_path.iterdir()] == [status.FILE]


def test_only_who_runs_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status.time, "time", lambda: NOW)
    assert shown(tmp_path) == []
    tell(tmp_path, ONE)
    assert shown(tmp_path) == [
        {"title": "memory", "unit": "MB", "values": [1.0, 0.0], "limit": 512.0, "crossed": True}
    ]
    tell(tmp_path, replace(ONE, ended=True))
    assert shown(tmp_path) == []
