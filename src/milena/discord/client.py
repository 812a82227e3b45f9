"""Milena's client of the gateway: the shards of this process, and when each may start a session.

Of interactions.py it is the part that talks to the gateway. Commands, caches, contexts and the library's own
REST client are not used: what happens is handed on as raw data, and all else is asked through Calls.

https://docs.discord.com/developers/events/gateway#sharding
"""

import asyncio
import logging
import time
from collections import defaultdict
from typing import Any

import aiohttp
from interactions import AutoShardedClient, Intents
from interactions.api.http.http_client import HTTPClient
from interactions.client.const import __repo_url__, __version__
from msgspec import Struct
from msgspec.structs import replace

from milena.discord.calls import ApiError
from milena.discord.gateway import QUERY
from milena.discord.rest import Rest
from milena.discord.shard import CannotRun, Happened, Shard

log = logging.getLogger(__name__)

AGENT = f"DiscordBot ({__repo_url__}, {__version__}) Milena"
INTENTS = Intents.GUILDS
"""Interactions come without any. Guilds tell who owns one, and that Milena was removed from it."""
BETWEEN = 5.0
"""Seconds between two sessions that are started in one bucket."""
TOO_MANY = 429
QUICKLY = 2.0
"""Seconds for a question whose answer was known before, and has hardly changed."""
CLOSING = 2.0
"""Seconds that a closing handshake may take."""


class Shards(Struct, frozen=True):
    """Which shards run here: ``first`` to ``last`` of ``total``. 0 of them: as many as Discord wants."""

    first: int = 0
    last: int = -1
    total: int = 0

    def __contains__(self, guild: str) -> bool:
        """Whether a guild is served here. Direct messages come to shard 0."""
        if not self.total:
            return False
        shard = (int(guild) >> 22) % self.total if guild.isdecimal() else 0
        return self.first <= shard <= self.last


class Start(Struct, frozen=True):
    """What /gateway/bot tells. ``buckets``: so many sessions may be started at a time."""

    url: str
    shards: int
    remaining: int
    reset_after: float
    buckets: int


class Client(AutoShardedClient):
    """``await client.astart()`` runs until :meth:`stop`; ``happened`` gets every event. Raises CannotRun, or
    ApiError where Discord can't be asked."""

    def __init__(self, token: str, rest: Rest, shards: Shards, happened: Happened) -> None:
        quiet = logging.getLogger("interactions")
        quiet.setLevel(logging.ERROR)  # what it has to say of connections is said here
        super().__init__(token=token, intents=INTENTS, logger=quiet, send_command_tracebacks=False)
        self.http = _Wire(rest, token)
        self.here = shards
        self.shards_here: list[Shard] = []
        self._rest, self._happened = rest, happened
        self._last: dict[int, float] = defaultdict(lambda: -BETWEEN)
        self._buckets: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def astart(self, token: str | None = None) -> None:
        start = self._known = await self._ask_first()
        if not self.here.total:
            self.here = Shards(0, start.shards - 1, start.shards)
        self.total_shards = self.here.total
        self.shards_here = [
            Shard(self, number, self._happened, self._may_identify)
            for number in range(self.here.first, self.here.last + 1)
        ]
        self._connection_states = list(self.shards_here)
        try:
            async with asyncio.TaskGroup() as group:
                for shard in self.shards_here:
                    shard.gateway_url = f"{start.url}?{QUERY}"
                    group.create_task(shard.start())
        except BaseExceptionGroup as errors:
            known, _ = errors.split(CannotRun)
            raise (known or errors).exceptions[0] from None

    async def stop(self) -> None:
        """Close the gateway. What :meth:`astart` waits for ends."""
        await asyncio.gather(*(shard.stop() for shard in self.shards_here))

    @property
    def connected(self) -> bool:
        """Whether all its shards are."""
        return bool(self.shards_here) and all(shard.ready.is_set() for shard in self.shards_here)

    async def _ask_first(self) -> Start:
        """What /gateway/bot tells, however long it takes. Raises ApiError where Discord refuses."""
        while True:
            try:
                return await self._ask()
            except ApiError as error:
                if 400 <= error.status < 500 and error.status != TOO_MANY:
                    raise
                log.error("Discord can't be reached, which is tried again: %s", error)

    async def _ask(self, patience: float = 60.0) -> Start:
        said: dict[str, Any] = await self._rest.request("GET", "/gateway/bot", patience=patience)
        limit = said["session_start_limit"]
        return Start(
            said["url"],
            said["shards"],
            limit["remaining"],
            limit["reset_after"] / 1000,
            max(1, limit["max_concurrency"]),
        )

    async def _may_identify(self, shard: int) -> None:
        """Wait until a shard may start a session. One too many would cost the token."""
        try:
            self._known = await self._ask(QUICKLY)
        except ApiError as error:
            log.warning("Discord does not say how many sessions may be started (%s)", error)
        if self._known.remaining < 1:
            log.error("Discord lets no more sessions be started for %.0f s: waiting", self._known.reset_after)
            await asyncio.sleep(self._known.reset_after)
        bucket = shard % self._known.buckets
        async with self._buckets[bucket]:
            await asyncio.sleep(max(0.0, self._last[bucket] + BETWEEN - time.monotonic()))
            self._last[bucket] = time.monotonic()
            self._known = replace(self._known, remaining=self._known.remaining - 1)


class _Wire(HTTPClient):
    """Opens websockets with our HTTP session: of the library's REST client only that is used."""

    def __init__(self, rest: Rest, token: str) -> None:
        super().__init__()
        self.token, self._rest = token, rest

    @property
    def closed(self) -> bool:
        return self._rest.session.closed

    async def websocket_connect(self, url: str) -> aiohttp.ClientWebSocketResponse:
        return await self._rest.session.ws_connect(
            url,
            timeout=aiohttp.ClientWSTimeout(ws_close=CLOSING),
            max_msg_size=0,
            autoclose=False,
            headers={"User-Agent": self._rest.agent},
        )
