"""Whatever is asked wrongly: one line on standard error that names the remedy, the right exit status,
nothing written, never a traceback."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import typer.main

from milena.cli import app
from milena.home import Home

Run = Callable[..., CompletedProcess[str]]

ARGUMENTS = {
    ("play",): ["tictactoe", "ann", "bob", "--moves", "-"],
    ("replay",): ["last"],
    ("trace",): ["1"],
    ("import",): [__file__],
    ("snapshots", "record"): ["last"],
    ("watch",): ["last"],
    ("call",): ["open", "game=tictactoe"],
    ("profile",): ["ann"],
    ("errors", "show"): ["vyh0k3ab"],
    ("backup", "restore"): ["last"],
    ("privacy", "export"): ["ann"],
    ("privacy", "erase"): ["ann", "--yes"],
    ("projections", "ask"): ["leaderboard", "top"],
    ("projections", "dead-letters", "retry"): ["leaderboard"],
    ("projections", "dead-letters", "drop"): ["leaderboard", "1"],
}
"""What a verb needs before it looks into the data directory."""


def _leaves(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every verb that works on a data directory, with the words that call it."""
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from _leaves(inner, (*words, name))
    elif any(parameter.name == "data" for parameter in command.params):
        yield (*words, *ARGUMENTS.get(words, []))


VERBS = list(_leaves(typer.main.get_command(app)))
TELLS = [("doctor",), ("config", "check")]
"""They tell what is wrong as their answer."""
MAKES = [("config", "init")]
"""It writes a configuration, and reads none."""
GENTLE = [("config", "show"), ("config", "diff"), ("config", "check")]
"""They tell what holds where nothing is there yet."""


def words(verb: tuple[str, ...]) -> str:
    return " ".join(word for word in verb if word != __file__)


def tree(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes() if path.is_file() else b""
        for path in sorted(directory.rglob("*"))
    }


def line(result: CompletedProcess[str]) -> str:
    """The one line that was said."""
    assert result.stdout == ""
    [said] = result.stderr.splitlines()
    assert said.startswith("milena: ")
    return said.removeprefix("milena: ")


@pytest.mark.parametrize(
    ("arguments", "wrong", "remedy"),
    [
        (["doctr"], "'doctr'", "'doctor'"),
        (["nonsense"], "'nonsense'", "See 'milena --help'."),
        (["doctor", "--jsn"], "--jsn", "--json"),
        (["doctor", "--data"], "--data", "argument"),
        (["doctor", "surplus"], "(surplus)", "See 'milena doctor --help'."),
        (["config", "shw"], "'shw'", "'show'"),
    ],
)
def test_wrong_usage_is_said_in_one_line_with_status_2(
    milena: Run, tmp_path: Path, arguments: list[str], wrong: str, remedy: str
) -> None:
    result = milena(*arguments, data=tmp_path / "data")
    assert result.returncode == 2
    assert wrong in line(result)
    assert remedy in line(result)
    assert list(tmp_path.iterdir()) == []


def test_an_argument_that_is_missing_is_named(milena: Run, tmp_path: Path) -> None:
    result = milena("trace", data=tmp_path / "data")
    assert result.returncode == 2
    assert line(result).startswith("Missing argument")


def test_no_verb_at_all_shows_the_help_with_status_2(milena: Run) -> None:
    result = milena()
    assert (result.returncode, result.stderr) == (2, "")
    assert "Usage: milena" in result.stdout


def test_an_unknown_game_is_refused_naming_those_there_are(milena: Run, tmp_path: Path) -> None:
    result = milena("play", "tictactoo", "ann", data=tmp_path / "data")
    assert result.returncode == 1
    assert line(result).startswith(
        "There is no game 'tictactoo'. There are: 2048, battleship, blackjack, connect4, "
    )
    assert list(tmp_path.iterdir()) == []


