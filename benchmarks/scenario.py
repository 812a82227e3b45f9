"""What every benchmark plays: connect-four games between pairs of players, one command a move."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Engine
from milena.home import Home

MOVES = "1234567765432121436577" + "12"
"""A game of connect four that goes on; one command each."""


def invocation(command: str, player: PlayerId, **options: object) -> Invocation:
    now = time.time_ns() // 1_000_000
    return Invocation(InvocationId(new_id()), command, options, player, Place("terminal/main"), now)


class Table:
    """Two players at one game."""

    def __init__(self, home: Home, number: int) -> None:
        self.players = [home.vault.player("terminal", f"{side}{number}") for side in ("first", "second")]

    async def sit_down(self, engine: Engine) -> None:
        opened = await engine.execute(invocation("open", self.players[0], game="connect4"))
        self.game = opened.result["game"]
        await engine.execute(invocation("join", self.players[1], game=self.game))

    async def move(self, engine: Engine, number: int) -> None:
        player, move = self.players[number % 2], MOVES[number]
        answer = await engine.execute(invocation("move", player, game=self.game, move=move))
        assert answer.verdict == "accepted", answer


async def play(
    home: Home,
    engine: Engine,
    callers: int,
    games: int,
    note: Callable[[float], None] | None = None,
    between: Callable[[], object] | None = None,
) -> tuple[int, float]:
    """``callers`` tables play ``games`` games each, all moves of a game timed. Returns the number of
    moves and the seconds they took; ``note`` hears each move's seconds, ``between`` comes after each."""
    tables = [Table(home, number) for number in range(callers)]
    seconds = 0.0

    async def moves(table: Table) -> None:
        for number in range(len(MOVES)):
            started = time.perf_counter()
            await table.move(engine, number)
            if note is not None:
                note(time.perf_counter() - started)
            if between is not None:
                between()

    for _ in range(games):
        await asyncio.gather(*(table.sit_down(engine) for table in tables))
        started = time.perf_counter()
        await asyncio.gather(*(moves(table) for table in tables))
        seconds += time.perf_counter() - started
    return callers * games * len(MOVES), seconds


def run(
    directory: Path,
    callers: int,
    games: int,
    note: Callable[[float], None] | None = None,
    between: Callable[[], object] | None = None,
) -> float:
    """Commands a second, in a data directory that is made if it is not there."""
    with Home(directory) as home, home.engine() as engine:
        count, seconds = asyncio.run(play(home, engine, callers, games, note, between))
    return count / seconds


def fill(directory: Path, events: int) -> None:
    """A log of at least ``events`` events: real games of 512 pairs of players at a time."""
    done = 0
    with Home(directory) as home, home.engine() as engine:
        while done < events:
            asyncio.run(play(home, engine, 512, 4))
            done = home.store.head().position
