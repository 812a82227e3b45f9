"""A shard: connected to the gateway, again and again, for as long as Milena runs.

Every connection is made here: the first one, and the one after each that was lost. It resumes the session
where there is one, so that nothing is missed. Each outage is told twice: what was lost, and what came back.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from interactions.api.gateway.state import ConnectionState
from interactions.client.errors import WebSocketClosed

from milena.discord.gateway import Gateway, Lost, Session
from milena.ops.errors import Kind

if TYPE_CHECKING:
    from milena.discord.client import Client

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
"""Seconds before a further try: each time twice as long."""
LEAVING = 3.0
"""Seconds for a good-bye."""

Happened = Callable[[str, dict[str, Any]], None]
"""Gets an event's name (``INTERACTION_CREATE``) and its data."""

FOR_EVER = {
    4004: "Discord does not accept the token; use that of the developer portal, under Bot (Reset Token).",
    4010: "Discord has no such shard: see --shards.",
    4011: "Milena is in too many guilds for so few shards: run more, with --shards.",
    4012: "Discord does not know this version of its gateway any more: upgrade Milena.",
    4013: "Discord does not know the intents that Milena asks for: upgrade Milena.",
    4014: "Discord does not allow the intents that Milena asks for: enable them in the developer portal.",
}
"""What no further try can change."""


class CannotRun(Exception):
    """Why Milena can't be on Discord, in one sentence with the remedy. ``for_ever``: no further try helps."""

    failure: Kind = "user"

    def __init__(self, sentence: str, *, for_ever: bool = False) -> None:
        super().__init__(sentence)
        self.for_ever = for_ever


class Shard(ConnectionState):
    """Shard ``shard_id`` of ``client``; ``tell`` gets all events, ``identify`` waits until it may start a
    session."""

    def __init__(
        self, client: "Client", shard_id: int, tell: Happened, identify: Callable[[int], Awaitable[None]]
    ) -> None:
        super().__init__(client=client, intents=client.intents, shard_id=shard_id)
        self.leaving = False
        self.ready = asyncio.Event()
        self._tell, self._identify = tell, identify
        self._session: Session | None = None
        self._open: Gateway | None = None
        self._lost_at = 0.0
        """Since when there is no connection; 0 where there is one, or never was."""
        self._tries = 0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Stay connected, until :meth:`stop`. Raises CannotRun."""
        self._task = asyncio.current_task()
        url = self.gateway_url
        while not self.leaving:
            self.gateway_url = self._session.url if self._session else url
            self.gateway = self._open = gateway = Gateway(self, self._session)
            try:
                await self._serve(gateway)
                lost = Lost("it ended")
            except Lost as error:
                lost = error
            except WebSocketClosed as closed:
                if closed.code in FOR_EVER:
                    raise CannotRun(FOR_EVER[closed.code], for_ever=True) from None
                lost = Lost(f"code {closed.code}")
            except (
                Exception
            ) as error:  # of the network, or the library's own: the next connection may be well
                lost = Lost(f"{type(error).__name__} {error}".strip())
            if not self.leaving:
                self._session = gateway.session if lost.resumable else None
                await self._pause(lost)

    async def stop(self) -> None:
        """Say good-bye, which ends the session."""
        self.leaving = True
        task = self._task
        if task is None or task.done():
            return
        if self.ready.is_set() and self._open is not None:
            self._open.close()
            await asyncio.wait({task}, timeout=LEAVING)
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task

    async def may_identify(self) -> None:
        await self._identify(self.shard_id)

    def happened(self, event: str, data: dict[str, Any]) -> None:
        """An event came."""
        if event in ("READY", "RESUMED"):
            self._came_back(event)
        self._tell(event, data)

    async def _serve(self, gateway: Gateway) -> None:
        try:
            await gateway.__aenter__()
        except BaseException:
            if gateway.ws is not None:
                await gateway.ws.close()
            raise
        try:
            await gateway.run()
        finally:
            self.ready.clear()
            await gateway.__aexit__(None, None, None)

    def _came_back(self, event: str) -> None:
        self.ready.set()
        self._tries = 0
        if not self._lost_at:
            log.info("shard %d is connected", self.shard_id)
            return
        lasted = time.monotonic() - self._lost_at
        self._lost_at = 0.0
        if event == "RESUMED":
            log.warning("shard %d has resumed after %.1f s; nothing was missed", self.shard_id, lasted)
        else:
            log.warning(
                "shard %d has a new session after %.1f s; what people did meanwhile was not heard",
                self.shard_id, lasted,
            )  # fmt: skip

    async def _pause(self, lost: Lost) -> None:
        if not self._lost_at:
            self._lost_at = time.monotonic()
            log.warning("shard %d has lost the gateway (%s) and connects again", self.shard_id, lost.why)
        pause = lost.pause
        if self._tries:
            pause = max(pause, min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._tries - 1, 10)))
            pause *= random.uniform(0.7, 1.3)  # noqa: S311
        self._tries += 1
        await asyncio.sleep(pause)
