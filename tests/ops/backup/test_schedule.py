"""Backups by themselves: made when the last one is old enough, and removed when they are too old."""

import logging
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from milena.home import Home
from milena.ops.backup import Schedule, backups, check, folder_of, name_of
from milena.ops.config import Config
from milena.ops.retention import BackupPolicy

PATIENCE = 60


def ago(**span: int) -> int:
    """A time in ms since 1970."""
    return int((datetime.now(UTC) - timedelta(**span)).timestamp() * 1000)


def names(home: Home) -> list[str]:
    return [path.name for path in backups(folder_of(home.path))]


def with_backups(home: Home, *times: int) -> list[str]:
    folder_of(home.path).mkdir()
    for each in times:
        (folder_of(home.path) / name_of(each, "old")).touch()
    return names(home)


def test_one_is_made_when_the_last_is_old_enough_and_old_ones_go(home: Home) -> None:
    # Given backups that were made 5 hours, 3 days and 40 days ago
    _, _, last = with_backups(home, ago(days=40), ago(days=3), ago(hours=5))
    policy = BackupPolicy(every=4, days=1, weeks=0, months=0)

    schedule = Schedule(home.path, policy)
    assert schedule.turn()
    assert not schedule.turn()

    # Then there is one more, and those are gone that are older than a day
    assert names(home)[:-1] == [last]
    check(backups(folder_of(home.path)).popitem()[0])


def test_none_is_made_while_the_last_is_young(home: Home) -> None:
    before = with_backups(home, ago(hours=3))

    assert not Schedule(home.path, BackupPolicy(every=4)).turn()
    assert names(home) == before


def test_none_is_made_where_none_was_asked_for(home: Home) -> None:
    with home.backups():
        pass

    assert home.config.backup.every == 0
    assert not folder_of(home.path).exists()


def test_the_thread_makes_one_while_the_process_runs(tmp_path: Path) -> None:
    config = Config(backup=BackupPolicy(every=1))
    with Home(tmp_path / "data", config) as home, home.backups():
        deadline = time.monotonic() + PATIENCE
        while not names(home):
            assert time.monotonic() < deadline
            time.sleep(0.01)

    [path] = backups(folder_of(tmp_path / "data"))
    check(path)


def test_trouble_is_logged_and_ends_nothing(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    # Given a folder of backups that is a file
    folder_of(home.path).write_text("")
    with caplog.at_level(logging.ERROR), Schedule(home.path, BackupPolicy(every=1)):
        deadline = time.monotonic() + PATIENCE
        while not caplog.records:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    assert caplog.messages == [
        f"no backup was made: The folder {folder_of(home.path)} can't be read: Not a directory."
    ]
