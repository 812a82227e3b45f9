"""What can go wrong, on request: each fault once, or a schedule of many from a seed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from random import Random
from typing import TYPE_CHECKING, Literal

from .errors import MISSING_PERMISSIONS, Refusal, blameless
from .limits import Limited

if TYPE_CHECKING:
    from .interactions import Interaction
    from .server import StandIn

CLOUDFLARE = (
    "<!DOCTYPE html><html><head><title>Access denied | discord.com used Cloudflare</title></head></html>"
)
KINDS = (
    "drop",
    "reconnect",
    "invalid session",
    "invalid session, resumable",
    "close 4000",
    "handshake 503",
    "refuse",
    "500",
    "502",
    "503",
    "504",
    "limited",
    "limited globally",
    "slow",
    "reset",
    "answer lost",
    "redeliver",
)
"""What a random schedule is made of. Zombies, Cloudflare and lost permissions are asked for by name."""


@dataclass
class OnCall:
    """A fault that meets the next calls whose ``METHOD /route`` matches, as file names are matched."""

    kind: Literal["status", "limited", "refused", "slow", "reset"]
    match: str = "*"
    times: int = 1
    status: int = 500
    seconds: float = 0.0
    limited: Limited | None = None
    html: bool = False
    refusal: Refusal | None = None
    after: bool = False
    """The call is carried out first, and then its answer is lost."""

    def __str__(self) -> str:
        return f"{self.kind} {self.status}" if self.kind == "status" else self.kind


@dataclass(frozen=True)
class Step:
    """Of a schedule: wait, then do."""

    pause: float
    kind: str
    seed: int
    """For what the kind leaves open."""


class Faults:
    def __init__(self, discord: StandIn) -> None:
        self.discord = discord
        self.waiting: list[OnCall] = []
        self.met: list[str] = []
        """The faults that came about, in order."""
        self.repeat = 0
        """Each interaction is dispatched so many times more, at once."""
        self._held: list[Interaction] | None = None
        self._handshakes: list[int] = []

    # Calls.

    def status(self, status: int, match: str = "*", times: int = 1) -> None:
        self.waiting.append(OnCall("status", match, times, status))

    def limited(
        self,
        after: float = 0.1,
        match: str = "*",
        times: int = 1,
        *,
        scope: str = "user",
        cloudflare: bool = False,
    ) -> None:
        """429: of the route, of a ``shared`` resource, ``global``; from Cloudflare it has a page of HTML."""
        self.waiting.append(
            OnCall("limited", match, times, 429, limited=Limited(after, scope), html=cloudflare)
        )

    def slow(self, seconds: float, match: str = "*", times: int = 1, *, after: bool = False) -> None:
        """Before the call is carried out, or ``after``."""
        self.waiting.append(OnCall("slow", match, times, seconds=seconds, after=after))

    def reset(self, match: str = "*", times: int = 1, *, after: bool = False) -> None:
        """The connection is cut, before the call is carried out or ``after``."""
        self.waiting.append(OnCall("reset", match, times, after=after))

    def refuse_with(self, refusal: Refusal = MISSING_PERMISSIONS, match: str = "*", times: int = 1) -> None:
        """50013, 10008, 10003, 50027 and so on, of :mod:`.errors`."""
        self.waiting.append(OnCall("refused", match, times, refusal=blameless(refusal)))

    def clear(self) -> None:
        self.waiting.clear()
        self._handshakes.clear()

    def take(self, name: str) -> OnCall | None:
        """The fault that meets a call."""
        for each in self.waiting:
            if fnmatchcase(name, each.match):
                each.times -= 1
                if each.times <= 0:
                    self.waiting.remove(each)
                self.met.append(f"{each} {name}")
                return replace(each)
        return None

    # The gateway.

    def refuse_handshakes(self, status: int = 503, times: int = 1) -> None:
        """The next websockets are not opened."""
        self._handshakes += [status] * times

    def handshake(self) -> int | None:
        if not self._handshakes:
            return None
        self.met.append("handshake")
        return self._handshakes.pop(0)

    def shuffle_next_resume(self, seed: int) -> None:
        self.discord.gateway.shuffle = Random(seed)

    # Interactions.

    def deliver(self, interaction: Interaction) -> bool:
        """Dispatch as the faults want it; False when no bot is there to get it."""
        if self._held is not None:
            self._held.append(interaction)
            return True
        there = [self.discord.desk.send(interaction) for _ in range(1 + self.repeat)]
        return any(there)

    def hold(self) -> None:
        """Interactions are kept back from now on."""
        self._held = []

    def release(self, seed: int | None = None) -> None:
        """Deliver what was held; with a seed in another order."""
        held, self._held = self._held or [], None
        if seed is not None:
            Random(seed).shuffle(held)
        for each in held:
            self.deliver(each)

    def redeliver(self, times: int = 1, seed: int = 0, last: int | None = None) -> None:
        """Deliver the interactions there were (the ``last`` so many) again, in another order."""
        every = list(self.discord.desk.all.values())
        again = every[-last:] * times if last else every * times
        Random(seed).shuffle(again)
        for each in again:
            self.discord.desk.send(each)

    # Schedules.

    @staticmethod
    def random(seed: int, number: int, *, pause: float = 0.05, kinds: Sequence[str] = KINDS) -> list[Step]:
        """``number`` faults, ``pause`` seconds apart on average: the same for the same seed."""
        chance = Random(seed)
        return [
            Step(chance.uniform(0, 2 * pause), chance.choice(kinds), chance.getrandbits(32))
            for _ in range(number)
        ]

    async def run(self, schedule: Sequence[Step]) -> None:
        for step in schedule:
            await asyncio.sleep(step.pause)
            await self.do(step)

    async def do(self, step: Step) -> None:
        gateway, chance = self.discord.gateway, Random(step.seed)
        self.met.append(step.kind)
        match step.kind:
            case "drop":
                gateway.drop()
            case "reconnect":
                gateway.reconnect()
            case "invalid session":
                gateway.invalidate()
            case "invalid session, resumable":
                gateway.invalidate(resumable=True)
            case "close 4000":
                gateway.close(4000)
            case "handshake 503":
                self.refuse_handshakes(503)
                gateway.drop()
            case "refuse":
                await self.discord.refuse()
                gateway.drop()
                await asyncio.sleep(chance.uniform(0.05, 0.3))
                await self.discord.accept()
            case "500" | "502" | "503" | "504":
                self.status(int(step.kind))
            case "limited":
                self.limited(chance.uniform(0.05, 0.5))
            case "limited globally":
                self.limited(chance.uniform(0.05, 0.3), scope="global")
            case "cloudflare":
                self.limited(0.1, cloudflare=True)
            case "slow":
                self.slow(chance.uniform(0.05, 1.0), after=chance.random() < 0.5)
            case "reset":
                self.reset()
            case "answer lost":
                self.reset(after=True)
            case "redeliver":
                self.redeliver(1, step.seed, last=5)
            case "zombie":
                gateway.zombie()
            case _:
                raise ValueError(step.kind)
