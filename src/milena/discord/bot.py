"""Milena on Discord: what listens, what answers and what draws, put together."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from milena.aggregates import DIGESTS
from milena.digest import Herald, lines, report
from milena.discord import drawing
from milena.discord.acts import Acts
from milena.discord.boards import Boards
from milena.discord.calling import Caller
from milena.discord.client import Client, Shards
from milena.discord.declaration import declaration
from milena.discord.doing import Doer
from milena.discord.guilds import Guilds
from milena.discord.histories import Histories
from milena.discord.people import DIRECT, People
from milena.discord.receiving import Receiver
from milena.discord.rest import Rest
from milena.discord.syncing import sync
from milena.discord.tables import Tables
from milena.domain.effect import Effect
from milena.domain.ids import HOUSE, Place
from milena.effects.runner import Runner
from milena.effects.telling import Telling, telling
from milena.engine import Engine
from milena.home import Home
from milena.readside import ReadSide
from milena.slash.installed import installed
from milena.suggesting import Suggestions

log = logging.getLogger(__name__)

DRAIN, DRAWING = 4.0, 1.5
"""Seconds for answers that are being made when Milena leaves, and for boards."""


class Bot:
    """``await bot.run()`` until :meth:`leave`. Raises CannotRun."""

    def __init__(
        self,
        home: Home,
        engine: Engine,
        readside: ReadSide,
        rest: Rest,
        token: str,
        shards: Shards,
    ) -> None:
        self._home, self._engine, self._readside, self._rest = home, engine, readside, rest
        self._slashes = installed()
        self.guilds = Guilds()
        people = People(home.vault, self.guilds)
        seeing, suggestions = home.seeing(engine, readside), Suggestions(home, readside)
        self._client = Client(token, rest, shards, self._happened)
        histories, names = Histories(home.store), drawing.People(home.vault.name, people.discord)
        # Who serves other shards has shown the log up to somewhere else.
        mark = f"boards-{shards.first}-{shards.last}-{shards.total}" if shards.total else "boards"
        self._boards = Boards(home, engine, rest, histories, names, self._has, mark)
        tables = Tables(histories, names)
        acts = Acts(rest, home.store, home.vault, self._serves, self._telling)
        self._effects, self._herald = Runner(home, engine, acts), Herald(home, engine, acts)
        caller = Caller(engine, seeing, suggestions, rest.fetch, people, tables, self._boards, self._slashes)
        self._receiver = Receiver(rest, caller, Doer(caller), lambda: rest.ahead)
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun = False
        self.wake = self._boards.wake

    @property
    def connected(self) -> bool:
        """Whether all shards of this process are."""
        return self._client.connected

    def slow_boards(self, seconds: float) -> None:
        """Look at the boards that often only; 0: as usual."""
        self._boards.pause = seconds

    async def run(self) -> None:
        try:
            await self._client.astart()
        finally:
            for task in self._tasks:
                task.cancel()

    async def leave(self) -> None:
        """Take no more work, finish what is begun, say good-bye."""
        self._receiver.leave()
        await self._receiver.drain(DRAIN)
        for task in self._tasks:
            task.cancel()
        await self._boards.close(DRAWING)
        await self._client.stop()

    def _happened(self, event: str, data: dict[str, Any]) -> None:
        """Every event of the gateway."""
        if event == "INTERACTION_CREATE":
            self._receiver.received(data)
            return
        self.guilds.happened(event, data)
        if event == "READY" and not self._begun:
            self._begun = True
            self._begin(data["application"]["id"])

    def _begin(self, application: str) -> None:
        """What goes on beside the answers, once Discord is there."""
        self._spawn(self._boards.run())
        self._spawn(self._effects.run())
        if self._client.here.first == 0:  # of several processes one tells the commands, and the operator
            if self._home.config.digest.channel:
                self._spawn(self._herald.run())
            commands = declaration(self._slashes)
            self._spawn(sync(self._rest, self._rest.base, application, commands, self._home.path))

    def _has(self, guild: str) -> bool:
        return guild in self._client.here

    def _serves(self, place: Place) -> bool:
        guild = place.partition("/")[0]
        if guild == HOUSE:
            return self._client.here.first == 0
        return (guild.isdecimal() or guild.startswith(DIRECT)) and self._has(guild)

    def _telling(self, effect: Effect, locale: str) -> Telling:
        """Raises Impossible."""
        what, _, kind = effect.about.partition(":")
        if what != DIGESTS.kind:
            return telling(self._home.store, effect, locale)
        span = effect.data.after, effect.data.before
        found = report(self._home, self._readside, *span, self._engine.trouble)
        return Telling("\n".join(lines(found, urgent=kind == "urgent")))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        async def guarded() -> None:
            with suppress(asyncio.CancelledError):
                try:
                    await work
                except Exception:
                    log.exception("something beside the games failed")

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
