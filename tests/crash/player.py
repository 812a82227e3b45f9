"""Plays many games at once on a data directory, until it is stopped or killed.

    python player.py DATA SEED

Several clients ask one engine for random commands: most are legal moves, some are late, some are not
allowed, and some were asked before. Each says on standard output, one JSON object a line, what it asks
before it asks and what was answered after it was answered. What a killed player asked and never heard
of is given to the next one on standard input, which asks all of it again, under the same ids.

Games that are open when it starts are played on.
"""

import asyncio
import os
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from milena import games
from milena.aggregates import GAMES
from milena.domain.command import Invocation
from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Engine
from milena.home import Home

CLIENTS = 16
OPEN_GAMES = 24
PLACE = Place("terminal/main")
OPTIONS: dict[str, dict[str, Any]] = {"2048": {"size": 3, "target": 0}, "rock-paper-scissors": {"best_of": 9}}


class Table:
    """The open games, and what may be asked about them."""

    def __init__(self, home: Home, engine: Engine, random: Random) -> None:
        self.engine = engine
        self.random = random
        self.players = [home.vault.player("terminal", f"player {number}") for number in range(6)]
        keys = home.store.streams("game")
        self.open = [key for key in keys if self.game(key).status != "ended"]

    def game(self, key: str) -> Game:
        game: Game = self.engine.read("game", key).state
        return game

    def wish(self) -> Invocation:
        """Something that somebody could ask for now."""
        if len(self.open) < OPEN_GAMES:
            name = self.random.choice(games.names())
            return self._ask("open", self._anybody(), game=name, options=OPTIONS.get(name, {}))
        key = self.random.choice(self.open)
        game = self.game(key)
        if game.status == "ended":
            self.open.remove(key)
            return self.wish()
        if game.status == "waiting":
            asked = self.random.choices(["join", "begin", "abort"], [20, 2, 1])[0]
            return self._ask(asked, self._anybody() if asked == "join" else game.host, game=key)
        match self.random.randrange(200):
            case 0 | 1 | 2 | 3:  # most of them are not in the game
                return self._ask("resign", self._anybody(), game=key)
            case 4:
                return self._ask("abort", self._anybody(), game=key)
            case 5:
                return self._ask("move", self._anybody(), game=key, move="nonsense")
        return self._move(game)

    def _move(self, game: Game) -> Invocation:
        seat = self.random.choice(GAMES.actors(game))
        seated = game.seats[seat]
        assert seated is not None
        move = self.random.choice(GAMES.rules(game).legal(game.board, seat))
        return self._ask("move", seated.player, game=game.key, move=move, **GAMES.looked_at(game))

    def _anybody(self) -> PlayerId:
        return self.random.choice(self.players)

    def _ask(self, command: str, player: PlayerId, **options: Any) -> Invocation:
        now = time.time_ns() // 1_000_000
        return Invocation(InvocationId(new_id()), command, options, player, PLACE, now)


async def ask(table: Table, invocation: Invocation) -> None:
    """Ask, and acknowledge the answer once it is here."""
    say("asked", invocation)
    answer = await table.engine.execute(invocation)
    say("answered", answer)
    if invocation.command == "open" and answer.verdict == "accepted" and not answer.repeated:
        table.open.append(answer.result["game"])


async def client(table: Table) -> None:
    earlier: list[Invocation] = []
    while True:
        again = earlier and table.random.random() < 0.03
        invocation = table.random.choice(earlier) if again else table.wish()
        earlier = [*earlier[-20:], invocation]
        await ask(table, invocation)


async def play(table: Table, unanswered: list[Invocation]) -> None:
    await asyncio.gather(*(ask(table, invocation) for invocation in unanswered))
    await asyncio.gather(*(client(table) for _ in range(CLIENTS)))


def say(what: str, told: Any) -> None:
    """One write for a line, straight to the file: what is said stays said when we are killed."""
    os.write(1, msgspec.json.encode({what: told}) + b"\n")


def main() -> None:
    data, seed = sys.argv[1:]
    unanswered = [msgspec.json.decode(line, type=Invocation) for line in sys.stdin.buffer]
    with Home(Path(data)) as home, home.engine() as engine:
        asyncio.run(play(Table(home, engine, Random(seed)), unanswered))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
