"""The limits of games hold exactly: never one more than allowed, never one refused while there is room."""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from milena.aggregates import LOBBIES
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.limits import GameLimits
from milena.domain.throttle import Throttle
from milena.engine import Answer, Engine
from milena.home import Home
from milena.ops.config import Config, load

ATTEMPTS = 200
KINDS = ("tictactoe", "connect4", "othello", "hangman")

Open = Callable[..., tuple[Home, Engine]]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """``opened(guild=3)``: a home with these limits (else the usual ones), and its running engine."""
    with ExitStack() as stack:

        def make(config: Config | None = None, **limits: int) -> tuple[Home, Engine]:
            usual = Config(limits=GameLimits(**limits), throttle=Throttle(0, 0))  # all ask at once
            home = stack.enter_context(Home(tmp_path / "data", config or usual))
            return home, stack.enter_context(home.engine())

        yield make


def asked(command: str, player: PlayerId, place: str = "g1/c1", **options: Any) -> Invocation:
    now = time.time_ns() // 1_000_000
    return Invocation(InvocationId(new_id()), command, options, player, Place(place), now)


def members(home: Home, count: int) -> list[PlayerId]:
    return [home.vault.player("discord", str(number)) for number in range(count)]


def all_at_once(engine: Engine, invocations: Sequence[Invocation]) -> list[Answer]:
    """Every second one comes from an event loop, the others from threads, all at the same moment."""
    with ThreadPoolExecutor(len(invocations) // 2) as pool:
        threads = [pool.submit(engine.call, each) for each in invocations[1::2]]

        async def loop() -> list[Answer]:
            return list(await asyncio.gather(*(engine.execute(each) for each in invocations[::2])))

        return asyncio.run(loop()) + [each.result() for each in threads]


def codes(answers: Sequence[Answer]) -> Counter[str]:
    """How many were accepted (the code is empty), and how many refused with which code."""
    return Counter(answer.code for answer in answers)


# ------------------------------------------------------------------------------- 200 at the same moment


def test_ten_games_a_guild(opened: Open) -> None:
    home, engine = opened()
    attempts = [
        asked("open", player, f"g1/c{number}", game=KINDS[number % 4])
        for number, player in enumerate(members(home, ATTEMPTS))
    ]
    assert codes(all_at_once(engine, attempts)) == {"": 10, "guild_limit": ATTEMPTS - 10}
    assert len(engine.read("lobby", "g1").state.games) == 10


def test_five_games_a_channel(opened: Open) -> None:
    home, engine = opened(guild=0)
    attempts = [
        asked("open", player, f"g1/c{number % 2}", game="tictactoe")
        for number, player in enumerate(members(home, ATTEMPTS))
    ]
    assert codes(all_at_once(engine, attempts)) == {"": 10, "channel_limit": ATTEMPTS - 10}
    channels = Counter(game.channel for game in engine.read("lobby", "g1").state.games.values())
    assert channels == {"c0": 5, "c1": 5}


def test_one_game_a_member_and_kind(opened: Open) -> None:
    home, engine = opened(guild=0, channel=0)
    (ann,) = members(home, 1)
    attempts = [asked("open", ann, game=KINDS[number % 4], seats=2) for number in range(ATTEMPTS)]
    assert codes(all_at_once(engine, attempts)) == {"": 4, "member_limit": ATTEMPTS - 4}


def test_one_game_a_member_and_kind_whatever_the_way_to_a_seat(opened: Open) -> None:
    home, engine = opened(guild=0, channel=0)
    *hosts, ann = members(home, 101)
    games = [engine.call(asked("open", host, game="hangman", seats=8)).result["game"] for host in hosts]
    attempts = [asked("join", ann, game=game) for game in games]
    attempts += [asked("match", ann, game="hangman", seats=3) for _ in range(50)]
    attempts += [asked("open", ann, game="hangman", seats=3) for _ in range(50)]
    assert codes(all_at_once(engine, attempts)) == {"": 1, "member_limit": ATTEMPTS - 1}


def test_as_many_players_as_there_are_seats(opened: Open) -> None:
    home, engine = opened()
    host, *others = members(home, ATTEMPTS + 1)
    game = engine.call(asked("open", host, game="hangman", seats=8)).result["game"]
    answers = all_at_once(engine, [asked("join", player, game=game) for player in others])
    assert codes(answers) == {"": 7, "no_free_seat": ATTEMPTS - 7}


def test_those_who_come_late_are_counted_too(opened: Open) -> None:
    home, engine = opened(players=5)
    host, guest, *others = members(home, ATTEMPTS + 2)
    game = engine.call(asked("open", host, game="math", seats=2)).result["game"]
    assert engine.call(asked("join", guest, game=game)).result["status"] == "playing"
    answers = all_at_once(engine, [asked("join", player, game=game) for player in others])
    assert codes(answers) == {"": 3, "players_limit": ATTEMPTS - 3}
    assert len(engine.read("game", game).state.seats) == 5


# -------------------------------------------------------------------------------------- two processes

STORMING = """
import asyncio, json, sys, time
from pathlib import Path
from milena.domain.command import Invocation
from milena.domain.ids import new_id
from milena.domain.throttle import Throttle
from milena.home import Home
from milena.ops.config import Config

directory, name, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])

def invocation(command, player, place, **options):
    return Invocation(new_id(), command, options, player, place, time.time_ns() // 1_000_000)

async def caller(home, engine, number):
    player, place = home.vault.player("discord", f"{name}{number}"), f"g1/c{number % 3 // 2}"
    for _ in range(rounds):
        answer = await engine.execute(invocation("open", player, place, game="tictactoe"))
        print(json.dumps([answer.verdict, answer.code]), flush=True)
        if answer.verdict == "accepted" and rounds > 1:
            await engine.execute(invocation("abort", player, place, game=answer.result["game"]))

async def main(home, engine):
    await asyncio.gather(*(caller(home, engine, number) for number in range(100)))

with Home(Path(directory), Config(throttle=Throttle(0, 0))) as home, home.engine() as engine:
    print("ready", flush=True)
    sys.stdin.readline()
    asyncio.run(main(home, engine))
"""


def storm(home: Home, rounds: int) -> list[list[str]]:
    """Two processes, each with a hundred members who open a game at the same moment. What they were told."""
    command = [sys.executable, "-c", STORMING, str(home.path)]
    with ExitStack() as stack:
        processes = []
        for name in ("ann", "bob"):
            process = subprocess.Popen(
                [*command, name, str(rounds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            stack.callback(process.kill)
            processes.append(process)
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [process.communicate(timeout=60)[0] for process in processes]
        assert [process.returncode for process in processes] == [0, 0]
    return [json.loads(line) for lines in told for line in lines.splitlines()]


def test_ten_games_a_guild_across_two_processes(home: Home) -> None:
    told = Counter(code for _, code in storm(home, rounds=1))
    assert sum(told.values()) == ATTEMPTS
    assert told[""] == 10, told
    games = home.store.fold(LOBBIES, "g1").state.games
    assert len(games) == 10
    assert max(Counter(game.channel for game in games.values()).values()) <= 5


def test_places_that_come_free_are_given_away_at_once_and_only_once(home: Home) -> None:
    """The log itself is asked: at each refusal there was no room, and never was there one game too many."""
    told = storm(home, rounds=5)
    assert {verdict for verdict, _ in told} == {"accepted", "refused"}
    games: dict[str, str] = {}
    refused = Counter[str]()
    for row in home.store.scan():
        payload = json.loads(row.payload)
        if row.tag == "lobby.game_listed":
            games[payload["game"]] = payload["listed"]["channel"]
        elif row.tag == "lobby.game_closed":
            del games[payload["game"]]
        elif row.tag == "command.invoked" and payload["verdict"] == "refused":
            refused[payload["code"]] += 1
            full = {"guild_limit": len(games) == 10, "channel_limit": _full(games, row.place)}
            assert full[payload["code"]], row
        assert len(games) <= 10
        assert max(Counter(games.values()).values(), default=0) <= 5
    assert games == {}
    assert set(refused) == {"guild_limit", "channel_limit"}


def _full(games: dict[str, str], place: str) -> bool:
    return Counter(games.values())[place.partition("/")[2]] == 5


# --------------------------------------------------------------------------------------- configuration


def test_the_file_and_the_environment_set_the_limits(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "milena.toml").write_text("[limits]\nguild = 3\nchannel = 2\nmember = 0\n", "utf-8")
    monkeypatch.setenv("MILENA_LIMITS_GUILD", "4")
    home, engine = opened(load(tmp_path))
    (ann,) = members(home, 1)
    answers = [engine.call(asked("open", ann, f"g1/c{n % 3}", game="tictactoe")) for n in range(9)]
    assert [answer.code for answer in answers] == [""] * 4 + ["guild_limit"] * 5
    answers = [engine.call(asked("open", ann, "g2/c1", game="tictactoe")) for _ in range(3)]
    assert [answer.code for answer in answers] == ["", "", "channel_limit"]


def test_0_is_no_limit_and_guilds_do_not_count_for_each_other(opened: Open) -> None:
    home, engine = opened(guild=0, channel=0, member=0)
    (ann,) = members(home, 1)
    assert codes([engine.call(asked("open", ann, game="tictactoe")) for _ in range(30)]) == {"": 30}
    assert len(engine.read("lobby", "g1").state.games) == 30
    assert engine.read("lobby", "g2").state.games == {}


def test_the_terminal_may_have_any_number_of_games(opened: Open) -> None:
    home, engine = opened(guild=1, channel=1, member=1, players=2)
    (ann,) = members(home, 1)
    attempts = [asked("open", ann, "terminal/main", game="tictactoe") for _ in range(30)]
    assert codes([engine.call(each) for each in attempts]) == {"": 30}


@pytest.mark.parametrize(
    ("code", "limits", "words"),
    [
        ("guild_limit", {"guild": 1}, ("At most 1 game ", "finish one of them")),
        ("channel_limit", {"channel": 1}, ("At most 1 game ", "finish one of them", "another channel")),
        ("member_limit", {}, ("At most 1 game of tictactoe", "finish or leave")),
        ("players_limit", {"players": 1}, ("At most 1 player ", "for fewer")),
    ],
)
def test_a_refusal_names_the_limit_and_the_remedy(
    opened: Open, code: str, limits: dict[str, int], words: tuple[str, ...]
) -> None:
    home, engine = opened(**limits)
    (ann,) = members(home, 1)
    first = engine.call(asked("open", ann, game="tictactoe"))
    answer = engine.call(asked("open", ann, game="tictactoe")) if first.verdict == "accepted" else first
    assert answer.code == code
    for word in words:
        assert word in answer.sentence
    if code == "member_limit":
        assert first.result["game"] in answer.sentence
        assert f"<{ann}>" in answer.sentence
