"""A machine's thinking holds up nobody, and no process that is killed, or that plays along, spoils a game."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGKILL

import pytest

from milena.aggregates import AGGREGATES
from milena.domain.game import Game
from milena.domain.ids import PlayerId
from milena.domain.member import CommandInvoked
from milena.engine import Answer, Engine
from milena.home import Home
from milena.machines.following import Machines
from milena.replay.verify import verify
from milena.store import Envelope
from milena.unfinished import open_games

pytestmark = pytest.mark.crash

Wait = Callable[..., None]
OpenGame = Callable[..., str]
ReadGame = Callable[[str], Game]
Moves = Callable[[str], list[Envelope]]
Invoke = Callable[..., Answer]

ASKED = 300

SERVING = """
import sys
from pathlib import Path
from milena.home import Home
from milena.machines.following import Machines

with Home(Path(sys.argv[1])) as home, home.engine() as engine, Machines(home, engine):
    print("ready", flush=True)
    sys.stdin.readline()
"""


class Server:
    """A process in which the machines of a home play, until it is told to stop."""

    def __init__(self, home: Home) -> None:
        path = os.pathsep.join(filter(None, sys.path))
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVING, str(home.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        self.process.send_signal(SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.communicate(b"stop\n", timeout=60)
        return self.process.returncode


@pytest.fixture
def serve(home: Home) -> Iterator[Callable[[], Server]]:
    started: list[Server] = []

    def start() -> Server:
        started.append(Server(home))
        return started[-1]

    yield start
    for server in started:
        server.kill()


def thinkers(diary: Path) -> list[int]:
    """The processes that were asked for a move, in order."""
    return [int(line.split()[0]) for line in diary.read_text().splitlines()] if diary.exists() else []


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


# ------------------------------------------------------------------------------ nobody is held up


def test_while_a_machine_thinks_the_engine_answers_all_others(
    machines: Machines,
    open_game: OpenGame,
    invoke: Invoke,
    ann: PlayerId,
    odd: Path,
    moves: Moves,
    wait_until: Wait,
) -> None:
    """How quickly is measured in benchmarks/."""
    other = open_game("connect4")
    thought_about = open_game(
        "odd", sit=False, machines=["random"] * 2, options={"seconds": 100, "diary": str(odd)}
    )
    wait_until(lambda: thinkers(odd))
    (thinker,) = thinkers(odd)
    assert thinker != os.getpid()

    for _ in range(ASKED):
        assert invoke("move", ann, game=other, move="1").code == "not_started"

    assert thinkers(odd) == [thinker], "it thinks still about its first move"
    assert moves(thought_about) == []


async def test_while_a_machine_thinks_the_event_loop_goes_round(
    machines: Machines, open_game: OpenGame, odd: Path, moves: Moves, wait_until: Wait
) -> None:
    options = {"seconds": 100, "diary": str(odd)}
    key = await asyncio.to_thread(open_game, "odd", sit=False, machines=["random"] * 2, options=options)
    await asyncio.to_thread(wait_until, lambda: thinkers(odd))
    (thinker,) = thinkers(odd)
    assert thinker != os.getpid()

    for _ in range(ASKED):
        await asyncio.sleep(0)

    assert thinkers(odd) == [thinker], "it thinks still"
    assert moves(key) == []


def test_machines_that_are_told_to_stop_do_not_think_to_the_end(
    home: Home,
    engine: Engine,
    open_game: OpenGame,
    odd: Path,
    wait_until: Wait,
    moves: Moves,
) -> None:
    options = {"seconds": 100, "diary": str(odd)}
    key = open_game("odd", sit=False, machines=["random"] * 2, options=options)
    with Machines(home, engine):
        wait_until(lambda: thinkers(odd))
    assert moves(key) == []  # had they thought to the end, there were one
    wait_until(lambda: not alive(thinkers(odd)[0]))


# ---------------------------------------------------------------------------- killed, and in company


def test_a_move_that_a_killed_process_thought_about_is_made_once_after_the_restart(
    home: Home, serve: Callable[[], Server], open_game: OpenGame, odd: Path, moves: Moves, wait_until: Wait
) -> None:
    options = {"seconds": 60, "diary": str(odd), "upto": 3}
    key = open_game("odd", sit=False, machines=["random"] * 2, options=options)
    first = serve()
    wait_until(lambda: thinkers(odd))
    first.kill()
    wait_until(lambda: not alive(thinkers(odd)[0]), patience=5)
    assert moves(key) == []
    odd.with_suffix(".mended").touch()

    second = serve()
    wait_until(lambda: open_games(home.store) == [])
    assert second.stop() == 0

    assert len(thinkers(odd)) >= 2
    assert_each_move_once(home)


def test_two_processes_with_machines_make_each_move_once(
    home: Home, serve: Callable[[], Server], open_game: OpenGame, game: ReadGame, odd: Path, wait_until: Wait
) -> None:
    options = {"seconds": 0.05, "diary": str(odd), "upto": 30}
    quick = [open_game("connect4", sit=False, machines=["random", "mcts1"]) for _ in range(3)]
    quick.append(open_game("rock-paper-scissors", sit=False, machines=["random"] * 2))
    for together in (False, True):
        options |= {"together": together}
        quick.append(open_game("odd", sit=False, machines=["random"] * 3, options=options))
    servers = [serve(), serve()]
    wait_until(lambda: all(game(key).status == "ended" for key in quick), patience=60)
    assert [server.stop() for server in servers] == [0, 0]

    assert len(set(thinkers(odd))) >= 2, "both of them have thought"
    assert_each_move_once(home)


def test_a_machine_that_milena_call_seats_moves_by_itself(
    home: Home, machines: Machines, moves: Moves, wait_until: Wait
) -> None:
    asked = ["call", "open", "game=tictactoe", "machines=bot,bot", "sit=false", "--json"]
    command = [sys.executable, "-P", "-m", "milena", *asked, "--data", str(home.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    key = json.loads(done.stdout)["game"]
    wait_until(lambda: moves(key))


def assert_each_move_once(home: Home) -> None:
    """No machine has moved twice in answer to the same event, and the log is whole."""
    answered = []
    for row in home.store.scan():
        event = home.store.event(row) if row.invocation else None
        if isinstance(event, CommandInvoked) and event.command == "move":
            assert event.verdict == "accepted" or event.code in ("moved_on", "not_your_turn", "game_over")
            if event.verdict == "accepted":
                answered.append((row.causation, row.player))
    assert answered
    assert len(set(answered)) == len(answered)
    assert not verify(home.store, AGGREGATES).findings
