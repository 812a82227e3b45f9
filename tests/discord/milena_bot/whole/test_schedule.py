"""Everything goes wrong, again and again, while people play: nothing is lost, doubled or shown wrongly."""

import asyncio
from collections import Counter
from random import Random

import pytest
from ends import OPTIONS, ends, timeout
from judging import judge, judge_answers
from kit import forgive_second_answers
from life import Begin, Life
from log import Log
from standin import StandIn
from standin.faults import KINDS
from table import Table

from milena import games

SITTING = 6
"""Tables at which one game is played after the other."""
DELETED = "message deleted"
MORE = (*KINDS, "cloudflare", DELETED)


async def amid(life: Life, log: Log, discord: StandIn, faults: int, pause: float, seed: int) -> None:
    """Play on while ``faults`` happen, ``pause`` seconds apart on average, and until the last game ends."""
    schedule = discord.faults.random(seed, faults, pause=pause, kinds=MORE)
    tables: list[Table] = []
    over = asyncio.Event()

    async def sit(number: int) -> None:
        chance = Random(number)
        while not over.is_set():
            kind = chance.choice(games.names())
            end = chance.choice([each for each in ends(kind) if each is not timeout])
            table = Table.laid(life, log, kind, len(tables), **OPTIONS.get(kind, {}))
            tables.append(table)
            await judge(table, await end(table))

    async def disturb() -> None:
        for step in schedule:
            await asyncio.sleep(step.pause)
            if step.kind == DELETED:
                _delete(discord, tables, Random(step.seed))
            else:
                await discord.faults.do(step)
        discord.faults.clear()
        over.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(disturb())
        for number in range(SITTING):
            group.create_task(sit(number))
    for table in tables:
        assert await table.settled(), table.difference()
    moves = judge_answers(log, tables)
    said = Counter(shown.how for table in tables for shown in table.shown)
    print(f"{faults} faults, {len(tables)} games, {moves} moves; answers: {dict(said)}")
    print(f"faults that were met: {dict(Counter(discord.faults.met))}")
    assert await life.end() == 0
    forgive_second_answers(discord)


def _delete(discord: StandIn, tables: list[Table], chance: Random) -> None:
    """A moderator deletes the board of a game that goes on; it comes again when that goes on."""
    going_on = [each for each in tables if each.key and each.game.status == "playing" and each.board]
    if going_on:
        board = chance.choice(going_on).board
        assert board is not None
        discord.delete_message(board)
        discord.faults.met.append(DELETED)


async def test_games_amid_faults(begin: Begin, discord: StandIn) -> None:
    await amid(*await begin(), discord, faults=30, pause=0.15, seed=1)


@pytest.mark.slow
async def test_games_amid_two_hundred_faults(begin: Begin, discord: StandIn, rounds: int) -> None:
    await amid(*await begin(), discord, faults=200 * rounds, pause=0.3, seed=rounds)
