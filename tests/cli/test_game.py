"""milena game: the laws tried on a game, and a file to start a new one from."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from milena import games
from milena.domain.rules import Rules

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def file(milena: Run, tmp_path: Path) -> Path:
    """A game as ``milena game new`` writes it."""
    assert milena("game", "new", "sum-up", "--path", str(tmp_path)).returncode == 0
    return tmp_path / "sum_up.py"


@pytest.fixture
def spoilt(file: Path) -> Path:
    """The same game, in which one may go beyond the goal."""
    text = file.read_text()
    legal = "min(state.options.most, left)"
    assert legal in text
    file.write_text(text.replace(legal, "state.options.most").replace(', f"{state.sum} is', ', f"{left} is'))
    return file


# ------------------------------------------------------------------------------------------- check


def test_a_game_that_keeps_the_laws_is_told_so(milena: Run) -> None:
    done = milena("game", "check", "tictactoe", "--playouts", "20")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("tictactoe keeps all ")
    assert "(20 play-outs, 1" in done.stdout


def test_a_law_that_is_broken_is_told_with_what_broke_it_and_where(milena: Run, spoilt: Path) -> None:
    done = milena("game", "check", str(spoilt), "--playouts", "30")
    assert done.returncode == 1
    [heading, found, seats, story, again, total] = done.stdout.splitlines()
    assert heading == "Broken: a legal move is never refused"
    assert f"{spoilt}, line " in found
    assert "in outcome, raises NameError: name 'left' is not defined" in found
    assert seats.startswith("  Seats: 2. Options: ")
    assert story.startswith("  So far: ")
    assert "player 1: " in story
    assert again.startswith(f"  Again: milena game check {spoilt} --seed ")
    assert total == "sum-up breaks 1 law in 30 play-outs."


def test_what_was_found_is_found_again_as_it_says(milena: Run, spoilt: Path) -> None:
    first = milena("game", "check", str(spoilt), "--seed", "5").stdout.splitlines()
    [again] = [line for line in first if line.startswith("  Again: ")]
    arguments = again.removeprefix("  Again: milena ").split()
    second = milena(*arguments).stdout.splitlines()
    assert second[:5] == first[:5]
    assert second[-1] == "sum-up breaks 1 law in 1 play-out."


def test_json_has_the_whole_story(milena: Run, spoilt: Path) -> None:
    done = milena("game", "check", str(spoilt), "--playouts", "30", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["game"], report["version"], report["playouts"]) == ("sum-up", 1, 30)
    position = report["violations"][0]["position"]
    assert position["seats"] == 2
    assert all(each.startswith("player ") for each in position["story"])

    kept = json.loads(milena("game", "check", "connect4", "--playouts", "2", "--json").stdout)
    assert (kept["playouts"], kept["violations"], kept["notes"]) == (2, [], [])


def test_other_seeds_play_other_games(milena: Run) -> None:
    def plies(seed: str) -> int:
        done = milena("game", "check", "connect4", "--playouts", "5", "--seed", seed, "--json")
        return int(json.loads(done.stdout)["plies"])

    assert plies("0") == plies("0")
    assert len({plies(seed) for seed in ("0", "100", "200")}) > 1


def test_what_a_game_does_not_say_of_itself_is_told_before_it_is_played(milena: Run, file: Path) -> None:
    file.write_text(file.read_text().replace("    bound = HIGHEST", "    limit = HIGHEST"))
    done = milena("game", "check", str(file))
    assert done.returncode == 1
    assert "bound is None; it has to be a whole number of plies." in done.stdout
    assert done.stdout.endswith("sum-up breaks 1 law; it was not played.\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "There is no file "),
        ("rules = 1\n", "has no 'rules = ...' that is an instance of Rules"),
        ("import no_such_module\n", "can't be loaded: ModuleNotFoundError"),
    ],
)
def test_a_file_that_holds_no_game_is_refused(
    milena: Run, tmp_path: Path, text: str | None, told: str
) -> None:
    if text is not None:
        (tmp_path / "game.py").write_text(text)
    done = milena("game", "check", str(tmp_path / "game.py"))
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_game_that_is_not_there_is_refused(milena: Run) -> None:
    done = milena("game", "check", "chess")
    assert done.returncode == 1
    assert done.stderr.startswith("milena: There is no game 'chess'.")


def test_a_file_may_have_others_beside_it_and_any_name(milena: Run, file: Path) -> None:
    (file.parent / "limits.py").write_text("HIGHEST = 100\n")
    text = file.read_text().replace("HIGHEST = 100", "from limits import HIGHEST")
    (file.parent / "json.py").write_text(text)
    done = milena("game", "check", str(file.parent / "json.py"), "--playouts", "5", "--json")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_installed_game_of_a_package_is_checked_by_its_name(milena: Run, file: Path) -> None:
    site = file.parent
    info = site / "sum_up-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sum-up\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[milena.games]\nsum-up = sum_up:rules\n")
    done = milena("game", "check", "sum-up", "--playouts", "5", env={"PYTHONPATH": str(site)})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("sum-up keeps all ")


def test_a_terminal_shows_how_far_it_is_and_a_pipe_does_not() -> None:
    main, terminal = pty.openpty()
    command = [sys.executable, "-P", "-m", "milena", "game", "check", "tictactoe", "--playouts", "100"]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=terminal, env={**os.environ, "TERM": "xterm"}
    )
    os.close(terminal)
    shown = os.read(main, 100_000).decode()
    os.close(main)
    assert done.returncode == 0
    assert "random games" in shown


# --------------------------------------------------------------------------------------------- new


def test_a_new_game_keeps_the_laws_at_once_and_passes_its_tests(milena: Run, file: Path) -> None:
    checked = milena("game", "check", str(file))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("sum-up keeps all ")

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_sum_up.py"]
    tested = subprocess.run(command, cwd=file.parent, capture_output=True, text=True)
    assert "3 passed" in tested.stdout


def test_a_new_game_has_its_name_everywhere(file: Path) -> None:
    text = file.read_text() + (file.parent / "test_sum_up.py").read_text()
    for expected in ('name = "sum-up"', 'title = "Sum up"', "class SumUp(Rules", "from sum_up import"):
        assert expected in text
    assert "new_game" not in text.lower().replace("-", "_").replace(" ", "_")


def test_what_to_do_next_is_told_and_works(milena: Run, tmp_path: Path) -> None:
    done = milena("game", "new", "sum-up", "--path", str(tmp_path / "deep" / "er"))
    assert f"Wrote {tmp_path}/deep/er/sum_up.py" in done.stdout
    [check] = [line for line in done.stdout.splitlines() if "milena game check " in line]
    assert milena(*check.split()[1:4]).returncode == 0
    assert 'sum-up = "sum_up:rules"' in done.stdout


@pytest.mark.parametrize("there", ["sum_up.py", "test_sum_up.py"])
def test_no_file_that_is_there_is_written_over(milena: Run, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    done = milena("game", "new", "sum-up", "--path", str(tmp_path))
    assert done.returncode == 1
    assert f"{there} is there already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "mine"


@pytest.mark.parametrize("name", ["Chess", "my_game", "-", "9", "a--b", "../x", "a" * 33, "ünder", ""])
def test_a_name_that_no_game_can_have_is_refused(milena: Run, tmp_path: Path, name: str) -> None:
    done = milena("game", "new", "--path", str(tmp_path), "--", name)
    assert done.returncode == 1
    assert "can't be the name of a new game: take small letters" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["json", "class", "milena", *games.names()[-2:]])
def test_a_name_that_is_taken_is_refused(milena: Run, tmp_path: Path, name: str) -> None:
    done = milena("game", "new", name, "--path", str(tmp_path))
    assert done.returncode == 1
    assert "take another name" in done.stderr
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------ docs/add-a-game.md

PAGE = (Path(__file__).parents[2] / "docs" / "add-a-game.md").read_text()


@pytest.mark.parametrize("file", ["nim.py", "high_roll.py"])
def test_the_games_of_the_manual_keep_the_laws(milena: Run, tmp_path: Path, file: str) -> None:
    [text] = re.findall(rf'^```python title="{file}"\n(.*?)^```$', PAGE, re.DOTALL | re.MULTILINE)
    (tmp_path / file).write_text(text)
    done = milena("game", "check", str(tmp_path / file), "--playouts", "500")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_manual_names_all_of_the_contract() -> None:
    contract = {name for name in {**vars(Rules), **Rules.__annotations__} if not name.startswith("_")}
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert named == contract


def test_what_the_manual_shows_is_what_is_printed(tmp_path: Path) -> None:
    def printed(*words: str) -> str:
        command = [sys.executable, "-P", "-m", "milena", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout

    shown = re.findall(r"^```console\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    new, kept = printed("game", "new", "nim"), printed("game", "check", "./nim.py")
    assert shown[0] == (
        f"$ milena game new nim\n{new.splitlines()[0]}\n\n$ milena game check ./nim.py\n{kept}"
    )

    [text] = re.findall(r'^```python title="nim.py"\n(.*?)^```$', PAGE, re.DOTALL | re.MULTILINE)
    scores = "(1, 0) if winner == 0 else (0, 1)"
    assert scores in text
    (tmp_path / "nim.py").write_text(
        text.replace(scores, scores.replace("0, 1", "-1, 1").replace("1, 0", "1, -1"))
    )
    assert shown[1] == f"$ milena game check ./nim.py\n{printed('game', 'check', './nim.py')}"
