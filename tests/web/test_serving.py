"""Starting and ending, and being as fresh as the log."""

import fcntl
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from serving import PATIENCE, command, environment, refused, serving

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.home import Home
from milena.store import Vault


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "data")


def win(home: Home, at: int, *moves: str) -> str:
    """Ann wins a game of tictactoe against Bob; its id."""
    ann, bob = home.vault.player("discord", "1", "Ann"), home.vault.player("discord", "2", "Bob")

    with home.engine() as engine:

        def call(name: str, player: PlayerId, **options: object) -> str:
            place = Place("811/1")
            answer = engine.call(Invocation(InvocationId(new_id()), name, options, player, place, at))
            assert answer.verdict == "accepted", answer
            return str(answer.result.get("game", ""))

        game = call("open", ann, game="tictactoe")
        call("join", bob, game=game)
        for player, move in ((ann, "1"), (bob, "4"), (ann, "2"), (bob, "5"), (ann, "3")):
            call("move", player, game=game, move=move)
    return game


def test_what_happens_meanwhile_is_on_the_page(home: Home) -> None:
    with serving(home.path) as server:
        server.wait_for("/", "the log is empty")
        game = win(home, 1_767_225_600_000)
        assert "Ann" in server.wait_for("/leaderboard/results", game)
        server.wait_for("/", "<strong>")


def test_after_a_rebuild_the_page_shows_the_new_file(home: Home) -> None:
    with serving(home.path) as server:
        first = win(home, 1_767_225_600_000)
        server.wait_for("/leaderboard/results", first)
        server.wait_for("/leaderboard/top", "Ann")
        readside = home.readside()
        for _ in range(3):  # what was open at first is removed by then
            readside.rebuild("leaderboard")
        second = win(home, 1_767_229_200_000)
        page = server.wait_for("/leaderboard/results", second)
        assert first in page
        assert {number.generation for number in readside.status() if number.model == "leaderboard"} == {4}


def test_a_model_that_is_not_there_says_so_and_stops_no_other(home: Home) -> None:
    win(home, 1_767_225_600_000)
    projections = home.path / "projections"
    with serving(home.path) as server:
        server.wait_for("/leaderboard/top", "Ann")
        server.wait_for("/ratings/current", "Ann")
        shelf = [path for path in projections.iterdir() if path.name.startswith("leaderboard")]
        with (projections / "leaderboard.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # somebody else is making it
            for path in shelf:
                if path.suffix != ".lock":
                    path.unlink()
            answer = server.get("/leaderboard/top")
            assert answer.status == 503
            assert "is being made; try again in a moment" in answer.text
            assert server.get("/leaderboard/results.json").status == 503
            assert "Being made" in server.get("/").text
            assert "Ann" in server.get("/ratings/current").text
        server.wait_for("/leaderboard/top", "Ann")


def test_who_was_erased_is_an_id_at_once(home: Home) -> None:
    win(home, 1_767_225_600_000)
    ann = home.vault.player("discord", "1")
    with serving(home.path) as server:
        assert ann in server.wait_for("/leaderboard/top", "Ann")
        forget(home.vault, ann)
        page = server.get("/leaderboard/top").text
        assert ">Ann<" not in page
        assert f">{ann}<" in page
        assert "Bob" in page


def forget(vault: Vault, player: str) -> None:
    """Take a person out of the vault, as another process does."""
    with closing(sqlite3.connect(vault.path)) as db:
        db.execute("DELETE FROM players WHERE id = ?", (player,))
        db.commit()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(home: Home, number: signal.Signals) -> None:
    with serving(home.path) as server:
        assert server.get("/").status == 200
        status, said = server.end(number)
    assert status == 0
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_told_with_what_to_do(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = refused(home.path, "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken; choose another with --port" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.9", "a b"])
def test_an_address_that_is_not_here_is_told(home: Home, host: str) -> None:
    done = refused(home.path, "--host", host, MILENA_WEB_PASSWORD="correct horse battery")
    assert done.returncode == 1
    assert "address" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_mistyped_directory_is_not_made(tmp_path: Path) -> None:
    done = refused(tmp_path / "nowhere")
    assert done.returncode == 1
    assert "There is no Milena data in" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_without_the_extra_one_line_says_what_to_install(home: Home) -> None:
    program = (
        "import sys; sys.modules['datasette'] = None; from milena.cli import run; "
        f"sys.exit(run(['web', '--data', {str(home.path)!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "pip install 'milena[web]'" in done.stderr


def test_no_other_verb_needs_the_extra() -> None:
    program = (
        "import sys; from milena.cli import run; run(['--help']); "
        "sys.exit(any(name in sys.modules for name in ('datasette', 'uvicorn', 'milena.web')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "web" in done.stdout


def test_it_opens_the_browser_where_it_is_asked_to(home: Home, tmp_path: Path) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    script = f'echo "$1 ${{MILENA_WEB_PASSWORD-none}}" > {seen}.new; mv {seen}.new {seen}'
    browser.write_text(f"#!/bin/sh\n{script}\n")
    browser.chmod(0o755)
    variables = {"BROWSER": f"{browser} %s", "MILENA_WEB_PASSWORD": "correct horse"}
    with serving(home.path, "--open", **variables) as server:
        until = time.monotonic() + PATIENCE
        while not seen.exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        assert seen.read_text().split() == [server.url, "none"]


def test_the_verb_is_where_people_look_for_it(home: Home) -> None:
    done = subprocess.run(
        [*command(home.path), "--help"], env=environment(), capture_output=True, text=True, check=False
    )
    assert "operators" in done.stdout
    assert "milena[web]" in done.stdout
