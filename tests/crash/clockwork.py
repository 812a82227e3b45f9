"""Plays many games with clocks on a data directory, until it is killed.

    python clockwork.py DATA SEED AHEAD play|settle|finish

Its time is AHEAD seconds ahead of the world's. It says on standard output, one JSON object a line, what it
asks before it asks. ``settle`` plays nothing: all that is due happens, and that is all; ``finish`` lets time
pass until no game is open.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from freezegun import freeze_time

from milena.aggregates import GAMES
from milena.domain.command import Invocation
from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Answer, Engine
from milena.home import Home
from milena.ops.config import load
from milena.unfinished import open_games

CLIENTS = 8
OPEN_GAMES = 224
PLACES = [Place(f"guild{guild}/channel{channel}") for guild in range(3) for channel in range(2)]
CLOCKS = ["2s/turn", "4s", "3s+1s", "5s,3s/turn", "30s/turn", "1h", "12h+1m", "3d/turn", "10d,2d/turn"]


class Client:
    """Sees to it that its share of the games is open, and plays them."""

    def __init__(self, home: Home, engine: Engine, random: Random, games: list[str]) -> None:
        self.engine = engine
        self.random = random
        self.games = games
        self.players = [home.vault.player("terminal", f"player {number}") for number in range(8)]

    async def play(self) -> None:
        while True:
            if len(self.games) < OPEN_GAMES // CLIENTS:
                await self._begin()
            else:
                await self._go_on()
                await asyncio.sleep(self.random.uniform(0, 0.02))

    async def _begin(self) -> None:
        host, guest, place = *self.random.sample(self.players, 2), self.random.choice(PLACES)
        clock = self.random.choice(CLOCKS)
        match self.random.randrange(10):
            case 0 | 1:
                await self._open(host, place, game="hangman", seats=2)
            case 2 | 3:
                key = await self._open(
                    host, place, game="connect4", invite=[guest], private=True, clock=clock
                )
                if self.random.random() < 0.3:
                    await self._ask("accept", guest, place, game=key)
            case 4:
                key = await self._open(host, place, game="rock-paper-scissors", clock="2s/turn")
                await self._ask("join", guest, place, game=key)
            case _:
                key = await self._open(host, place, game="connect4", clock=clock)
                await self._ask("join", guest, place, game=key)

    async def _go_on(self) -> None:
        key = self.random.choice(self.games)
        game: Game = self.engine.read("game", key).state
        if game.status == "ended":
            self.games.remove(key)
        elif game.status == "playing" and game.name == "connect4":
            [seat] = GAMES.actors(game)
            move = self.random.choice(GAMES.rules(game).legal(game.board, seat))
            await self._ask("move", game.players[seat], Place(game.place), game=key, move=move)

    async def _open(self, host: PlayerId, place: Place, **options: Any) -> str:
        answer = await self._ask("open", host, place, **options)
        key: str = answer.result["game"]
        self.games.append(key)
        return key

    async def _ask(self, command: str, player: PlayerId, place: Place, **options: Any) -> Answer:
        now = round(datetime.now(UTC).timestamp() * 1000)
        invocation = Invocation(InvocationId(new_id()), command, options, player, place, now)
        say(invocation)
        return await self.engine.execute(invocation)


def say(told: Any) -> None:
    """One write for a line, straight to the file: what is said stays said when we are killed."""
    os.write(1, msgspec.json.encode(told) + b"\n")


async def play(home: Home, engine: Engine, random: Random) -> None:
    games = open_games(home.store)
    clients = [Client(home, engine, random, games[number::CLIENTS]) for number in range(CLIENTS)]
    await asyncio.gather(*(client.play() for client in clients))


def main() -> None:
    data, seed, ahead, what = sys.argv[1:]
    path = Path(data)
    now = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=int(ahead))
    with Home(path, load(path)) as home, home.engine() as engine, freeze_time(now, tick=True) as time:
        scheduler = home.scheduler(engine)
        if what == "play":
            with scheduler:
                asyncio.run(play(home, engine, Random(seed)))
        scheduler.turn()
        while what == "finish" and open_games(home.store):
            time.tick(timedelta(seconds=10))
            scheduler.turn()


if __name__ == "__main__":
    main()
