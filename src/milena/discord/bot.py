"""Milena on Discord: what listens, what answers and what draws, put together."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from milena.discord import drawing
from milena.discord.calling import Caller
from milena.discord.client import Client, Shards
from milena.discord.declaration import declaration
from milena.discord.doing import Doer
from milena.discord.guilds import Guilds
from milena.discord.histories import Histories
from milena.discord.people import People
from milena.discord.receiving import Receiver
from milena.discord.rest import Rest
from milena.discord.syncing import sync
from milena.discord.tables import Tables
from milena.engine import Engine
from milena.home import Home
from milena.readside import ReadSide
from milena.slash.installed import installed
from milena.suggesting import Suggestions

log = logging.getLogger(__name__)

DRAIN = 4.0
"""Seconds for answers that are being made when Milena leaves."""


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
        self._home, self._rest = home, rest
        self._slashes = installed()
        self.guilds = Guilds()
        people = People(home.vault, self.guilds)
        seeing, suggestions = home.seeing(engine, readside), Suggestions(home, readside)
        tables = Tables(Histories(home.store), drawing.People(home.vault.name, people.discord))
        caller = Caller(engine, seeing, suggestions, people, tables, self._slashes, home.vault.name)
        self._receiver = Receiver(rest, caller, Doer(caller, tables), lambda: rest.ahead)
        self._client = Client(token, rest, shards, self._happened)
        self._tasks: set[asyncio.Task[None]] = set()
        self._synced = False

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
        await self._client.stop()

    def _happened(self, event: str, data: dict[str, Any]) -> None:
        """Every event of the gateway."""
        if event == "INTERACTION_CREATE":
            self._receiver.received(data)
            return
        self.guilds.happened(event, data)
        if event == "READY" and data["shard"][0] == 0 and not self._synced:
            self._synced = True  # once, and by the process of the first shard
            commands, home = declaration(self._slashes), self._home.path
            self._spawn(sync(self._rest, self._rest.base, data["application"]["id"], commands, home))

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
