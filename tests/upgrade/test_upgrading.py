"""What happens before a data directory is used: upgraded where that only adds something, else refused."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from milena.aggregates import AGGREGATES, EVENTS
from milena.cli import run
from milena.domain.command import Invocation
from milena.home import Home
from milena.ops import backup, releases
from milena.ops.config import BadConfig, load
from milena.replay.verify import verify
from milena.store import Damaged, Unavailable, locking, upgrading, vault
from milena.store.formats import adds_only
from milena.store.schema import VERSION
from milena.upgrade.upgrading import upgrade

ADDS = "CREATE TABLE later (stream TEXT PRIMARY KEY, file TEXT NOT NULL) STRICT;"
CHANGES = "CREATE TABLE more (name TEXT) STRICT;\nDELETE FROM snapshots;"

Become = Callable[..., None]


@pytest.fixture
def data(tmp_path: Path, invocation: Callable[..., Invocation]) -> Path:
    """A data directory of this release, with a game in it."""
    with Home(tmp_path / "data") as home, home.engine() as engine:
        engine.call(invocation("open", home.vault.player("terminal", "ann"), game="tictactoe"))
    return tmp_path / "data"


def contents(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()}


def version(data: Path, name: str = "events.db") -> int:
    return upgrading.found(data)[name].version


@pytest.mark.parametrize(
    ("script", "adds"),
    [
        (ADDS, True),
        ("ALTER TABLE events ADD COLUMN more TEXT;", True),
        ("-- the trigger allows more now\nDROP TRIGGER events_are_never_deleted;\n" + ADDS, True),
        (CHANGES, False),
        ("ALTER TABLE events RENAME TO old;", False),
        ("DROP TABLE snapshots;", False),
        ("UPDATE events SET place = '';", False),
        ("INSERT INTO snapshots SELECT * FROM snapshots;", False),
    ],
)
def test_what_only_adds_something_is_told_from_what_does_not(script: str, adds: bool) -> None:
    assert adds_only([ADDS, script]) == adds


def test_what_only_adds_something_is_done_at_the_next_start_after_a_backup(
    data: Path, become: Become, caplog: pytest.LogCaptureFixture
) -> None:
    before = version(data)
    become("0.9.0", ADDS)

    with Home(data) as home:
        assert verify(home.store, AGGREGATES).findings == []

    [made] = backup.backups(data / "backups")
    assert version(data) == before + 1
    assert backup.check(made)
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == [
        f"{data} was upgraded for Milena 0.9.0"
    ]
    assert [(each.milena, each.backup) for each in releases.releases(data)][1:] == [("0.9.0", str(made))]


def test_what_changes_something_waits_until_it_is_asked_for(data: Path, become: Become) -> None:
    become("0.9.0", CHANGES)
    before = contents(data)

    with pytest.raises(
        Unavailable, match=rf"events\.db: format {VERSION}, now {VERSION + 1}.*'milena upgrade'"
    ):
        Home(data)
    assert contents(data) == before

    done = upgrade(data, EVENTS)
    assert done is not None
    assert done.files == {"events.db": (VERSION, VERSION + 1)}
    Home(data).close()


def test_without_a_backup_there_is_no_upgrade_unless_that_is_wanted(
    data: Path, become: Become, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MILENA_BACKUPS", str(tmp_path / "file"))
    become("0.9.0", ADDS)

    with pytest.raises(Unavailable, match=r"can't be used.*'milena upgrade --no-backup' does without"):
        Home(data)
    assert version(data) == VERSION

    done = upgrade(data, EVENTS, backup=False)
    assert done is not None
    assert done.backup is None
    assert version(data) == VERSION + 1


def test_a_damaged_log_is_not_upgraded(data: Path, become: Become) -> None:
    with closing(sqlite3.connect(data / "events.db", isolation_level=None)) as db:
        [(sql,)] = db.execute("SELECT sql FROM sqlite_master WHERE name = 'events_are_never_changed'")
        db.execute("DROP TRIGGER events_are_never_changed")
        db.execute("UPDATE events SET player = 'eve' WHERE position = 2")
        db.execute(sql)
    become("0.9.0", ADDS)

    with pytest.raises(Damaged, match="position 2 was changed"):
        Home(data)
    assert version(data) == VERSION


def test_while_somebody_uses_it_there_is_no_upgrade(data: Path, become: Become) -> None:
    become("0.9.0", ADDS)

    with locking.share(data), pytest.raises(Unavailable, match=r"Milena is running on .*; stop her first"):
        Home(data)
    # nor while it is open in something that knows no lock of the directory, such as Milena 0.2
    with closing(sqlite3.connect(data / "events.db")) as other:
        other.execute("SELECT count(*) FROM events").fetchone()
        with pytest.raises(Unavailable, match=r"events\.db is in use by another process"):
            Home(data)
    assert version(data) == VERSION
    assert backup.backups(data / "backups") == {}


def test_an_upgrade_that_was_cut_short_takes_the_backup_that_it_made(
    data: Path, become: Become, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(data / "vault.db", isolation_level=None)) as db:
        db.execute("DROP TABLE keys")
        db.execute("PRAGMA user_version = 1")
    become("0.9.0", ADDS)
    with monkeypatch.context() as broken:
        broken.setattr(vault, "MIGRATIONS", [*vault.MIGRATIONS[:1], "CREATE NONSENSE;"])
        with pytest.raises(Unavailable, match="syntax error"):
            upgrade(data, EVENTS)
    assert (version(data), version(data, "vault.db")) == (VERSION + 1, 1)

    Home(data).close()

    [made] = backup.backups(data / "backups")
    assert {each.backup for each in releases.releases(data)[1:]} == {str(made)}
    become()
    backup.restore(made, data)
    assert (version(data), version(data, "vault.db")) == (VERSION, 1)


# ------------------------------------------------------------------------------------ a newer release


def test_what_a_newer_release_left_is_refused_by_name_and_the_backup_of_before_is_the_way_back(
    data: Path, become: Become, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a directory that a later release has upgraded
    become("0.9.0", ADDS)
    Home(data).close()
    [made] = backup.backups(data / "backups")
    become()
    before = contents(data)

    # When this release is started on it, or asked what it thinks of it
    status = run(["games", "--data", str(data)])

    # Then it says whose it is, and where the way back is; and nothing is written
    said = capsys.readouterr().err
    assert status == 1
    assert f"{data}/events.db has format {VERSION + 1}, and Milena" in said
    assert "Milena 0.9.0 was used here since" in said
    assert f"'milena backup restore {made}'" in said
    assert run(["upgrade", "--dry-run", "--json", "--data", str(data)]) == 1
    assert '"too new"' in capsys.readouterr().out
    assert run(["upgrade", "--data", str(data)]) == 1
    assert contents(data) == before

    # and that way is one, unless the backup is gone
    assert run(["backup", "restore", str(made), "--data", str(data)]) == 0
    Home(data).close()
    made.unlink()
    become("0.9.0", ADDS)
    Home(data).close()
    for path in backup.backups(data / "backups"):
        path.unlink()
    become()
    with pytest.raises(Unavailable, match=r"install that one, or a newer one\.$"):
        Home(data)


def test_events_of_a_newer_release_are_refused_also_where_the_format_is_the_same(
    data: Path, become: Become
) -> None:
    become("0.9.0")
    with Home(data):
        become()
    Home(data).close()  # it was used, and left nothing new

    become("0.9.0")
    with Home(data) as home, home.store.transaction() as transaction:
        transaction.append([("game:x", 1, "game.exploded", "{}", 0, "", "", "c", None, None)])
    become()
    with pytest.raises(Unavailable, match=r"position 5 \(game\.exploded\).*Milena 0\.9\.0 was used here"):
        Home(data)

    become("0.9.1")
    Home(data).close()


def test_an_event_in_a_newer_shape_is_refused_too(data: Path, become: Become) -> None:
    become("0.9.0")
    payload = '{"class_version":2,"game":"x"}'
    with Home(data) as home, home.store.transaction() as transaction:
        transaction.append([("game:x", 1, "game.rematched", payload, 0, "", "", "c", None, None)])
    become()

    with pytest.raises(Unavailable, match=r"position 5 \(game\.rematched\)"):
        Home(data)


@pytest.mark.parametrize("name", ["vault.db", "head.json", "errors.db", "projections/leaderboard.db"])
def test_other_files_of_a_newer_release_are_left_alone(
    data: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with Home(data) as home:
        home.readside().catch_up(["leaderboard"])
    with closing(sqlite3.connect(data / "errors.db")) as db:
        db.execute("PRAGMA application_id = 0x4D4C4552")
        db.execute("CREATE TABLE failures (id TEXT)")
    if name == "head.json":
        (data / name).write_text('{"format":2,"tree":[]}')
    else:
        with closing(sqlite3.connect(data / name)) as db:
            db.execute("PRAGMA user_version = 9")
            if name.startswith("projections"):
                db.execute("UPDATE _readside SET version = 9, fingerprint = 'other', milena = '0.9.0'")
                db.commit()
    before = (data / name).read_bytes()
    asked = {
        "vault.db": ["games"],
        "head.json": ["verify"],
        "errors.db": ["errors", "list"],
        "projections/leaderboard.db": ["leaderboard", "tictactoe"],
    }
    capsys.readouterr()

    status = run([*asked[name], "--data", str(data)])

    said = capsys.readouterr().err
    assert status == 1, said
    assert "newer Milena" in said
    assert len(said.splitlines()) == 1
    assert (data / name).read_bytes() == before
    assert run(["upgrade", "--dry-run", "--data", str(data)]) == 1
    assert "too new" in capsys.readouterr().out


def test_a_setting_of_a_newer_release_is_told_as_one(data: Path, become: Become) -> None:
    become("0.9.0")
    Home(data).close()
    become()
    (data / "milena.toml").write_text("[engine]\nturbo = 1\n")

    with pytest.raises(BadConfig, match=r"Milena 0\.9\.0, which was used here, may know it"):
        load(data)
