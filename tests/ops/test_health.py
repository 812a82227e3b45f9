"""The doctor's checks: they find what is wrong, name the remedy, and never touch anything."""

import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.engine import Answer
from milena.home import Home
from milena.ops import health, health_models, health_place
from milena.ops.health import Check

Invoke = Callable[..., Answer]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A data directory with one game opened in it, closed again."""
    path = tmp_path / "data"
    with Home(path) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")
        place = Place("terminal/main")
        engine.call(Invocation(InvocationId(new_id()), "open", {"game": "tictactoe"}, ann, place, 0))
    return path


def contents(directory: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file with its rights, its time and its bytes."""
    return {
        path.name: (path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(directory.iterdir())
    }


def log(directory: Path) -> dict[str, Check]:
    return {check.name: check for check in health.check_log(directory / "events.db")}


def vault(directory: Path) -> dict[str, Check]:
    checks = health.check_vault(directory / "vault.db", directory / "events.db")
    return {check.name: check for check in checks}


def test_a_log_that_is_well_tells_its_format_durability_and_head(directory: Path) -> None:
    head = Home(directory)
    position, hash = head.store.head()
    head.close()
    checks = log(directory)
    assert checks["log"].found == f"{directory}/events.db: format 2, application id 0x4d4c4e41"
    assert checks["durability"].found == "journal wal, synchronous full"
    assert checks["WAL"].found == "none: nobody uses the log now"
    assert checks["chain head"].found == f"position {position}, {hash.hex()[:16]}"
    assert {check.finding for check in checks.values()} == {"ok"}


def test_a_vault_that_is_well_counts_its_players(directory: Path) -> None:
    checks = vault(directory)
    assert checks["vault"] == Check(
        "vault", f"{directory}/vault.db: format 2, application id 0x4d4c5654, 1 player"
    )
    assert checks["vault rights"].finding == "ok"


def test_looking_changes_nothing(directory: Path) -> None:
    before = contents(directory)
    log(directory), vault(directory), list(health_place.check_directory(directory))
    assert contents(directory) == before


def test_a_log_in_use_is_read_with_what_its_wal_holds(home: Home, invoke: Invoke, ann: str) -> None:
    invoke("open", ann, game="tictactoe")
    checks = log(home.path)
    assert checks["chain head"].found.startswith(f"position {home.store.head().position}, ")
    assert checks["WAL"].found.endswith(("bytes", "kB"))


def test_a_log_that_a_crash_left_behind_is_read_with_its_wal(
    home: Home, invoke: Invoke, ann: str, tmp_path: Path
) -> None:
    invoke("open", ann, game="tictactoe")
    left = tmp_path / "left"
    left.mkdir()
    for file in home.path.glob("events.db*"):
        shutil.copy(file, left)
    assert log(left)["chain head"].found.startswith(f"position {home.store.head().position}, ")


def test_a_log_that_was_there_and_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "head.json").write_text("{}")
    assert log(tmp_path)["log"].finding == "damaged"


def test_without_files_there_is_nothing_to_find(tmp_path: Path) -> None:
    none = tmp_path / "none"
    assert log(none) == {"log": Check("log", "none yet")}
    assert vault(none) == {"vault": Check("vault", "none yet")}
    found = [check.finding for check in health_place.check_directory(none)]
    assert found == ["ok", "ok"]
    assert not none.exists()


def test_a_head_that_does_not_follow_is_damage(directory: Path) -> None:
    with sqlite3.connect(directory / "events.db") as db:
        db.execute("DROP TRIGGER events_are_never_changed")
        db.execute("UPDATE events SET player = 'eve' WHERE position = (SELECT max(position) FROM events)")
    db.close()
    check = log(directory)["chain head"]
    assert check.finding == "damaged"
    assert check.remedy == "run 'milena verify'"


