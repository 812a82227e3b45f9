"""``milena run``: everything that lives in one process, from its start to SIGTERM."""

import asyncio
import gc
import linecache
import logging
import signal
from contextlib import ExitStack, suppress

from milena import __version__
from milena.discord.bot import Bot
from milena.discord.calls import ApiError
from milena.discord.claiming import claimed
from milena.discord.client import AGENT, Shards
from milena.discord.rest import API, Rest
from milena.discord.shard import FOR_EVER, CannotRun
from milena.discord.watching import watched
from milena.home import Home
from milena.machines.following import Machines
from milena.store import Head

log = logging.getLogger(__name__)

UNAUTHORIZED = 401

__all__ = ["API", "CannotRun", "Shards", "run"]


def run(home: Home, token: str, api: str = API, shards: Shards | None = None) -> None:
    """Until SIGTERM or SIGINT. Raises CannotRun."""
    readside = home.readside()
    with ExitStack() as stack:
        stack.enter_context(claimed(home.path, shards or Shards()))
        follower = stack.enter_context(readside.follower())
        bots: list[Bot] = []

        def wake(head: Head) -> None:
            for bot in bots:
                bot.wake(head)

        engine = stack.enter_context(home.engine(follower.wake, wake))
        scheduler = stack.enter_context(home.scheduler(engine))
        machines = stack.enter_context(Machines(home, engine))
        stack.enter_context(home.backups())
        late = stack.enter_context(watched(home, engine, scheduler, follower, machines, bots, shards))

        async def serve() -> None:
            late.loop = asyncio.get_running_loop()
            async with Rest(token, f"{AGENT}/{__version__}", api, engine.meter) as rest:
                bots.append(Bot(home, engine, readside, rest, token, shards or Shards()))
                _settle()
                await _serve(bots[0])

        asyncio.run(serve())


def _settle() -> None:
    """What has been imported stays for good: the garbage collector need not look at it again, and the source
    of code that was generated, which only tracebacks would show, is forgotten."""
    linecache.clearcache()
    gc.collect()
    gc.freeze()


async def _serve(bot: Bot) -> None:
    leaving = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked(signal: signal.Signals) -> None:
        log.info("%s: milena finishes what is begun, and ends", signal.name)
        leaving.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked, number)
    running, waiting = asyncio.ensure_future(bot.run()), asyncio.ensure_future(leaving.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if leaving.is_set():
        await bot.leave()
        running.cancel()  # who still waits for Discord's first word has nobody to take leave of
    waiting.cancel()
    try:
        with suppress(asyncio.CancelledError):
            await running
    except ApiError as error:
        if error.status == UNAUTHORIZED:
            raise CannotRun(FOR_EVER[4004], for_ever=True) from None
        raise CannotRun(f"Discord refuses: {error}.") from None
