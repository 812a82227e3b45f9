"""What fails in a real process: what the person sees, and what ``milena errors`` tells the operator."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]

PACKAGE = {
    "METADATA": "Metadata-Version: 2.1\nName: fragile\nVersion: 1.0\n",
    "entry_points.txt": "[milena.games]\nfragile = fragile:rules\n",
}
GAME = """
from milena.games.tictactoe import TicTacToe

class Fragile(TicTacToe):
    name = "fragile"
    title = "Fragile"

    def play(self, state, seat, move):
        raise LookupError("dropped, with password=opensesame")

rules = Fragile()
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which a game is installed whose moves fail."""
    site = tmp_path_factory.mktemp("site")
    (site / "fragile-1.0.dist-info").mkdir()
    for name, text in PACKAGE.items():
        (site / "fragile-1.0.dist-info" / name).write_text(text)
    (site / "fragile.py").write_text(GAME)
    return {"PYTHONPATH": str(site)}


@pytest.fixture(scope="module")
def failed(
    milena: Run, site: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str, str]:
    """A data directory in which moves failed, the id that was told of one, and what was said."""
    data = tmp_path_factory.mktemp("home") / "data"
    played = milena("play", "fragile", "ann", "bob", "--moves", "-", data=data, env=site, input="5\n")
    called = milena("call", "move", "game=last", "move=5", "--as", "ann", data=data, env=site)
    assert (played.returncode, called.returncode) == (1, 1), played.stderr + called.stderr
    told = next(line for line in called.stderr.splitlines() if "Tell the operator: " in line)
    return data, told.rpartition(": ")[2].rstrip("."), played.stdout + played.stderr


def test_the_person_sees_a_sentence_and_no_traceback(failed: tuple[Path, str, str]) -> None:
    _, _, said = failed
    assert "nothing was changed. Tell the operator: " in said
    assert "Traceback" not in said


def test_the_list_has_a_line_for_each_cause(milena: Run, failed: tuple[Path, str, str]) -> None:
    data, id_, _ = failed
    listed = milena("errors", "list", data=data)
    assert listed.returncode == 0
    _, line, last = listed.stdout.splitlines()
    assert line.split()[0] == id_
    assert "bug" in line.split()
    assert "LookupError: dropped, with password=***" in line
    assert last == "1 cause. 'milena errors show ID' tells all of one."
    (group,) = json.loads(milena("errors", "list", "--json", data=data).stdout)
    assert (group["count"], group["kind"], group["id"]) == (2, "bug", id_)


def test_what_does_not_fit_is_left_out_of_the_list(milena: Run, failed: tuple[Path, str, str]) -> None:
    data, _, _ = failed
    for options, begins in (["--kind", "network"], "Nothing failed."), (["--since", "1h"], "newest "):
        assert milena("errors", "list", *options, data=data).stdout.startswith(begins)


def test_one_failure_is_shown_in_full_and_where_to_go_on(milena: Run, failed: tuple[Path, str, str]) -> None:
    data, id_, _ = failed
    shown = milena("errors", "show", id_, data=data)
    assert shown.returncode == 0
    assert shown.stdout.startswith(f"Error {id_} (bug), ")
    assert (
        f"The person saw: Something went wrong; nothing was changed. Tell the operator: {id_}."
        in shown.stdout
    )
    assert 'fragile.py", line' in shown.stdout
    assert "opensesame" not in shown.stdout
    hint = shown.stdout.splitlines()[-1]
    traced = milena("trace", hint.split()[2].rstrip("'"), data=data)
    assert "verdict=failed" in traced.stdout
    assert json.loads(milena("errors", "show", id_[:6], "--json", data=data).stdout)["count"] == 2


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["show", "zzzzzzzz"], 1, "There is no error 'zzzzzzzz'; 'milena errors list' lists them."),
        (["show", ""], 1, "There is no error ''; 'milena errors list' lists them."),
        (
            ["list", "--kind", "bgu"],
            2,
            "'bgu' is no kind; there are user, bug, network, discord,",
        ),
        (["list", "--since", "soon"], 2, "'soon' is no date"),
    ],
)
def test_what_is_asked_wrongly_is_one_line(
    milena: Run, failed: tuple[Path, str, str], arguments: list[str], status: int, said: str
) -> None:
    done = milena("errors", *arguments, data=failed[0])
    assert (done.returncode, done.stdout) == (status, "")
    (line,) = done.stderr.splitlines()
    assert said in line


def test_the_log_has_the_failure_and_nothing_secret(failed: tuple[Path, str, str]) -> None:
    data, _, _ = failed
    (line,) = map(json.loads, (data / "logs" / "errors.jsonl").read_text().splitlines())
    assert line["command"] == "move"
    assert line["error"]["type"] == "LookupError"
    assert line["game"] in (data / "logs" / "milena.jsonl").read_text()
    for file in data.rglob("*"):
        assert not file.is_file() or b"opensesame" not in file.read_bytes(), file
    assert [path.stat().st_mode & 0o77 for path in (data / "logs", data / "errors.db")] == [0, 0]


def test_the_level_of_the_log_is_an_option_and_a_variable(milena: Run, tmp_path: Path) -> None:
    quiet = milena("shell", data=tmp_path, input="/coin\n")
    assert quiet.stderr == ""
    for options, variables in ((["--log-level", "debug"], {}), ([], {"MILENA_LOG_LEVEL": "DEBUG"})):
        done = milena("shell", *options, data=tmp_path, env=variables, input="/coin\n")
        assert "DEBUG   /coin: accepted" in done.stderr
    assert len((tmp_path / "logs" / "debug.jsonl").read_text().splitlines()) >= 2
