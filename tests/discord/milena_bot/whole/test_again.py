"""Whatever Discord delivers again, and in whatever order: the log is as if it had come once."""

import asyncio
import json
from random import Random
from typing import Any

import msgspec
import pytest
from ends import OPTIONS, End, agreed, declined, ends, finished, resigned, timeout, voided
from kit import forgive_second_answers
from life import Begin, Life
from log import Log
from standin import Interaction, StandIn
from table import Table

CERTAIN = ("tictactoe", "connect4", "othello", "rock-paper-scissors")
"""Games without chance: the same moves lead to the same events."""
OF_ONE_GAME = {"commitment", "seed", "salt", "until", "place", "rematch"}
"""Fields of events that are another game's even where all else is the same."""

Plan = list[tuple[str, End]]
SHORT: Plan = [
    ("tictactoe", finished),
    ("rock-paper-scissors", resigned),
    ("othello", agreed),
    ("connect4", declined),
    ("connect4", voided),
]


def happened(table: Table) -> list[Any]:
    """The game's events and its people's commands, without what is of this one game alone."""
    store, vault = table.log.home.store, table.log.home.vault
    players = {vault.player("discord", each.id): str(number) for number, each in enumerate(table.everybody)}

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items() if name not in OF_ONE_GAME}
        if isinstance(value, list | tuple):
            return [plain(each) for each in value]
        if isinstance(value, str):
            for player, number in players.items():
                value = value.replace(player, number)
        return value

    events = [(each.tag, store.event(each)) for each in store.stream(f"game:{table.key}")]
    told = [(tag, plain(msgspec.to_builtins(event))) for tag, event in events]
    ours = [(row, event) for row, event in table.log.invoked() if row.player in players]
    return [*told, *((players[row.player], event.command, event.verdict, event.code) for row, event in ours)]


class Again:
    """Does at the table ``new`` what was done at ``old``, each thing at least three times."""

    def __init__(self, old: Table, new: Table, seed: int) -> None:
        self.old, self.new, self.chance = old, new, Random(seed)
        self._copies: list[Interaction] = []

    async def play(self) -> None:
        for shown in self.old.shown:
            if self.new.key:
                await self.new.settled()
            made = self._like(shown.interaction)
            self._copies += [made, made]
            at_once = self.chance.random() < 0.5
            self._send([made, made] if at_once else [made])
            await asyncio.wait_for(made.answered.wait(), 60)
            if not self.new.key:
                (self.new.key,) = self.new.log.opened(self.new.place)
            self._send(self._some())
        self._send(self._copies)

    def _like(self, made: Interaction) -> Interaction:
        """The same, by those who sit at the new table, about its game."""
        text = json.dumps(made.payload["data"])
        for name, other in zip(self.old.everybody, self.new.everybody, strict=True):
            for old, new in (
                (name.id, other.id),
                (name.user.name, other.user.name),
                (name.user.name.title(), other.user.name.title()),
            ):
                text = text.replace(f'"{old}"', f'"{new}"')
        if self.old.key:
            text = text.replace(self.old.key, self.new.key or "none")
        by_id = {each.id: number for number, each in enumerate(self.old.everybody)}
        who = self.new.everybody[by_id[made.user.id]]
        message = self.new.board if made.message is not None else None
        return self.new.discord.desk.make(made.kind, who.user, who.channel, json.loads(text), message)

    def _some(self) -> list[Interaction]:
        """Of what is to come again, in any order."""
        self.chance.shuffle(self._copies)
        half = len(self._copies) // 2
        some, self._copies = self._copies[:half], self._copies[half:]
        return some

    def _send(self, what: list[Interaction]) -> None:
        for each in what:
            self.new.discord.desk.send(each)


async def same_again(life: Life, log: Log, discord: StandIn, plan: Plan) -> None:
    # Given a session, as it was recorded,
    tables = [
        Table.laid(life, log, kind, each, **OPTIONS.get(kind, {})) for each, (kind, _) in enumerate(plan)
    ]
    async with asyncio.TaskGroup() as group:
        for table, (_, end) in zip(tables, plan, strict=True):
            group.create_task(end(table))  # type: ignore[arg-type]
    # when it is played once more, with everything three times and in another order,
    others = [Table.laid(life, log, kind, len(plan) + each) for each, (kind, _) in enumerate(plan)]
    async with asyncio.TaskGroup() as group:
        for seed, (table, other) in enumerate(zip(tables, others, strict=True)):
            group.create_task(Again(table, other, seed).play())
    # also to a bot that remembers nothing but its log,
    latest = list(discord.desk.all.values())[-len(plan) :]
    await life.kill()
    for each in latest:
        discord.desk.send(each)
    # and all of it, at the end,
    discord.faults.redeliver(3, seed=1)
    await Table.laid(life, log, "tictactoe", -1).told("ping")
    for table in (*tables, *others):
        assert await table.settled(), table.difference()
    assert await life.end() == 0
    # then what has happened is the same.
    for table, other in zip(tables, others, strict=True):
        assert happened(other) == happened(table), f"{table.name}, {other.name}"
    forgive_second_answers(discord, restarted=True)


async def test_what_comes_again_in_another_order_changes_nothing(begin: Begin, discord: StandIn) -> None:
    await same_again(*await begin(), discord, SHORT)


@pytest.mark.slow
async def test_much_that_comes_again_changes_nothing(begin: Begin, discord: StandIn, rounds: int) -> None:
    plan = [(kind, end) for kind in CERTAIN for end in ends(kind) if end is not timeout]
    await same_again(*await begin(), discord, plan * rounds)
