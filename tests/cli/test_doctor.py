"""milena doctor: looks at everything, touches nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from milena.home import Home

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory in which nothing was played yet."""
    path = tmp_path / "data"
    Home(path).close()
    return path


def findings(result: CompletedProcess[str]) -> dict[str, str]:
    return {check["name"]: check["finding"] for check in json.loads(result.stdout)}


def test_without_a_data_directory_all_is_well_and_none_is_made(milena: Run, tmp_path: Path) -> None:
    result = milena("doctor", data=tmp_path / "data")
    assert (result.returncode, result.stderr) == (0, "")
    assert f"{tmp_path}/data: none yet" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_installation_that_is_well_is_told_line_by_line(milena: Run, data: Path) -> None:
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    result = milena("doctor", data=data)
    assert (result.returncode, result.stderr) == (0, "")
    for said in ("SQLite", f"{data}: 0700", "synchronous full", "position 0", "0 players", "tictactoe"):
        assert said in result.stdout
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_json_holds_every_check(milena: Run, data: Path) -> None:
    result = milena("doctor", "--json", data=data)
    assert set(findings(result).values()) <= {"ok", "note"}, "a note is about the machine, or backups"
    assert [name for name in findings(result) if name not in ("file system", "use")] == [
        "Milena", "Python", "SQLite", "eventsourcing", "msgspec", "clock", "memory", "limits",
        "data directory", "free space", "owner", "configuration", "log", "durability", "WAL", "chain head",
        "archives", "vault", "vault rights", "backups", "games", "commands", "read models", "digest",
        "Discord token",
    ]  # fmt: skip


def test_what_was_found_gives_exit_status_1_and_names_the_remedy(milena: Run, data: Path) -> None:
    data.chmod(0o755)
    (data / "milena.toml").write_text("[engine]\nqueu = 1\n")
    result = milena("doctor", data=data)
    assert result.returncode == 1
    assert "chmod" in result.stdout
    remedies = [check["remedy"] for check in json.loads(milena("doctor", "--json", data=data).stdout)]
    assert any(f"chmod 700 {data}" in remedy for remedy in remedies), "whole, where a table would wrap it"
    assert "milena.toml:2: unknown setting engine.queu; did you mean engine.queue?" in result.stdout


def test_damage_gives_exit_status_3(milena: Run, data: Path) -> None:
    (data / "events.db").write_bytes(b"garbage" * 1000)
    result = milena("doctor", "--json", data=data)
    assert result.returncode == 3
    assert findings(result)["log"] == "damaged"


def test_an_installed_game_that_is_broken_is_named(milena: Run, tmp_path: Path) -> None:
    package = tmp_path / "site" / "broken_games-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-games\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[milena.games]\nlost = not_there:rules\n")
    environment = {"PYTHONPATH": str(tmp_path / "site")}
    result = milena("doctor", "--json", data=tmp_path / "data", env=environment)
    assert result.returncode == 1
    check = next(check for check in json.loads(result.stdout) if check["name"] == "game lost")
    assert "package broken-games can't be loaded" in check["found"]
    assert check["remedy"] == "upgrade or uninstall that package"


def test_a_variable_that_wins_over_the_file_and_a_digest_that_goes_nowhere_are_told(
    milena: Run, data: Path
) -> None:
    (data / "milena.toml").write_text("[engine]\nqueue = 9\nbatch = 5\n[digest]\nchannel = 4711\n")
    result = milena("doctor", "--json", data=data, env={"MILENA_ENGINE_QUEUE": "7"})
    checks = {check["name"]: check for check in json.loads(result.stdout)}
    assert result.returncode == 0
    assert checks["configuration"]["found"] == (
        "good; MILENA_ENGINE_QUEUE wins over engine.queue in the file"
    )
    assert checks["configuration"]["finding"] == "note"
    assert "nothing was posted in channel 4711 yet" in checks["digest"]["found"]
