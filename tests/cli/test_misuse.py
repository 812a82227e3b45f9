"""Wrong arguments, and data directories that can't be used: one line that says what to do."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from rights import BOUND_BY_RIGHTS

Run = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["games", "--jsn"], "No such option: --jsn (Possible options: --json). See 'milena games --help'."),
        (["games", "x"], "Got unexpected extra argument(s) (x). See 'milena games --help'."),
        (["backup", "check", "--bad"], "No such option: --bad. See 'milena backup check --help'."),
        (["backup", "chek"], "No such command 'chek'. Did you mean 'check'? See 'milena backup --help'."),
        (["bckup"], "No such command 'bckup'. Did you mean 'backup'? See 'milena --help'."),
        (["audit", "--limit", "x"], "Invalid value for '--limit': it should be a valid integer. See"),
        (
            ["audit", "--limit", "0"],
            "Invalid value for '--limit': it should be greater than or equal to 1. See",
        ),
        (["games", "--limit", "9" * 30], "Invalid value for '--limit': it should be less than or equal to 1"),
        (["snapshots", "prune", "--keep", "9" * 30], "Invalid value for '--keep': it should be less than"),
        (["profile", "\udcff"], "An argument is no UTF-8. See 'milena profile --help'."),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else None,
)
def test_usage_is_explained_where_it_was_wrong(
    milena: Run, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    done = subprocess.run(  # what is no UTF-8 can't be told to a fork
        [sys.executable, "-P", "-m", "milena", *arguments],
        env={"MILENA_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"milena: {sentence}")
    assert not (tmp_path / "data").exists()


def test_every_verb_is_explained_in_whole_lines(milena: Run) -> None:
    """None is cut off in 80 columns."""

    def told(*words: str) -> str:
        done = milena(*words, "--help", env={"COLUMNS": "80"})
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    top = told()
    verbs = [line.split()[0] for line in top.partition("Commands:")[2].strip().splitlines()]
    assert set(verbs) >= {"play", "backup", "config"}
    for text in (top, *map(told, verbs), told("projections", "dead-letters")):
        assert "..." not in text.partition("Commands:")[2], text
        assert "[[" not in text


@pytest.mark.parametrize("verb", ["games", "play tictactoe ann bob", "doctor", "backup list", "config show"])
@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("file", "is no directory; move it away, or choose another with --data."),
        ("x" * 300, "can't be reached: File name too long; see to its path and its rights, or"),
        ("loop", "can't be reached: Too many levels of symbolic links; see to its path and its rights, or"),
        ("~nobody-of-this-name", "is in the home of somebody unknown; write the path in full, or"),
    ],
    ids=["file", "long", "loop", "home"],
)
def test_a_data_directory_that_can_not_be_used_is_told(
    milena: Run, tmp_path: Path, name: str, trouble: str, verb: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    data = Path(name) if name.startswith("~") else tmp_path / name
    done = milena(*verb.split(), data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"milena: The data directory {data} {trouble}")
    assert done.stderr.count("\n") == 1


def test_a_data_directory_of_somebody_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o000)
    for data, trouble in (("closed", "can't be read; see to its rights"), ("closed/x", "can't be reached")):
        done = subprocess.run(
            [*BOUND_BY_RIGHTS, sys.executable, "-P", "-m", "milena", "games"],
            env={"MILENA_DATA": str(tmp_path / data)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert trouble in done.stderr


def test_a_data_directory_whose_name_is_no_text_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "milena", "play", "tictactoe"],
        env={"MILENA_DATA": f"{tmp_path}/\udcff"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "has a name that is no UTF-8; rename it" in done.stderr


def test_a_home_without_rights_gets_no_completion(milena: Run, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    env = {"HOME": str(tmp_path / "home"), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = milena("--install-completion", "bash", env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("milena: ")
    assert done.stderr.endswith("; check its rights, and the room there.\n")


def test_what_is_no_file_of_rules_is_told(milena: Run, tmp_path: Path) -> None:
    (tmp_path / "rules.txt").write_text("")
    done = milena("game", "check", str(tmp_path / "rules.txt"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"milena: {tmp_path / 'rules.txt'} is no file of rules: those end in .py.\n"