def test_unprintable_text_is_shown_and_not_obeyed(milena: Run, tmp_path: Path) -> None:
    result = milena("play", "\x1b[31mred\nline", "ann", data=tmp_path / "data")
    assert result.returncode == 1
    assert line(result).isprintable()


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in TELLS + MAKES], ids=words)
def test_no_verb_runs_with_a_configuration_that_can_not_be_read(
    milena: Run, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    data = tmp_path / "data"
    Home(data).close()
    (data / "milena.toml").write_text("[engine]\nqueue = = 5\n")
    before = tree(data)
    result = milena(*verb, data=data)
    assert result.returncode == 2
    assert line(result) == f"{data}/milena.toml:2: this is not TOML (Invalid value); correct that line."
    assert tree(data) == before


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in TELLS + GENTLE], ids=words)
@pytest.mark.parametrize("place", ["file", "file/below", "/proc/milena"])
def test_where_no_data_directory_can_be_each_verb_says_so(
    milena: Run, tmp_path: Path, verb: tuple[str, ...], place: str
) -> None:
    (tmp_path / "file").write_text("")
    result = milena(*verb, data=tmp_path / place)
    assert result.returncode == 1
    assert str(tmp_path / place) in line(result)
    assert tree(tmp_path) == {"file": b""}


WRITES = ("play", "run", "shell", "call", "import")
"""They make the data directory where there is none."""
READS = [verb for verb in VERBS if verb not in TELLS + MAKES + GENTLE and verb[0] not in WRITES]


@pytest.mark.parametrize("verb", READS, ids=words)
def test_a_mistyped_data_directory_is_not_made_by_a_verb_that_reads(
    milena: Run, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    result = milena(*verb, data=tmp_path / "dta")
    assert result.returncode == 1
    assert line(result) == f"There is no Milena data in {tmp_path}/dta; play a game first, or use --data."
    assert list(tmp_path.iterdir()) == []


WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
from milena.cli import run

folder, arguments = Path(sys.argv[1]), sys.argv[2:]
sys.stdout = open(os.devnull, "w")
run([*arguments, "--data", str(folder / "other")])  # imports all that it needs
os.dup2(os.open(folder / "said", os.O_WRONLY | os.O_CREAT), 2)
if os.geteuid() == 0:
    os.setuid(65534)  # nobody
sys.exit(run([*arguments, "--data", str(folder / "data")]))
"""


@contextmanager
def folder_for_everybody() -> Iterator[Path]:
    """pytest's own folders are closed for anybody but their owner."""
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.mark.parametrize("verb", [("play", "tictactoe", "ann", "bob", "--moves", "-"), ("games",)], ids=words)
def test_a_data_directory_that_can_not_be_written_is_named(verb: tuple[str, ...]) -> None:
    with folder_for_everybody() as folder:
        # Given two data directories, one of which nobody may write
        for name in ("other", "data"):
            Home(folder / name).close()
        for path in (*(folder / "data").iterdir(), folder / "data"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = tree(folder / "data")
        # When a verb runs on it (who is root becomes somebody else for that)
        command = [sys.executable, "-P", "-c", WITHOUT_RIGHTS, str(folder), *verb]
        status = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, timeout=60).returncode
        # Then it says so, and nothing was written
        [said] = (folder / "said").read_text().splitlines()
        assert said.startswith(f"milena: The data directory {folder}/data can't be written")
        assert status == 1
        assert tree(folder / "data") == before
        (folder / "data").chmod(0o755)


HEAVY = {
    "asyncio", "cryptography", "eventsourcing", "interactions", "msgspec", "prompt_toolkit", "rich.console",
    "rich.table", "sqlite3",
}  # fmt: skip


@pytest.mark.parametrize("arguments", [["--help"], ["play", "--help"], ["--version"]], ids=words)
def test_help_imports_nothing_that_it_does_not_need(arguments: list[str]) -> None:
    code = "import sys; from milena.cli import run; run(sys.argv[1:]); print(*sys.modules)"
    command = [sys.executable, "-P", "-c", code, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    loaded = set(result.stdout.splitlines()[-1].split())
    assert "milena.cli" in loaded
    assert loaded & HEAVY == set()
