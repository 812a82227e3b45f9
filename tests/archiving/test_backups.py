"""A backup of a log with archives has all of it, or is none."""

import sqlite3
import sys
from pathlib import Path

import pytest
from long_ago import archived, files, seen

sys.path.append(str(Path(__file__).parents[1] / "ops" / "backup"))

from archives import described, parts_of, tarred, write

from milena.aggregates import AGGREGATES
from milena.home import Home
from milena.ops.backup import Manifest, check, make, restore
from milena.replay.verify import verify
from milena.store import Damaged, StoreError
from milena.store.archive import Missing


@pytest.fixture
def backup(data: Path, tmp_path: Path) -> Path:
    with Home(data) as home:
        archived(home)
    return make(data, tmp_path / "backup.tar.gz").path


def test_it_restores_to_the_same_log_and_archives(data: Path, backup: Path, tmp_path: Path) -> None:
    manifest: Manifest = check(backup)
    with Home(data) as home:
        expected = seen(home)
        assert manifest.games == len(home.store.streams("game"))
    restore(backup, tmp_path / "new")
    with Home(tmp_path / "new") as home:
        assert seen(home) == expected
        assert verify(home.store, AGGREGATES).archived
    names = [name for name in files(tmp_path / "new") if name.startswith("archive/")]
    assert names == [name for name in files(data) if name.startswith("archive/") and name.endswith(".gz")]


def test_what_was_archived_after_it_goes_aside_with_the_rest(data: Path, tmp_path: Path) -> None:
    before = make(data, tmp_path / "before.tar.gz").path
    with Home(data) as home:
        expected = seen(home)
        archived(home)
    [kept] = [content for name, content in files(data).items() if name.endswith(".jsonl.gz")]

    aside = restore(before, data).aside

    assert aside is not None
    assert kept in files(aside).values()
    with Home(data) as home:
        assert seen(home) == expected
        assert archived(home).archives[0].number == 1


def test_no_backup_is_made_without_an_archive(data: Path, tmp_path: Path) -> None:
    with Home(data) as home:
        [archive] = archived(home).archives
    (data / "archive" / archive.file).unlink()
    with pytest.raises(Missing, match=archive.file):
        make(data, tmp_path / "backup.tar.gz")
    assert list(tmp_path.glob("*.gz")) == []


def test_one_whose_archive_is_damaged_missing_or_another_is_refused(backup: Path, tmp_path: Path) -> None:
    parts = parts_of(backup)
    [name] = [name for name in parts if name.startswith("archive/")]
    changed = parts[name][:500] + bytes([parts[name][500] ^ 1]) + parts[name][501:]
    for number, (edited, reason) in enumerate(
        (
            (described(parts | {name: changed}), "is damaged"),
            (parts | {name: changed}, "another SHA-256"),
            (
                described({each: part for each, part in parts.items() if each != name}),
                "0001-2023-11.jsonl.gz is missing",
            ),
            (described(parts | {"archive/0002-2026-03.jsonl.gz": b""}), "other archives than its log names"),
            (described(parts | {"archive/../0002-2026-03.jsonl.gz": b""}), "names other files"),
        )
    ):
        path = write(tmp_path / f"{number}.tar.gz", tarred(edited))
        with pytest.raises(StoreError, match=reason):
            restore(path, tmp_path / "new")
        assert not (tmp_path / "new").exists()


def test_a_backup_of_a_log_that_knows_of_no_archives_is_still_one(data: Path, tmp_path: Path) -> None:
    path = make(data, tmp_path / "backup.tar.gz").path
    assert not [name for name in parts_of(path) if name.startswith("archive")]
    restore(path, tmp_path / "new")
    with Home(tmp_path / "new") as home:
        assert archived(home).archives


def test_stubs_of_what_is_in_no_archive_are_not_believed(backup: Path, tmp_path: Path) -> None:
    parts = parts_of(backup)
    log = tmp_path / "events.db"
    log.write_bytes(parts["events.db"])
    with sqlite3.connect(log) as db:
        [(trigger,)] = db.execute("SELECT sql FROM sqlite_master WHERE name = 'events_are_archived'")
        db.execute("DROP TRIGGER events_are_archived")
        [(position,)] = db.execute("SELECT position FROM events LIMIT 1 OFFSET 5")
        db.execute(
            "INSERT INTO archived SELECT position, 1, hash FROM events WHERE position = ?", (position,)
        )
        db.execute("DELETE FROM events WHERE position = ?", (position,))
        db.execute(trigger)
    db.close()
    path = write(tmp_path / "edited.tar.gz", tarred(described(parts | {"events.db": log.read_bytes()})))
    with pytest.raises(Damaged, match="events that are in no archive"):
        check(path)
