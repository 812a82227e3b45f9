"""Two processes on one data directory: they play in the same game, and write at once, and nothing is lost."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from milena.aggregates import GAMES
from milena.domain.ids import PlayerId
from milena.engine import Engine
from milena.home import Home

ROUNDS = 200
ASKED = ROUNDS * 4 * 3
"""What each process of the storm asks for: four callers, three commands a round."""

PRELUDE = """
import asyncio, json, sys, time
from pathlib import Path
from milena.domain.command import Invocation
from milena.domain.ids import new_id
from milena.aggregates import GAMES
from milena.home import Home

directory, player, game = sys.argv[1:4]

def invocation(command, **options):
    return Invocation(new_id(), command, options, player, "terminal/main", time.time_ns() // 1_000_000)

def tell(answer):
    print(json.dumps([answer.invocation, answer.verdict, answer.position, answer.code]), flush=True)
"""

PLAYING = """
with Home(Path(directory)) as home, home.engine() as engine:
    rules = GAMES.rules(engine.read("game", game).state)
    while (state := engine.read("game", game).state).status == "playing":
        seat = state.seat_of(player)
        legal = rules.legal(state.board, seat) if seat in GAMES.actors(state) else []
        if legal:
            move = legal[len(legal) * 7 // 13]
            tell(engine.call(invocation("move", game=game, move=move, ply=state.ply)))
        else:
            time.sleep(0.001)
"""

STORMING = """
async def caller(engine):
    for _ in range(int(sys.argv[4])):
        for asked in (invocation("open", game="tictactoe"), invocation("leave", game=game),
                      invocation("join", game=game)):
            tell(await engine.execute(asked))

async def main(engine):
    await asyncio.gather(*(caller(engine) for _ in range(4)))

with Home(Path(directory)) as home, home.engine() as engine:
    print("ready", flush=True)
    sys.stdin.readline()
    asyncio.run(main(engine))
"""

Start = Callable[[str, PlayerId, str], subprocess.Popen[str]]


@pytest.fixture
def start(home: Home) -> Iterator[Start]:
    """Start a process of its own that runs this script for a player and a game."""
    started: list[subprocess.Popen[str]] = []

    def run(script: str, player: PlayerId, game: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + script, str(home.path), player, game, str(ROUNDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


def told(process: subprocess.Popen[str]) -> list[list[Any]]:
    """What a process was answered, once it has ended well."""
    output, _ = process.communicate("go\n", timeout=60)
    assert process.returncode == 0
    return [json.loads(line) for line in output.splitlines()]


def test_two_processes_play_in_the_same_game(
    start: Start,
    invoke: Callable[..., Any],
    home: Home,
    ann: PlayerId,
    bob: PlayerId,
    assert_whole: Callable[[Path], None],
) -> None:
    game = invoke("open", ann, game="connect4").result["game"]
    invoke("join", bob, game=game)

    processes = [start(PLAYING, player, game) for player in (ann, bob)]
    answers = [told(process) for process in processes]

    assert {verdict for each in answers for _, verdict, _, _ in each} == {"accepted"}
    played = [row for row in home.store.stream(f"game:{game}") if row.tag == "game.move_played"]
    assert [row.player for row in played[:6]] == [ann, bob] * 3
    assert sorted(each[0] for each in answers[0] + answers[1]) == sorted(row.correlation for row in played)
    ended = home.store.fold(GAMES, game, snapshots=False).state
    assert ended.status == "ended"
    assert ended.how == "finished"
    assert_whole(home.path)


def test_an_engine_that_remembers_a_game_sees_the_moves_of_another_process(
    home: Home, invocation: Callable[..., Any], ann: PlayerId, bob: PlayerId
) -> None:
    with Home(home.path) as other, home.engine() as ours, other.engine() as theirs:

        def call(engine: Engine, command: str, player: PlayerId, **options: Any) -> Any:
            return engine.call(invocation(command, player, **options))

        game = call(ours, "open", ann, game="tictactoe").result["game"]
        assert call(theirs, "join", bob, game=game).result["status"] == "playing"
        assert call(ours, "move", ann, game=game, move="5").result["ply"] == 1
        assert call(theirs, "move", bob, game=game, move="5").code == "occupied"
        assert call(theirs, "move", bob, game=game, move="1").result["ply"] == 2
        assert call(ours, "move", ann, game=game, move="1").code == "occupied"
        assert call(ours, "move", ann, game=game, move="2", ply=1).code == "moved_on"
        assert call(ours, "move", ann, game=game, move="2").result["ply"] == 3


def test_a_storm_of_two_processes_loses_nothing_and_repeats_nothing(
    start: Start,
    invoke: Callable[..., Any],
    home: Home,
    ann: PlayerId,
    assert_whole: Callable[[Path], None],
) -> None:
    game = invoke("open", ann, game="hangman", seats=3, sit=False).result["game"]

    processes = [start(STORMING, ann, game) for _ in range(2)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [told(process) for process in processes]

    every = [answer for each in answers for answer in each]
    assert [len(each) for each in answers] == [ASKED, ASKED]
    made = [{invocation for invocation, *_ in each} for each in answers]
    assert made[0] & made[1] == set(), "two processes gave the same id to different invocations"
    assert {verdict for _, verdict, _, _ in every} == {"accepted", "refused"}
    assert {code for _, _, _, code in every} <= {"", "already_seated", "not_seated"}
    recorded = {row.invocation: row for row in home.store.scan() if row.invocation}
    assert len(recorded) == 1 + 2 * ASKED
    for invocation, verdict, position, _ in every:
        assert recorded[invocation].position == position
        assert f'"verdict":"{verdict}"' in recorded[invocation].payload
    assert home.store.fold(GAMES, game) == home.store.fold(GAMES, game, snapshots=False)
    assert_whole(home.path)
    first_process = {invocation for invocation, *_ in answers[0]}
    writers = [invocation in first_process for invocation in recorded]
    assert sum(a != b for a, b in pairwise(writers)) > 1, "they did not write at once"
