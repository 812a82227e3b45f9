"""Every shipped game, to every kind of end that it has, while the bot is killed in the middle."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from ends import OPTIONS, End, ends, expired
from ends import begin as sit_down
from judging import judge, judge_answers
from life import Begin, Life
from log import Log
from standin import StandIn
from table import Table

from milena import games

AT_ONCE = 12
"""Tables that are played at at the same time: one processor plays, answers and is asked."""

Plan = list[tuple[str, End]]


def one_each() -> Plan:
    """A kind of end for each game, such that all kinds are there."""
    return [(kind, ends(kind)[number % len(ends(kind))]) for number, kind in enumerate(games.names())]


def every() -> Plan:
    return [(kind, end) for kind in games.names() for end in ends(kind)]


async def play_all(life: Life, log: Log, discord: StandIn, plan: Plan, kills: int) -> list[Table]:
    """``kills`` times, evenly spread, the bot is killed while people play."""
    tables = [
        Table.laid(life, log, kind, number, **OPTIONS.get(kind, {})) for number, (kind, _) in enumerate(plan)
    ]
    room, over = asyncio.Semaphore(AT_ONCE), Counter[str]()

    async def sit(table: Table, end: End) -> None:
        async with room:
            await judge(table, await end(table))
        over[end.__name__] += 1

    async def disturb() -> None:
        for number in range(1, kills + 1):
            due = len(plan) * number // (kills + 1)
            await discord.until(lambda due=due: over.total() >= due, patience=1000)  # type: ignore[misc]
            await life.kill()
            boards = [each.settled() for each in tables if each.key]
            assert all(await asyncio.gather(*boards)), "every board is right after a restart"

    async with asyncio.TaskGroup() as group:
        group.create_task(disturb())
        for table, (_, end) in zip(tables, plan, strict=True):
            group.create_task(sit(table, end))
    assert life.kills == kills
    return tables


async def judge_all(life: Life, log: Log, tables: Sequence[Table]) -> None:
    """At the very end, everything once more."""
    for table in tables:
        assert await table.settled(), table.difference()
    moves = judge_answers(log, list(tables))
    doubled = sum(each.doubled for each in tables)
    print(f"{len(tables)} games, {moves} moves, {life.kills} kills; {doubled} boards were there twice")
    assert await life.end() == 0


async def test_every_game_comes_to_an_end(begin: Begin, discord: StandIn) -> None:
    life, log = await begin()
    tables = await play_all(life, log, discord, one_each(), kills=1)
    await judge_all(life, log, tables)


@pytest.mark.slow
async def test_every_game_comes_to_each_kind_of_end(begin: Begin, discord: StandIn, rounds: int) -> None:
    life, log = await begin()
    tables = await play_all(life, log, discord, every() * rounds, kills=10 * rounds)
    await judge_all(life, log, tables)


@pytest.mark.slow
async def test_invitations_that_nobody_answers_run_out(begin: Begin, discord: StandIn) -> None:
    life, log = await begin(MILENA_LIMITS_INVITATION="1")
    for_two = [kind for kind in games.names() if games.load(kind).seats.min > 1]  # else one begins alone
    tables = await play_all(life, log, discord, [(kind, expired) for kind in for_two], kills=2)
    await judge_all(life, log, tables)


@pytest.mark.slow
async def test_games_that_nobody_plays_on_are_given_up(begin: Begin, discord: StandIn) -> None:
    life, log = await begin(MILENA_LIMITS_IDLE="1")
    # Given games whose deadlines are none of a clock,
    kinds = [kind for kind in games.names() if kind != "quiz"]
    tables = [Table.laid(life, log, kind, each, **OPTIONS.get(kind, {})) for each, kind in enumerate(kinds)]
    for table in tables:
        await sit_down(table)
    # when a bot starts a second after somebody has played (it looks for such games then, and each hour),
    while not all(table.ended for table in tables):
        await life.kill()
        await asyncio.gather(*(table.settled() for table in tables))
    # then they are over.
    for table in tables:
        await judge(table, "abandoned")
    await judge_all(life, log, tables)
