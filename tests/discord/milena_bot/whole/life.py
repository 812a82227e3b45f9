"""The process of the bot, which can be killed at any time, and comes again."""

import asyncio
from collections.abc import Awaitable, Callable

from kit import StartMilena
from log import Log
from processes import Bot
from standin import StandIn

FREE = {
    "MILENA_LIMITS_GUILD": "0",
    "MILENA_LIMITS_CHANNEL": "0",
    "MILENA_LIMITS_MEMBER": "0",
    "MILENA_COOLDOWNS_LEADERBOARD": "0",
    "MILENA_THROTTLE_MEMBER": "0",
    "MILENA_THROTTLE_GUILD": "0",
}
"""People of tests are quicker than the throttle lets them be."""


class Life:
    """``up`` is set while it runs, as far as people know."""

    def __init__(self, discord: StandIn, start: StartMilena, **environment: str) -> None:
        self.discord, self.up, self.kills = discord, asyncio.Event(), 0
        self._start, self._environment = start, FREE | environment
        self._bot: Bot | None = None

    async def begin(self) -> None:
        self._bot = await self._start(**self._environment)
        await self.discord.ready()
        self.up.set()

    async def kill(self) -> None:
        """-9, and begin again."""
        assert self._bot is not None
        self.up.clear()
        await self._bot.kill()
        self.kills += 1
        await self.discord.until(lambda: not self.discord.gateway.connected())
        await self.begin()

    async def end(self) -> int:
        """SIGTERM; its exit status."""
        assert self._bot is not None
        self._bot.terminate()
        return await self._bot.ends()


Begin = Callable[..., Awaitable[tuple[Life, Log]]]
