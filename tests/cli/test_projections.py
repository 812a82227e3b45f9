"""milena projections: the read models, how they stand, and making them anew."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from milena.domain.command import Invocation
from milena.home import Home

Run = Callable[..., CompletedProcess[str]]
MODELS = {"leaderboard", "ratings"}


@pytest.fixture
def data(home: Home, invocation: Callable[..., Invocation]) -> Path:
    """A log in which ann has won a game against bob."""
    with home.engine() as engine:
        ann, bob = (home.vault.player("terminal", name) for name in ("ann", "bob"))
        game = engine.call(invocation("open", ann, game="tictactoe")).result["game"]
        engine.call(invocation("join", bob, game=game))
        for player, move in ((ann, "1"), (bob, "4"), (ann, "2"), (bob, "5"), (ann, "3")):
            engine.call(invocation("move", player, game=game, move=move))
    return home.path


def run(milena: Run, data: Path, *arguments: str) -> CompletedProcess[str]:
    return milena("projections", *arguments, data=data)


def live(data: Path, model: str) -> Path:
    return (data / "projections" / f"{model}.db").resolve()


def test_a_list_names_the_models_and_their_questions(milena: Run, data: Path) -> None:
    told = run(milena, data, "list").stdout
    assert "leaderboard         Leaderboard, version" in told
    assert "  top               Who is ahead" in told
    assert "  moves_per_player  How many moves" in told
    listed = {each["model"]: each for each in json.loads(run(milena, data, "list", "--json").stdout)}
    assert listed.keys() >= MODELS
    [top] = [each for each in listed["leaderboard"]["questions"] if each["question"] == "top"]
    assert top["parameters"] == ["kind", "since", "until"]


def test_the_status_fits_a_terminal_and_follows_what_happens(milena: Run, data: Path) -> None:
    def status() -> dict[str, object]:
        found: dict[str, object] = {
            each["model"]: (each["condition"], each["lag"], each["generation"])
            for each in json.loads(run(milena, data, "status", "--json").stdout)
        }
        return found

    with Home(data) as home:
        head = home.store.head().position
    assert status()["leaderboard"] == ("missing", head, None)
    run(milena, data, "rebuild", "leaderboard")
    assert status()["leaderboard"] == ("good", 0, 1)
    live(data, "leaderboard").write_bytes(b"\xa5" * 8192)
    assert status()["leaderboard"] == ("damaged", head, 1)
    lines = run(milena, data, "status").stdout.splitlines()
    assert lines[0].split()[:4] == ["model", "condition", "position", "lag"]
    assert max(map(len, lines)) <= 80


def test_rebuild_tells_one_line_a_model(milena: Run, data: Path) -> None:
    done = run(milena, data, "rebuild", "leaderboard", "ratings", "leaderboard")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first.startswith("leaderboard: ")
    assert first.endswith("a second; generation 1.")
    assert second.startswith("ratings: ")


def test_a_rollback_goes_to_the_generation_before(milena: Run, data: Path) -> None:
    run(milena, data, "rebuild", "leaderboard")
    refused = run(milena, data, "rebuild", "--rollback", "leaderboard")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "milena: There is no earlier leaderboard to go back to.\n"
    run(milena, data, "rebuild", "leaderboard")
    done = run(milena, data, "rebuild", "--rollback", "leaderboard")
    assert done.stdout == "leaderboard: leaderboard.v1.db is the live one again.\n"
    assert live(data, "leaderboard").name == "leaderboard.v1.db"


@pytest.mark.parametrize(
    "arguments",
    [
        ("rebuild", "nothing"), ("rebuild", "leaderboard", "nothing"), ("check", "nothing"),
        ("ask", "nothing", "top"), ("dead-letters", "list", "nothing"), ("dead-letters", "retry", "nothing"),
        ("dead-letters", "drop", "nothing", "1"),
    ],
)  # fmt: skip
def test_an_unknown_model_is_refused_with_what_there_is(
    milena: Run, data: Path, arguments: tuple[str, ...]
) -> None:
    done = run(milena, data, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no read model 'nothing'. There are: " in done.stderr
    assert "leaderboard" in done.stderr
    assert not (data / "projections").exists()


def test_a_check_finds_what_is_not_in_the_log(milena: Run, data: Path) -> None:
    missing = run(milena, data, "check", "leaderboard")
    assert missing.returncode == 1
    assert "'milena projections rebuild leaderboard' makes it" in missing.stderr
    run(milena, data, "rebuild", "leaderboard", "ratings")
    done = run(milena, data, "check", "leaderboard")
    assert (done.returncode, done.stdout) == (0, "leaderboard holds what the log gives.\n")
    with sqlite3.connect(live(data, "leaderboard")) as db:
        db.execute("UPDATE results SET result = 'won'")
    db.close()
    done = run(milena, data, "check", "leaderboard", "ratings")
    assert (done.returncode, done.stdout) == (1, "ratings holds what the log gives.\n")
    assert "leaderboard differs from what the log gives; 'milena projections rebuild" in done.stderr
    told = json.loads(run(milena, data, "check", "--json", "leaderboard", "ratings").stdout)
    assert [(each["model"], each["same"]) for each in told] == [("leaderboard", False), ("ratings", True)]


def test_a_question_is_answered_as_table_json_and_csv(milena: Run, data: Path) -> None:
    table = run(milena, data, "ask", "leaderboard", "top")
    assert [line.split()[1] for line in table.stdout.splitlines()] == ["player", "ann", "bob"]
    rows = json.loads(run(milena, data, "ask", "leaderboard", "top", "--json").stdout)
    assert [(row["player_name"], row["won"]) for row in rows] == [("ann", 1), ("bob", 0)]
    lines = list(csv.DictReader(io.StringIO(run(milena, data, "ask", "leaderboard", "top", "--csv").stdout)))
    assert [line["player_name"] for line in lines] == ["ann", "bob"]


def test_an_answer_has_pages(milena: Run, data: Path) -> None:
    first = run(milena, data, "ask", "leaderboard", "top", "--limit", "1")
    assert "ann" in first.stdout
    assert first.stderr == "milena: there is more: --page 2 shows it.\n"
    second = run(milena, data, "ask", "leaderboard", "top", "--limit", "1", "--page", "2")
    assert "bob" in second.stdout
    assert second.stderr == ""
    assert run(milena, data, "ask", "leaderboard", "top", "--page", "3").stdout == "Nothing more.\n"


def test_a_guild_sees_its_own(milena: Run, data: Path) -> None:
    assert run(milena, data, "ask", "leaderboard", "top", "--guild", "elsewhere").stdout == "Nothing.\n"
    assert "ann" in run(milena, data, "ask", "leaderboard", "top", "--guild", "terminal").stdout
    assert "ann" in run(milena, data, "ask", "leaderboard", "top", "--all").stdout


def test_filters_take_names_and_dates(milena: Run, data: Path) -> None:
    ask = ("ask", "ratings", "history", "--player", "ann")
    assert "tictactoe" in run(milena, data, *ask, "--since", "an hour ago").stdout
    assert run(milena, data, *ask, "--until", "2020-01-01").stdout == "Nothing.\n"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("leaderboard", "tip"), 1, "leaderboard has no question 'tip'. There are: "),
        (("leaderboard", "top", "--since", "soon"), 2, "--since: 'soon' is no date: write 2026-07-25"),
        (("leaderboard", "top", "--player", "ann"), 2, "has no --player; it takes --kind, --since, --until."),
        (("leaderboard", "top", "--json", "--csv"), 2, "give one of them"),
        (("leaderboard", "top", "--guild", "x", "--all"), 2, "give one of them"),
        (("ratings", "history", "--player", "nobody"), 1, "There is no player 'nobody'"),
        (("leaderboard", "top", "--limit", "0"), 2, "--limit"),
    ],
)
def test_a_question_that_can_not_be_asked_says_why(
    milena: Run, data: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    done = run(milena, data, "ask", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr


def test_dead_letters_are_listed_dropped_and_retried(milena: Run, data: Path) -> None:
    run(milena, data, "rebuild", "leaderboard")
    none = run(milena, data, "dead-letters", "list")
    assert none.stdout == "0 dead letters.\n"
    # Given a letter that was parked for a reason that is gone
    with sqlite3.connect(live(data, "leaderboard")) as db:
        db.execute(
            "INSERT INTO _dead_letters VALUES (5, 'game.ended', 'KeyError: \x1b[2J', 1785000000000, 0)"
        )
    db.close()
    listed = run(milena, data, "dead-letters", "list", "leaderboard")
    assert "leaderboard 5 game.ended, waits since 2026-07-25" in listed.stdout
    assert "KeyError: ?[2J" in listed.stdout
    # When it is dropped, it stays away also when the model is made anew
    dropped = run(milena, data, "dead-letters", "drop", "leaderboard", "5")
    assert dropped.stdout == "leaderboard leaves out position 5 (game.ended) from now on.\n"
    run(milena, data, "rebuild", "leaderboard")
    [letter] = json.loads(run(milena, data, "dead-letters", "list", "--json").stdout)
    assert (letter["model"], letter["position"], letter["dropped"]) == ("leaderboard", 5, True)
    # and when it is retried by its position, it is taken in
    assert run(milena, data, "dead-letters", "retry", "leaderboard", "6").returncode == 1
    done = run(milena, data, "dead-letters", "retry", "leaderboard", "5")
    assert (done.returncode, done.stdout) == (0, "leaderboard: 1 dead letter taken in, 0 left.\n")
    assert run(milena, data, "dead-letters", "list").stdout == "0 dead letters.\n"


POISON = """
import sys
from milena.cli import run
from milena.readside import file

