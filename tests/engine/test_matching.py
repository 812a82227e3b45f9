"""Quick match: those who ask for the same are brought together, and nobody else."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.aggregates import AGGREGATES, GAMES, LOBBIES
from milena.commands import commands
from milena.domain.command import Invocation
from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.limits import GameLimits
from milena.engine import Answer, Engine, House
from milena.home import Home

NO_LIMITS = GameLimits(guild=0, channel=0, member=0)
STRENGTH = {"1": 1500.0, "2": 1800.0, "3": 1530.0, "4": 1460.0}
"""The ratings of some members at connect four; the others, and other games, have none."""


class Guild:
    """A guild of its own. Members have the names that Discord knows them by."""

    def __init__(self, home: Home, engine: Engine) -> None:
        self.home, self.engine = home, engine
        self.name = new_id()

    def member(self, name: str) -> PlayerId:
        return self.home.vault.player("discord", name)

    def ask(self, command: str, name: str, /, **options: Any) -> Answer:
        place, now = Place(f"{self.name}/c1"), time.time_ns() // 1_000_000
        return self.engine.call(
            Invocation(InvocationId(new_id()), command, options, self.member(name), place, now)
        )

    def must(self, command: str, name: str, /, **options: Any) -> str:
        answer = self.ask(command, name, **options)
        assert answer.verdict == "accepted", answer
        return str(answer.result["game"])

    def game(self, key: str) -> Game:
        game: Game = self.engine.read("game", key).state
        return game

    def at(self, key: str) -> set[str]:
        """Who plays there, by name."""
        names = {self.member(str(number)): str(number) for number in range(10)}
        return {names[player] for player in self.game(key).players}


@pytest.fixture(scope="module")
def guilds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Guild]]:
    """``guilds()``: one more guild, without limits, where some have a rating."""
    path: Path = tmp_path_factory.mktemp("matching")
    with Home(path) as home:
        ratings: dict[tuple[str, str], float] = {
            ("connect4", home.vault.player("discord", name)): rating for name, rating in STRENGTH.items()
        }
        house = House(limits=NO_LIMITS, ratings=lambda guild, game, player: ratings.get((game, player)))
        with Engine(home.store, AGGREGATES, commands(), house=house) as engine:
            yield lambda: Guild(home, engine)


@pytest.fixture
def guild(guilds: Callable[[], Guild]) -> Guild:
    return guilds()


# ------------------------------------------------------------------------------------ the same terms


def test_two_who_ask_for_the_same_play_each_other(guild: Guild) -> None:
    first = guild.ask("match", "1", game="tictactoe", clock="5m").result
    assert first["status"] == "waiting"
    second = guild.ask("match", "2", game="tictactoe", clock="5m").result
    assert second == {**first, "status": "playing"}
    assert guild.at(first["game"]) == {"1", "2"}


def test_a_game_that_was_opened_and_waits_is_as_good(guild: Guild) -> None:
    game = guild.must("open", "1", game="hangman", seats=3, options={"wrong": 5})
    assert guild.must("match", "2", game="hangman", seats=3, options={"wrong": "5"}) == game
    assert guild.must("match", "3", game="hangman", seats=3, options={"wrong": 5}) == game
    assert guild.game(game).status == "playing"
    assert guild.must("match", "4", game="hangman", seats=3, options={"wrong": 5}) != game


@pytest.mark.parametrize(
    "other",
    [
        {"game": "math", "seats": 2},
        {"game": "hangman", "seats": 3},
        {"game": "hangman", "seats": 2, "options": {"wrong": 2}},
        {"game": "hangman", "seats": 2, "clock": "5m"},
        {"game": "hangman", "seats": 2, "clock": "5m+1s"},
    ],
)
def test_whoever_asks_for_something_else_waits_for_somebody_else(guild: Guild, other: dict[str, Any]) -> None:
    game = guild.must("match", "1", game="hangman", seats=2)
    assert guild.must("match", "2", **other) != game
    assert guild.game(game).status == "waiting"
    assert guild.must("match", "3", game="hangman", seats=2) == game


def test_an_option_that_is_given_as_it_is_anyway_makes_no_difference(guild: Guild) -> None:
    usual = guild.game(guild.must("open", "9", game="hangman")).options["wrong"]
    game = guild.must("match", "1", game="hangman")
    assert guild.must("match", "2", game="hangman", seats=2, options={"wrong": usual}) == game


def test_a_game_that_one_could_play_alone_waits_for_another_player(guild: Guild) -> None:
    answer = guild.ask("match", "1", game="hangman").result
    assert answer["status"] == "waiting"
    assert guild.must("match", "2", game="hangman") == answer["game"]
    assert guild.game(answer["game"]).status == "playing"
    assert guild.ask("match", "1", game="2048").code == "seats"


def test_another_guild_is_another_world(guilds: Callable[[], Guild]) -> None:
    here, there = guilds(), guilds()
    game = here.must("match", "1", game="tictactoe")
    assert there.must("match", "2", game="tictactoe") != game


# ------------------------------------------------------------------------------ with whom, and whom not


def test_nobody_is_matched_with_oneself(guild: Guild) -> None:
    games = {guild.must("match", "1", game="tictactoe") for _ in range(3)}
    assert len(games) == 3
    assert {guild.game(game).status for game in games} == {"waiting"}


def test_nobody_gets_into_a_private_or_promised_or_begun_game(guild: Guild) -> None:
    private = guild.must("open", "1", game="tictactoe", private=True)
    promised = guild.must("open", "2", game="tictactoe", invite=[guild.member("3")])
    begun = guild.must("open", "4", game="math", seats=3)
    guild.must("join", "5", game=begun)
    guild.must("begin", "4", game=begun)
    left = guild.must("open", "6", game="tictactoe")
    guild.must("abort", "6", game=left)
    assert guild.must("match", "7", game="tictactoe") not in (private, promised, left)
    assert guild.must("match", "8", game="math", seats=3) != begun
    assert guild.must("match", "8", game="math", seats=2) != begun


def test_a_seat_that_comes_free_is_given_away_again(guild: Guild) -> None:
    game = guild.must("open", "1", game="tictactoe", invite=[guild.member("2")])
    guild.must("decline", "2", game=game)
    assert guild.must("match", "3", game="tictactoe") == game


def test_the_nearest_rating_comes_first_where_both_have_one(guild: Guild) -> None:
    far = guild.must("open", "2", game="connect4")
    nearest = guild.must("open", "3", game="connect4")
    nearer = guild.must("open", "4", game="connect4")
    assert [guild.must("match", "1", game="connect4") for _ in range(3)] == [nearest, nearer, far]


def test_else_whoever_waits_longest(guild: Guild) -> None:
    games = [guild.must("open", name, game="connect4") for name in "9432"]
    assert guild.must("match", "8", game="connect4") == games[0], "who is asking has no rating"
    assert guild.must("match", "2", game="connect4") == games[2], "1530 is nearer to 1800 than 1460 is"
    unrated = [guild.must("open", name, game="tictactoe") for name in "1324"]
    assert [guild.must("match", "7", game="tictactoe") for _ in unrated] == unrated


TERMS: list[dict[str, Any]] = [
    {"game": "tictactoe"},
    {"game": "tictactoe", "clock": "5m"},
    {"game": "hangman", "options": {"wrong": 3}},
    {"game": "hangman", "options": {"wrong": 4}},
]


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(range(len(TERMS)))), max_size=25))
def test_whoever_asks_gets_the_one_who_waits_longest_for_the_same(
    guilds: Callable[[], Guild], asked: list[tuple[int, int]]
) -> None:
    guild = guilds()
    waiting: dict[int, list[tuple[int, str]]] = {number: [] for number in range(len(TERMS))}
    for player, terms in asked:
        game = guild.must("match", str(player), **TERMS[terms])
        others = [entry for entry in waiting[terms] if entry[0] != player]
        if others:
            assert game == others[0][1]
            assert guild.at(game) == {str(player), str(others[0][0])}
            waiting[terms].remove(others[0])
        else:
            assert guild.at(game) == {str(player)}
            waiting[terms].append((player, game))


# -------------------------------------------------------------------------------------- two processes

ASKING = """
import asyncio, sys, time
from pathlib import Path
from milena.domain.command import Invocation
from milena.domain.ids import new_id
from milena.home import Home

