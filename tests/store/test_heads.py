"""The head that is kept outside the log goes forward, is signed, and outlives a log that has lost it."""

import json
import logging
import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from milena.home import Home
from milena.store import Damaged, Head, Vault
from milena.store.heads import HeadKeeper, KeptHead, holds, read_head, write_head


def note(home: Home) -> Path:
    return home.path / "head.json"


def kept(home: Home) -> KeptHead | None:
    return read_head(note(home), home.vault)


def append(home: Home, count: int = 1) -> Head:
    """The head of the log after some more events."""
    start = home.store.head().position
    with home.store.transaction() as transaction:
        transaction.append(
            ("member:t:ann", n, "command.invoked", "{}", 0, "ann", "t", f"i{n}", None, f"i{n}")
            for n in range(start + 1, start + count + 1)
        )
    return home.store.head()


def cut(home: Home, position: int) -> None:
    with sqlite3.connect(home.store.path) as db:
        db.execute("DROP TRIGGER events_are_never_deleted")
        db.execute("DELETE FROM events WHERE position > ?", (position,))


def test_the_head_is_noted_with_its_position_hash_and_time(home: Home) -> None:
    head = append(home, 3)

    HeadKeeper(home.store).keep(head)

    noted = kept(home)
    assert noted is not None
    assert (noted.position, noted.hash) == (3, head.hash.hex())
    assert holds(home.store, noted)


def test_where_nothing_is_noted_there_is_nothing(home: Home) -> None:
    assert kept(home) is None


def test_a_note_is_taken_at_once_then_once_in_a_while_and_whenever_it_is_asked_for(home: Home) -> None:
    keeper = HeadKeeper(home.store, every=3600)
    positions = []

    for now in (False, False, True):
        keeper.keep(append(home), now=now)
        positions.append(getattr(kept(home), "position", None))

    assert positions == [1, 1, 3]


def test_a_note_is_due_again_when_its_time_has_passed(home: Home) -> None:
    keeper = HeadKeeper(home.store, every=0)

    for position in (1, 2, 3):
        keeper.keep(append(home))
        assert getattr(kept(home), "position", None) == position


def test_what_is_noted_soon_is_the_last_head_and_whoever_writes_does_not_wait_for_the_disk(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[threading.Thread] = []
    monkeypatch.setattr(os, "fsync", lambda file: waited.append(threading.current_thread()))
    keeper = HeadKeeper(home.store, every=0.05)
    keeper.soon(append(home))
    assert waited.pop() is threading.current_thread(), "the first note is there at once"

    for _ in range(19):
        keeper.soon(append(home))
    until = time.monotonic() + 60
    while getattr(kept(home), "position", None) != 20:
        assert time.monotonic() < until, "it was never noted"
        time.sleep(0.005)

    assert waited
    assert threading.current_thread() not in waited


def test_where_there_can_be_no_more_threads_it_is_noted_all_the_same(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = HeadKeeper(home.store, every=0)

    def start(timer: threading.Timer) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Timer, "start", start)
    for position in (1, 2):
        keeper.soon(append(home))
        assert getattr(kept(home), "position", None) == position


def test_nothing_is_noted_after_the_end(home: Home) -> None:
    keeper = HeadKeeper(home.store, every=3600)
    keeper.keep(append(home))

    keeper.soon(append(home))
    timer = keeper._timer
    assert timer is not None
    keeper.close()
    keeper._keep_latest()  # as one that had fired before it could be cancelled

    timer.join(60)
    assert not timer.is_alive()
    assert getattr(kept(home), "position", None) == 1


def test_the_note_never_goes_back(home: Home) -> None:
    first = append(home)
    HeadKeeper(home.store).keep(append(home), now=True)

    HeadKeeper(home.store).keep(first, now=True)

    assert getattr(kept(home), "position", None) == 2


@pytest.mark.parametrize("more", [0, 1, 20], ids=["shorter", "as long", "longer"])
def test_the_note_of_a_longer_log_outlives_a_log_that_was_cut(
    home: Home, more: int, caplog: pytest.LogCaptureFixture
) -> None:
    HeadKeeper(home.store).keep(append(home, 5), now=True)
    before = note(home).read_bytes()
    cut(home, 4)
    with sqlite3.connect(home.store.path) as db:
        row = db.execute("SELECT * FROM events WHERE position = 4").fetchone()
        for n in range(5, 5 + more):  # another history
            db.execute(
                f"INSERT INTO events VALUES ({','.join('?' * 12)})",
                (n, *row[1:2], n, *row[3:10], f"j{n}", row[11]),
            )

    HeadKeeper(home.store).keep(home.store.head(), now=True)

    assert note(home).read_bytes() == before
    assert "run 'milena verify'" in caplog.text


@pytest.mark.parametrize("field", ["position", "hash", "time", "signature"])
def test_a_note_that_was_changed_is_not_believed(home: Home, field: str) -> None:
    HeadKeeper(home.store).keep(append(home))
    fields = json.loads(note(home).read_text())
    fields[field] = fields[field] + 1 if isinstance(fields[field], int) else "0" * 64
    note(home).write_text(json.dumps(fields))

    with pytest.raises(Damaged, match="not signed"):
        kept(home)


def test_a_note_of_another_vault_is_not_believed(home: Home, tmp_path: Path) -> None:
    other = Vault(tmp_path / "other.db")
    write_head(note(home), append(home), other, 0)
    other.close()

    with pytest.raises(Damaged, match="not signed"):
        kept(home)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\x00", b'{"position":1}', b"[1]"])
def test_what_is_no_note_is_told_and_not_replaced(
    home: Home, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    note(home).write_bytes(content)

    HeadKeeper(home.store).keep(append(home), now=True)

    assert note(home).read_bytes() == content
    assert "is not a kept head" in caplog.text


def test_a_disk_that_takes_no_note_is_told_once_and_nothing_is_raised(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = note(home).with_name(f"head.json.{os.getpid()}.part")
    blocked.mkdir()  # whoever runs the tests, a directory can't be opened as a file
    keeper = HeadKeeper(home.store)

    with caplog.at_level(logging.ERROR):
        keeper.keep(append(home), now=True)
        keeper.keep(append(home), now=True)
    blocked.rmdir()
    keeper.keep(append(home), now=True)

    assert caplog.text.count("the head of the log is not kept") == 1
    assert getattr(kept(home), "position", None) == 3


def test_no_other_file_is_left_behind(home: Home) -> None:
    HeadKeeper(home.store).keep(append(home))

    assert [path.name for path in home.path.glob("head*")] == ["head.json"]
