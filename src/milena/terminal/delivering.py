"""Effects in a terminal: messages are printed where somebody types; there is nothing else outside."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from milena.domain.effect import Effect
from milena.domain.ids import HOUSE, Place
from milena.effects.runner import Runner
from milena.effects.telling import telling
from milena.effects.world import Impossible
from milena.engine import Engine
from milena.home import Home
from milena.terminal.calling import in_words
from milena.terminal.clock import now
from milena.terminal.results import chart


class Terminal:
    """A :class:`milena.effects.world.World` that prints, through ``tell``. Places of Discord, whose guilds
    are numbers, and direct messages there, are not the terminal's; nor is what the operator is told there."""

    def __init__(self, home: Home, tell: Callable[[RenderableType], None]) -> None:
        self._home = home
        self._tell = tell

    def serves(self, place: Place) -> bool:
        guild = place.partition("/")[0]
        return not guild.isdecimal() and not guild.startswith("dm-") and guild != HOUSE

    async def perform(self, effect: Effect, again: bool) -> dict[str, Any]:
        if effect.what != "message":
            raise Impossible(
                "terminal", f"In a terminal there is nobody to {effect.what}; on Discord it would be done."
            )
        name, told = self._home.vault.name, telling(self._home.store, effect)
        alone = ", privately" * effect.data.privately
        who = f"{name(told.member)}{alone}: " if told.member else ""
        self._tell(Text(who + in_words(told.text, name, now())))
        if told.chart is not None:
            self._tell(chart(told.chart, name))
        return {}


class Delivering:
    """Prints, while it is open, what comes: ``with Delivering(home, engine, print) as delivering``."""

    def __init__(self, home: Home, engine: Engine, tell: Callable[[RenderableType], None]) -> None:
        self._loop = asyncio.new_event_loop()
        self._runner = Runner(home, engine, Terminal(home, tell))
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="milena-delivering", daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def __enter__(self) -> "Delivering":
        self._thread.start()
        self._loop.call_soon_threadsafe(self._begin)
        return self

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._runner.run())

    def flush(self) -> None:
        """Print what came of all that was asked before. Raises StoreError."""
        asyncio.run_coroutine_threadsafe(self._runner.done(), self._loop).result()

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
