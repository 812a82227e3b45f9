"""A backup comes into the place of what is there, whole or not at all; what was there is kept aside."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playing_on import Played, Table, play, tree

from milena.aggregates import AGGREGATES
from milena.home import Home
from milena.ops.backup import Backup, make, name_of, restore
from milena.ops.backup.restoring import finish
from milena.replay.verify import verify
from milena.store import Damaged, Unavailable


def rows(path: Path) -> tuple[list[object], list[object]]:
    """All that is in the log, and in the vault."""
    with (
        closing(sqlite3.connect(path / "events.db")) as log,
        closing(sqlite3.connect(path / "vault.db")) as vault,
    ):
        people = vault.execute("SELECT * FROM players ORDER BY id").fetchall()
        secrets = vault.execute("SELECT * FROM secrets").fetchall()
        return log.execute("SELECT * FROM events ORDER BY position").fetchall(), people + secrets


def state(path: Path) -> tuple[object, dict[str, bytes]]:
    """All that a restore replaces: what is in the log and the vault, and every other file with its bytes.
    (SQLite may write to a header what it likes.)"""
    ours = ("replaced-", "restore-", "events.db", "vault.db", "releases.jsonl")
    return rows(path), {name: data for name, data in tree(path).items() if not name.startswith(ours)}


def test_into_an_empty_place_it_is_all_there_and_is_played_on(
    made: Backup, original: Played, tmp_path: Path
) -> None:
    done = restore(made.path, tmp_path / "new" / "data")

    assert done == (made.manifest, None, False)
    assert sorted(tree(tmp_path / "new" / "data")) == ["events.db", "head.json", "milena.toml", "vault.db"]
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "new" / "data").iterdir()} == {0o600}
    assert rows(tmp_path / "new" / "data") == rows(original.path)
    with Home(tmp_path / "new" / "data") as home:
        report = verify(home.store, AGGREGATES)
        assert (report.findings, report.events, report.ended) == ([], made.manifest.position, 1)
        with home.engine() as engine:
            Table(home, engine).move(original.open, "426")  # who has 5 takes 4 and 6
            game = engine.read("game", original.open).state
    assert (game.status, game.how) == ("ended", "finished")


def test_what_came_after_the_backup_is_kept_aside_and_read_models_are_made_anew(tmp_path: Path) -> None:
    # Given a data directory that went on after a backup, with read models that know of it
    data = play(tmp_path / "data").path
    backup = make(data, data / "backups" / name_of(0, "a"))
    with Home(data) as home, home.engine() as engine:
        Table(home, engine).begin()
        head = home.store.head()
    with Home(data) as home:
        readside = home.readside()
        readside.catch_up(["games"])
        ahead = {each.model: each.position for each in readside.status()}
    assert ahead["games"] == head.position > backup.head.position
    before = rows(data)

    done = restore(backup.path, data)

    # Then it is as at the time of the backup
    assert done.aside is not None
    assert rows(data)[0] == before[0][: backup.head.position]
    with Home(data) as home:
        assert verify(home.store, AGGREGATES).findings == []
        readside = home.readside()
        readside.catch_up(["games"])
        assert {each.model: each.position for each in readside.status()}["games"] == backup.head.position
    # and what was there lies aside, and would work again
    assert rows(done.aside) == before
    assert (data / "backups" / backup.path.name).exists()


def test_a_configuration_that_the_backup_has_not_got_stays(tmp_path: Path) -> None:
    data = play(tmp_path / "data").path
    backup = make(data, tmp_path / name_of(0))
    (data / "milena.toml").write_text("[engine]\nqueue = 5\n")

    done = restore(backup.path, data)

    assert (data / "milena.toml").read_text() == "[engine]\nqueue = 5\n"
    assert done.aside is not None
    assert not (done.aside / "milena.toml").exists()


def test_a_rehearsal_changes_nothing_and_tells_what_would_be(made: Backup, original: Played) -> None:
    before = state(original.path)

    nobody = restore(made.path, original.path, dry=True)
    with Home(original.path):
        somebody = restore(made.path, original.path, dry=True)

    assert nobody.aside == original.path / "replaced-TIME"
    assert (nobody.in_use, somebody.in_use) == (False, True)
    assert state(original.path) == before


def test_it_is_refused_while_a_home_is_open(made: Backup, original: Played, tmp_path: Path) -> None:
    data = shutil.copytree(original.path, tmp_path / "data")
    with Home(data):
        with pytest.raises(Unavailable, match=f"Milena is running on {data}"):
            restore(made.path, data)
        assert not list(data.glob("restor*")) + list(data.glob("replaced*"))

    restore(made.path, data)


@pytest.mark.parametrize("name", ["events.db", "vault.db"])
def test_it_is_refused_while_another_program_has_a_file_open(
    made: Backup, original: Played, tmp_path: Path, name: str
) -> None:
    # Given the log, or the vault, open in something that is not Milena, such as Litestream
    data = shutil.copytree(original.path, tmp_path / "data")
    before = state(data)
    with closing(sqlite3.connect(data / name)) as other:
        other.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with pytest.raises(Unavailable, match=f"{name} is in use by another process"):
            restore(made.path, data)
    assert state(data) == before

    restore(made.path, data)


def test_nobody_opens_the_directory_meanwhile(made: Backup, original: Played, tmp_path: Path) -> None:
    data = shutil.copytree(original.path, tmp_path / "data")
    said = []

    def look(done: int, total: int) -> None:
        with pytest.raises(Unavailable) as caught:
            Home(data)
        said.append(str(caught.value))

    restore(made.path, data, look)

    assert set(said) == {
        f"A backup is being restored into {data}, or it is being upgraded, or its log made smaller; "
        "wait until that is done, then try again."
    }


@pytest.mark.parametrize("spoil", [b"", b"garbage" * 1000, None], ids=["emptied", "garbage", "gone"])
@pytest.mark.parametrize("name", ["events.db", "vault.db"])
def test_it_replaces_what_is_lost(
    made: Backup, original: Played, tmp_path: Path, name: str, spoil: bytes | None
) -> None:
    # Given a log, or a vault, that nobody can use any more
    data = shutil.copytree(original.path, tmp_path / "data")
    (data / name).unlink()
    if spoil is not None:
        (data / name).write_bytes(spoil)

    done = restore(made.path, data)

    assert rows(data) == rows(original.path)
    assert done.aside is not None
    assert spoil is None or (done.aside / name).read_bytes() == spoil


class Killed(BaseException):
    """As good as SIGKILL, for what is on the disk."""


def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Die at the so-manyth change to which file has which name."""
    calls = 0

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def do(*arguments: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls > step:
                raise Killed
            return real(*arguments, **options)

        return do

    for name in ("rename", "replace", "mkdir"):
        monkeypatch.setattr(f"milena.ops.backup.restoring.Path.{name}", dying(getattr(Path, name)))
    monkeypatch.setattr("milena.ops.backup.restoring.shutil.rmtree", dying(shutil.rmtree))


@pytest.mark.parametrize("step", range(14))
def test_one_that_is_cut_short_is_finished_by_the_next(
    made: Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, original: Played, step: int
) -> None:
    # Given a restore that dies at any step from the one on that begins it
    data = shutil.copytree(original.path, tmp_path / "data")
    with Home(data) as home:
        home.vault.player("terminal", "cyd")
        home.readside().catch_up(["games"])
    before = state(data)
    died = False
    with monkeypatch.context() as patched:
        killed_at(step, patched)
        try:
            restore(made.path, data)
        except Killed:
            died = True
    begun = bool(list(data.glob("restoring-*")))

    # Then nobody works on half of it
    if begun:
        with pytest.raises(Unavailable, match="was cut short; run 'milena backup restore' again"):
            Home(data)
    # and whoever restores next finishes it: all is new, and all that was there is aside
    finish(data)
    aside = list(data.glob("replaced-*"))
    if begun or not died:
        assert rows(data) == rows(original.path)
        assert rows(aside[0]) == before[0]
        assert {**state(aside[0])[1], "milena.toml": b""} == {**before[1], "milena.toml": b""}
    else:
        assert aside == []
        assert state(data) == before
    with Home(data) as home:
        assert verify(home.store, AGGREGATES).findings == []


def test_a_disk_that_gives_up_changes_nothing(
    made: Backup, original: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = shutil.copytree(original.path, tmp_path / "data")
    before = state(data)

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("milena.ops.backup.restoring.os.fsync", full)
    with pytest.raises(Unavailable, match=r"can't be restored into .*: No space left on device"):
        restore(made.path, data)

    assert state(data) == before


def test_the_store_that_is_damaged_by_hand_is_told_from_the_one_that_is_sound(
    original: Played, tmp_path: Path
) -> None:
    """No backup is made of a log that is not whole: it would push out those that are."""
    data = shutil.copytree(original.path, tmp_path / "data")
    with closing(sqlite3.connect(data / "events.db")) as log:
        log.execute("DROP TRIGGER events_are_never_changed")
        log.execute("UPDATE events SET player = 'me' WHERE position = 5")
        log.commit()

    with pytest.raises(Damaged):
        make(data, tmp_path / "backups" / name_of(0))

    assert tree(tmp_path / "backups") == {}
