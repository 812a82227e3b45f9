"""Where a read model stands, told without touching it."""

import sqlite3

from tallying import Folder, Poisonous, Writing, diary

from milena.readside import Status


def status(folder: Folder, version: int = 1) -> Status:
    [found] = folder.readside(diary(version=version)).status()
    return found


def test_it_tells_how_far_a_model_is_and_what_waits(writing: Writing, folder: Folder) -> None:
    assert status(folder) == Status("diary", "Diary", "missing", 1)
    writing.calls(5)
    assert status(folder).lag == 5
    assert not folder.directory.exists(), "it only looks"
    readside = folder.readside(diary(handler=Poisonous(2, 3)))
    readside.catch_up()
    readside.drop("diary", 3)
    writing.calls(2)
    found = status(folder)
    assert (found.condition, found.position, found.lag, found.letters, found.dropped) == ("good", 5, 2, 1, 1)
    assert (found.generation, found.previous, found.made_with) == (1, None, 1)
    assert found.size > 4096
    assert found.made > 1_700_000_000_000
    readside.retry("diary", [])
    assert (status(folder).generation, status(folder).previous) == (2, 1)


def test_it_tells_what_does_not_fit(writing: Writing, folder: Folder) -> None:
    writing.calls(3)
    folder.readside(diary()).catch_up()
    assert status(folder, version=2).condition == "other version"
    assert status(folder, version=0).condition == "newer"
    live = folder.shelf(diary()).live()
    assert live is not None
    with sqlite3.connect(live) as db:
        db.execute("UPDATE _readside SET hash = zeroblob(32)")
    db.close()
    assert status(folder).condition == "other log"
    with sqlite3.connect(live) as db:
        db.execute("DELETE FROM _readside")
    db.close()
    assert status(folder).condition == "damaged"
    live.write_bytes(b"\xa5" * 8192)
    assert (status(folder).condition, status(folder).lag) == ("damaged", 3)
    live.unlink()
    assert status(folder).condition == "missing"
