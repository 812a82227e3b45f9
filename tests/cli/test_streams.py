"""Standard streams as a process may find them: on a full disk, closed, with bytes that are no text."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from forking import Forks

Run = Callable[..., CompletedProcess[str]]
FULL = "milena: the output can't be written (No space left on device); send it elsewhere, or make room.\n"


@pytest.fixture
def data(milena: Run, tmp_path: Path) -> Path:
    done = milena("play", "tictactoe", "ann", "bob", data=tmp_path / "data", input="5\n1\n")
    assert done.returncode == 0
    return tmp_path / "data"


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["games"], ["games", "--json"], ["export"], ["backup", "create"]],
    ids=" ".join,
)
def test_output_to_a_full_disk_is_told(
    forks: Forks, data: Path, tmp_path: Path, arguments: list[str]
) -> None:
    with (
        Path("/dev/null").open() as null,
        Path("/dev/full").open("w") as full,
        (tmp_path / "said").open("w") as said,
    ):
        streams = null.fileno(), full.fileno(), said.fileno()
        process = forks.start(*arguments, streams=streams, env={"MILENA_DATA": str(data)})
        status = process.wait()
    assert (status, (tmp_path / "said").read_text()) == (1, FULL)


def test_what_was_done_before_the_output_failed_is_kept(forks: Forks, milena: Run, data: Path) -> None:
    with Path("/dev/null").open() as null, Path("/dev/full").open("w") as full:
        streams = null.fileno(), full.fileno(), full.fileno()
        process = forks.start("backup", "create", streams=streams, env={"MILENA_DATA": str(data)})
        assert process.wait() == 1, "also where the complaint can't be written"
    assert len(json.loads(milena("backup", "list", "--json", data=data).stdout)) == 1


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("games >&-", 0),
        ("shell <&- >&-", 0),
        ("play tictactoe ann bob <&- 2>&-", 0),
        ("privacy erase ann <&- 2>&-", 1),
        ("replay nothing <&- >&- 2>&-", 1),
        ("games --nothing <&- >&- 2>&-", 2),
    ],
)
def test_closed_streams_change_nothing_of_how_it_ends(data: Path, command: str, status: int) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -P -m milena {command}', sys.executable],
        env={"MILENA_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (status, "")


def test_a_reader_that_has_had_enough_is_no_error(data: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -P -m milena export | head -c 1', sys.executable],
        env={"MILENA_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("{", "")


def test_a_line_of_the_shell_that_is_no_text_is_refused(milena: Run, data: Path) -> None:
    done = milena("shell", data=data, input=b"\xff\xfe\n/coin\n")
    assert done.returncode == 1
    assert done.stdout.strip() in ("heads", "tails"), "the next one counts"
    assert done.stderr.startswith("milena: There is no command ")


@pytest.mark.parametrize("verb", ["games", "doctor", "replay last", "leaderboard", "config show"])
def test_lines_in_a_pipe_end_where_their_text_does(milena: Run, data: Path, verb: str) -> None:
    lines = milena(*verb.split(), data=data).stdout.splitlines()
    assert lines
    assert [line for line in lines if line != line.rstrip(" ")] == []