async def main(home, engine):
    def ask(number):
        player, now = home.vault.player("discord", sys.argv[2] + str(number)), time.time_ns() // 1_000_000
        options = {"game": "connect4", "clock": "5m"}
        return engine.execute(Invocation(new_id(), "match", options, player, "g1/c1", now))
    asks = [ask(number) for number in range(50)]
    for answer in await asyncio.gather(*asks):
        assert answer.verdict == "accepted", answer

with Home(Path(sys.argv[1])) as home:
    from milena.ops.config import load
    home.config = load(home.path)
    with home.engine() as engine:
        print("ready", flush=True)
        sys.stdin.readline()
        asyncio.run(main(home, engine))
"""


def test_a_hundred_who_ask_at_once_in_two_processes_pair_up_completely(home: Home) -> None:
    (home.path / "milena.toml").write_text(
        "[limits]\nguild = 0\nchannel = 0\n[throttle]\nguild = 0\n", "utf-8"
    )
    with ExitStack() as stack:
        processes = []
        for name in ("a", "b"):
            command = [sys.executable, "-c", ASKING, str(home.path), name]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            stack.callback(process.kill)
            processes.append(process)
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            process.communicate(timeout=60)
            assert process.returncode == 0

    games = [home.store.fold(GAMES, key).state for key in home.store.streams("game")]
    assert len(games) == 50
    assert {game.status for game in games} == {"playing"}
    seated = Counter(player for game in games for player in game.players)
    assert len(seated) == 100
    assert set(seated.values()) == {1}
    assert sum(listed.began for listed in home.store.fold(LOBBIES, "g1").state.games.values()) == 50
