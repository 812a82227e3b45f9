"""A world for tests: it remembers what was to be done, and fails as it is told to."""

import asyncio
from collections import deque
from typing import Any

from milena.domain.effect import Effect
from milena.domain.ids import Place


class Outside:
    """``tried``: the member or place of each try, and whether it may have been done before. ``troubles`` are
    raised, the first one first; nobody gets past ``closed`` doors (members) until they open."""

    def __init__(self, *troubles: Exception, guild: str = "") -> None:
        self.tried: list[tuple[str, bool]] = []
        self.done: list[str] = []
        self.troubles = deque(troubles)
        self.closed: dict[str, asyncio.Event] = {}
        self.arrived = asyncio.Event()
        self._guild = guild

    def serves(self, place: Place) -> bool:
        return place.startswith(self._guild)

    async def perform(self, effect: Effect, again: bool) -> dict[str, Any]:
        whom = f"{effect.what} {effect.data.member or effect.place}"
        self.tried.append((whom, again))
        if effect.data.member in self.closed:
            self.arrived.set()
            await self.closed[effect.data.member].wait()
        if self.troubles:
            raise self.troubles.popleft()
        self.done.append(whom)
        return {"number": len(self.done)}