def test_an_open_log_of_a_newer_format_asks_for_an_upgrade(directory: Path) -> None:
    with sqlite3.connect(directory / "events.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    check = log(directory)["log"]
    assert (check.finding, check.remedy) == ("problem", "upgrade Milena")
    assert "format 99" in check.found


def test_a_log_with_another_kind_of_journal_is_found(directory: Path) -> None:
    with sqlite3.connect(directory / "events.db") as db:
        db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    check = log(directory)["durability"]
    assert (check.finding, check.found) == ("problem", "journal rollback, synchronous full")


def test_a_file_of_another_program_is_damage(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "events.db") as db:
        db.execute("CREATE TABLE notes (text)")
    db.close()
    shutil.copy(tmp_path / "events.db", tmp_path / "vault.db")
    assert log(tmp_path)["log"].finding == "damaged"
    assert vault(tmp_path)["vault"].finding == "damaged"


@pytest.mark.parametrize("name", ["events.db", "vault.db"])
def test_garbage_in_the_place_of_a_file_is_damage(directory: Path, name: str) -> None:
    (directory / name).write_bytes(b"garbage" * 1000)
    findings = {check.finding for check in (log(directory) | vault(directory)).values()}
    assert findings == {"ok", "damaged"}


def test_a_log_without_its_vault_is_damage(directory: Path) -> None:
    (directory / "vault.db").unlink()
    check = vault(directory)["vault"]
    assert check.finding == "damaged"
    assert check.remedy.startswith("restore it from a backup")


def test_rights_that_let_others_look_in_are_found(directory: Path) -> None:
    directory.chmod(0o755)
    (directory / "vault.db").chmod(0o644)
    checked = {check.name: check for check in health_place.check_directory(directory)} | vault(directory)
    assert checked["data directory"].remedy == f"chmod 700 {directory}"
    assert checked["vault rights"].remedy == f"chmod 600 {directory}/vault.db"


def test_a_file_in_the_way_of_the_data_directory_is_found(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    [check, _] = health_place.check_directory(tmp_path / "data")
    assert (check.finding, check.remedy) == ("problem", "choose another --data")


def test_a_disk_that_is_nearly_full_is_found(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil.disk_usage(directory).free
    monkeypatch.setattr(health_place, "LEAST_SPACE", 10 * free)
    [_, check] = health_place.check_directory(directory)
    assert (check.name, check.finding) == ("free space", "problem")


def test_an_sqlite_that_is_too_old_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "OLDEST_SQLITE", (99, 1, 0))
    check = next(check for check in health.check_versions() if check.name == "SQLite")
    assert check.finding == "problem"
    assert "99.1.0" in check.remedy


def test_the_versions_are_those_that_run() -> None:
    found = {check.name: check.found for check in health.check_versions()}
    assert found["Python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["SQLite"] == sqlite3.sqlite_version
    assert list(found) == ["Milena", "Python", "SQLite", "eventsourcing", "msgspec"]


def test_a_game_that_can_not_be_used_is_named_and_the_others_counted() -> None:
    class Broken(Exception):
        pass

    def load(name: str) -> None:
        if name == "chess":
            raise Broken("game 'chess' of package chess-for-milena can't be loaded")

    checks = list(health.check_games(["chess", "go"], load, Broken))
    assert checks == [
        Check(
            "game chess",
            "game 'chess' of package chess-for-milena can't be loaded",
            "problem",
            "upgrade or uninstall that package",
        ),
        Check("games", "1: go"),
    ]


def test_a_configuration_that_can_not_be_used_is_told() -> None:
    def load() -> dict[str, str]:
        raise ValueError("milena.toml:3: no")

    [check] = health.check_configuration(load, ValueError)
    assert (check.found, check.finding) == ("milena.toml:3: no", "problem")


class Model(NamedTuple):
    fingerprint: str


def read_models(directory: Path, **fingerprints: str) -> list[health.Check]:
    def load(name: str) -> Model:
        if name == "broken":
            raise LookupError("read model 'broken': its folder has no schema.sql.")
        return Model(fingerprints[name])

    return list(health_models.check_read_models(directory, fingerprints, load, LookupError))


def make_read_model(
    directory: Path, name: str, fingerprint: str, letters: int = 0, position: int = 0
) -> Path:
    directory.mkdir(mode=0o700, exist_ok=True)
    path = directory / f"{name}.v1.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE _readside (fingerprint, position)")
        db.execute("CREATE TABLE _dead_letters (position, dropped)")
        db.execute("INSERT INTO _readside VALUES (?, ?)", (fingerprint, position))
        db.executemany("INSERT INTO _dead_letters VALUES (?, ?)", [(n, n == 0) for n in range(letters)])
    db.close()
    (directory / f"{name}.db").symlink_to(path.name)
    return path


def test_read_models_that_are_well_are_counted(tmp_path: Path) -> None:
    directory = tmp_path / "projections"
    assert read_models(directory, games="1") == [health.Check("read models", "0; made when next used: games")]
    make_read_model(directory, "games", "1")
    make_read_model(directory, "audit", "old")
    rights, models = read_models(directory, games="1", audit="new", usage="1")
    assert rights.finding == "ok"
    assert models == health.Check("read models", "1: games; made when next used: audit, usage")


def test_read_models_that_need_somebody_are_named(tmp_path: Path) -> None:
    directory = tmp_path / "projections"
    make_read_model(directory, "games", "1", letters=3)
    make_read_model(directory, "audit", "1").write_bytes(b"\xa5" * 8192)
    letters, damage, broken, *_ = read_models(directory, games="1", audit="1", broken="")
    assert (letters.name, letters.found) == ("read model games", "2 events could not be taken in")
    assert letters.remedy == "milena projections dead-letters list games"
    assert (damage.finding, damage.remedy) == ("problem", "milena projections rebuild audit")
    assert "no schema.sql" in broken.found


def test_read_models_that_are_behind_the_log_are_told(directory: Path) -> None:
    def checks(running: bool) -> dict[str, Check]:
        model = Model("1")
        found = health_models.check_read_models(
            directory / "projections",
            ["games"],
            lambda _: model,
            LookupError,
            directory / "events.db",
            running,
        )
        return {check.name: check for check in found}

    # Given a log of some thousand events, of which a read model has the first
    with Home(directory) as home:
        with home.store.transaction() as transaction:
            transaction.append(
                (f"member:t:{n}", 1, "command.invoked", "{}", 0, "ann", "t/m", f"i{n}", None, f"i{n}")
                for n in range(health_models.NEAR + 10)
            )
        head = home.store.head().position
    make_read_model(directory / "projections", "games", "1", position=1)
    assert checks(running=False)["read model games"].finding == "note"
    behind = checks(running=True)["read model games"]
    assert (behind.finding, "though Milena runs" in behind.found) == ("problem", True)
    # and one that is near it, and one of a log that was longer
    for position, name in ((head - 5, "1: games"), (head + 1, "0; made when next used: games")):
        with sqlite3.connect(directory / "projections" / "games.v1.db") as db:
            db.execute("UPDATE _readside SET position = ?", (position,))
        db.close()
        assert "read model games" not in checks(running=True)
        assert checks(running=True)["read models"].found == name


def test_a_variable_that_wins_over_the_file_is_noted() -> None:
    [check] = health.check_configuration(lambda: {"engine.queue": "MILENA_ENGINE_QUEUE"}, ValueError)
    assert check.finding == "note"
    assert "MILENA_ENGINE_QUEUE wins over engine.queue in the file" in check.found