def refuse(self, after, upto):
    if upto >= 9:
        raise ZeroDivisionError("sour")

file.ModelFile._fold = refuse
sys.exit(run(sys.argv[1:]))
"""
ENDLESS = """
import sys, time
from milena.cli import run
from milena.readside import file

def wait(self, after, upto):
    print("waiting", flush=True)
    time.sleep(60)

file.ModelFile._fold = wait
sys.exit(run(sys.argv[1:]))
"""


def changed(program: str, data: Path, *arguments: str) -> "subprocess.Popen[str]":
    """milena with a change."""
    command = [sys.executable, "-c", program, "projections", *arguments, "--data", str(data)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def tree(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (data / "projections").iterdir()}


def test_a_rebuild_stops_at_poison_and_names_it(milena: Run, data: Path) -> None:
    run(milena, data, "rebuild", "leaderboard")
    before = tree(data)
    process = changed(POISON, data, "rebuild", "leaderboard", "ratings")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    first, second = err.splitlines()
    assert first.startswith("milena: leaderboard can't take in position 9 (")
    assert first.endswith("): ZeroDivisionError: sour.")
    assert "leaderboard stays as it was" in second
    assert tree(data) == before


def test_ctrl_c_leaves_the_live_model(milena: Run, data: Path) -> None:
    run(milena, data, "rebuild", "leaderboard")
    before = tree(data)
    process = changed(ENDLESS, data, "rebuild", "leaderboard")
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert tree(data) == before


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_follow_takes_in_what_comes_until_it_is_stopped(
    home: Home, data: Path, invocation: Callable[..., Invocation], stop: signal.Signals
) -> None:
    command = [sys.executable, "-m", "milena", "projections", "follow", "--data", str(data)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    head = home.store.head().position
    assert process.stdout.readline() == f"Caught up: all read models are at position {head}.\n"
    with home.engine() as engine:
        answer = engine.call(invocation("open", home.vault.player("terminal", "ann"), game="2048"))
    until = time.monotonic() + 30
    while home.readside().status()[0].position < answer.position:
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(stop)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "")
