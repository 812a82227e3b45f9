"""milena config: what is set and why, whether it is right, and a file to begin with."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from msgspec.structs import asdict

from milena.commands import offered
from milena.domain.limits import GameLimits
from milena.ops.config import BudgetLimits, DigestSettings, LogLimits
from milena.ops.retention import BackupPolicy

LIMITS = GameLimits.__struct_fields__

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def file(data: Path) -> Path:
    data.mkdir()
    return data / "milena.toml"


def test_init_writes_a_file_that_is_good_and_changes_nothing(milena: Run, data: Path) -> None:
    made = milena("config", "init", data=data)
    assert (made.returncode, made.stderr) == (0, "")
    assert [path.name for path in data.iterdir()] == ["milena.toml"]
    assert data.stat().st_mode & 0o777 == 0o700

    checked = milena("config", "check", data=data)
    assert (checked.returncode, checked.stdout) == (0, f"{data}/milena.toml: good, 0 settings.\n")
    assert all(row["source"] == "default" for row in shown(milena, data))


def test_init_replaces_a_file_only_when_forced(milena: Run, file: Path) -> None:
    file.write_text("[engine]\nqueue = 7\n")

    refused = milena("config", "init", data=file.parent)
    assert refused.returncode == 1
    assert refused.stderr == f"milena: {file} is there already; --force replaces it.\n"
    assert file.read_text() == "[engine]\nqueue = 7\n"

    forced = milena("config", "init", "--force", data=file.parent)
    assert forced.returncode == 0
    assert "#queue = 10000" in file.read_text()


def test_init_where_nothing_can_be_made_says_so_and_leaves_nothing(milena: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = milena("config", "init", data=tmp_path / "file" / "data")
    assert refused.returncode == 1
    said = f"milena: {tmp_path}/file/data/milena.toml can't be written (Not a directory)"
    assert refused.stderr.startswith(said)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def shown(milena: Run, data: Path, **env: str) -> list[dict[str, object]]:
    result = milena("config", "show", "--json", data=data, env=env)
    assert (result.returncode, result.stderr) == (0, "")
    rows: list[dict[str, object]] = json.loads(result.stdout)
    return rows


def test_show_tells_each_value_and_where_it_comes_from(milena: Run, file: Path) -> None:
    file.write_text("[engine]\nbatch = 8\n\n[cooldowns]\nopen = 2\n")
    rows = shown(milena, file.parent, MILENA_ENGINE_QUEUE="500")
    assert {row["name"]: (row["value"], row["source"]) for row in rows} == {
        "engine.queue": (500, "MILENA_ENGINE_QUEUE"),
        "engine.batch": (8, f"{file}:2"),
        "engine.cache": (20000, "default"),
        "engine.retries": (3, "default"),
        **{f"limits.{name}": (getattr(GameLimits(), name), "default") for name in LIMITS},
        "throttle.member": (20, "default"),
        "throttle.guild": (100, "default"),
        **{f"logs.{name}": (getattr(LogLimits(), name), "default") for name in LogLimits.__struct_fields__},
        **{f"backup.{name}": (value, "default") for name, value in asdict(BackupPolicy()).items()},
        "archive.older_than": (0, "default"),
        **{f"budgets.{name}": (value, "default") for name, value in asdict(BudgetLimits()).items()},
        "metrics.port": (0, "default"),
        **{f"digest.{name}": (value, "default") for name, value in asdict(DigestSettings()).items()},
        **{f"cooldowns.{name}": (command.cooldown, "default") for name, command in offered().items()},
        **{f"scopes.{name}": (command.scope, "default") for name, command in offered().items()},
        "cooldowns.open": (2, f"{file}:5"),
    }


def test_show_prints_a_table_without_colour_when_piped(milena: Run, data: Path) -> None:
    result = milena("config", "show", data=data)
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["setting", "value", "from", "meaning"]
    assert rows[0].rstrip().split(maxsplit=3) == [
        "engine.queue",
        "10000",
        "default",
        "invocations that may wait; more are refused",
    ]
    assert "\x1b" not in result.stdout
    assert not data.exists()


def test_check_tells_every_mistake_one_a_line(milena: Run, file: Path) -> None:
    file.write_text("[engine]\nqueu = 5\nbatch = 0\n")
    result = milena("config", "check", data=file.parent, env={"MILENA_COOLDOWNS_OPN": "5"})
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"milena: {file}:2: unknown setting engine.queu; did you mean engine.queue?",
        f"milena: {file}:3: engine.batch must be a whole number from 1 to 10000, not 0.",
        "milena: unknown setting MILENA_COOLDOWNS_OPN; did you mean MILENA_COOLDOWNS_OPEN?",
    ]


def test_check_of_another_file_leaves_the_environment_out(milena: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("[engine]\nqueue = 5\n")
    result = milena("config", "check", str(other), env={"MILENA_ENGINE_BATCH": "x"})
    assert (result.returncode, result.stdout) == (0, f"{other}: good, 1 setting.\n")


def test_check_of_a_file_that_is_not_there_is_wrong_usage(milena: Run, tmp_path: Path) -> None:
    result = milena("config", "check", str(tmp_path / "none.toml"))
    assert result.returncode == 2
    assert "there is no file" in result.stderr


def test_show_of_what_can_not_be_used_names_the_first_mistake(milena: Run, file: Path) -> None:
    file.write_text("[engine]\nqueu = 5\n")
    result = milena("config", "show", data=file.parent)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"milena: {file}:2: unknown setting engine.queu; did you mean engine.queue?\n"


def test_diff_tells_who_says_what_and_who_wins(milena: Run, file: Path) -> None:
    file.write_text("[engine]\nqueue = 7\nbatch = 8\n\n[limits]\nguild = 20\n")
    for name, value in (("games", "5"), ("member-games", "3"), ("timezone", "Asia/Tokyo")):
        done = milena("call", "config set", f"name={name}", f"value={value}", data=file.parent)
        assert done.returncode == 0, done.stderr

    result = milena("config", "diff", "--json", data=file.parent, env={"MILENA_ENGINE_QUEUE": "500"})
    assert (result.returncode, result.stderr) == (0, "")
    rows = json.loads(result.stdout)
    assert [
        [each[name] for name in ("name", "file", "environment", "value", "wins")] for each in rows[:3]
    ] == [
        ["engine.queue", 7, 500, 500, "MILENA_ENGINE_QUEUE"],
        ["engine.batch", 8, None, 8, f"{file}:3"],
        ["limits.guild", 20, None, 20, f"{file}:6"],
    ]
    assert [
        [each[name] for name in ("server", "name", "default", "own", "value", "wins")] for each in rows[3:]
    ] == [
        ["terminal", "games", 20, 5, 5, "/config set"],
        ["terminal", "member-games", 1, 3, 1, "limits.member, which is stricter"],
        ["terminal", "timezone", "UTC", "Asia/Tokyo", "Asia/Tokyo", "/config set"],
    ]
    told = milena("config", "diff", data=file.parent)
    assert told.stdout.splitlines()[1].split() == ["engine.queue", "10000", "7", "7", f"{file}:2"]


def test_diff_of_what_is_all_by_default_says_so(milena: Run, data: Path) -> None:
    assert milena("config", "diff", data=data).stdout == "All is as it is by default.\n"
    assert not data.exists()
