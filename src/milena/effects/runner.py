"""The runner: finds what is to be done, has it done, and records what came of it.

It follows the log, so it also does what other processes intended, and what was left by one that was stopped:
an effect that has no end yet may have been done, or not, and is done again; who does it knows how to. What
one target is concerned by happens in the order of the log, what concerns others beside it.
"""

import asyncio
import logging
import time
from collections import deque
from typing import Any

import msgspec
from msgspec import Struct

from milena.aggregates import EFFECTS
from milena.domain.command import Invocation
from milena.domain.effect import Effect, EffectIntended, What
from milena.domain.ids import InvocationId, new_id
from milena.effects.world import Impossible, NotNow, World
from milena.engine import Engine
from milena.home import Home
from milena.ops.backoff import Backoff
from milena.ops.errors import classify
from milena.store import StoreError
from milena.store.lookup import begun_only

log = logging.getLogger(__name__)

TICK = 0.1
"""Seconds between two looks at the log."""
SEARCH = 600.0
"""Seconds between two searches for what is still open, such as at a place that came back."""
FEW = 50
"""Events that are read where one is: another thread would be waited for longer."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until what went wrong is tried again."""
TRIES = 3
"""Of what raises something that nobody foresaw, before it has failed: it may be a moment's, such as half an
answer."""
ONCE: frozenset[What] = frozenset({"purge"})
"""What must not be begun twice."""
AT_ONCE = 8
"""So many effects are done at a time."""
PATIENCE: dict[What, int] = {"message": 24 * 3600}
HOUR = 3600
"""Seconds since it was asked for after which something is not tried any more: an hour, if not said here."""


class Pending(Struct, frozen=True):
    """``position``, ``correlation`` and ``time`` are those of the intent; ``again``: it may be done."""

    effect: Effect
    position: int
    correlation: str
    time: int
    again: bool

    @property
    def target(self) -> str:
        """What must not be overtaken by a later effect on the same: a member of a guild, or a channel."""
        guild = self.effect.place.partition("/")[0]
        member = self.effect.data.member
        return f"{guild} {member}" if member and self.effect.what != "purge" else self.effect.place


class Runner:
    """Does through ``world`` what is intended in the log of ``home``; ``engine`` records what came of it."""

    def __init__(self, home: Home, engine: Engine, world: World) -> None:
        self._store = home.store
        self._engine = engine
        self._world = world
        self._clock = home.vault.player("machine", "clock")
        self._position = 0
        self._searched: float | None = None
        self._lanes: dict[str, deque[Pending]] = {}
        """What is to be done, by its target; the first of each lane is being done."""
        self._known: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking = asyncio.Lock()
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Go on until it is cancelled. What is being done then is left, and found again at the next start."""
        backoff = Backoff(2 * TICK, LONGEST_PAUSE)
        try:
            while True:
                pause = TICK
                try:
                    await self.look()
                    if backoff.tries:
                        log.warning("effects wait no longer")
                    backoff.over()
                except Exception as error:  # whatever it is, what is wanted must not be forgotten
                    if not backoff.tries:
                        known = isinstance(error, StoreError)
                        log.error("effects have to wait: %s", error, exc_info=None if known else error)
                    pause = backoff.pause()
                await asyncio.sleep(pause)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def look(self) -> None:
        """Begin with what is new, in the order of the log. Raises StoreError."""
        async with self._looking:
            head, search = self._store.head().position, self._is_to_search()
            if search or head - self._position > FEW:
                found = await asyncio.to_thread(self._find, head, search)
            else:
                found = self._find(head, search)
            for pending in found:
                if self._world.serves(pending.effect.place):
                    self._begin(pending)

    def _begin(self, pending: Pending) -> None:
        self._known.add(pending.effect.key)
        lane = self._lanes.get(pending.target)
        if lane is not None:
            lane.append(pending)
            return
        self._lanes[pending.target] = deque([pending])
        task = asyncio.create_task(self._go_through(pending.target))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def done(self) -> None:
        """Wait until all that was begun has an end, and all that follows from it."""
        await self.look()
        while self._tasks:
            await asyncio.gather(*self._tasks)
            await self.look()

    # ------------------------------------------------------------------------------------- finding

    def _is_to_search(self) -> bool:
        return self._searched is None or time.monotonic() - self._searched >= SEARCH

    def _find(self, head: int, search: bool) -> list[Pending]:
        found: list[Pending] = []
        if self._searched is not None and head > self._position:
            rows = self._store.rows(
                "SELECT stream FROM events WHERE position > ? AND position <= ? AND tag = ? "
                "ORDER BY position",
                (self._position, head, EffectIntended.tag),
            )
            found += self._pending([row[0].partition(":")[2] for row in rows], head, again=False)
        if search:
            seen = {each.effect.key for each in found}
            keys = [key for key in begun_only(self._store, EFFECTS.kind) if key not in seen]
            found = [*self._pending(keys, head, again=True), *found]
            self._searched = time.monotonic()
        self._position = head
        return found

    def _pending(self, keys: list[str], head: int, *, again: bool) -> list[Pending]:
        """Those of these effects that have no end, as far as they can be read."""
        found = []
        for key in keys:
            if key in self._known:
                continue
            try:
                effect: Effect = self._store.fold(EFFECTS, key).state
                [row] = self._store.stream(f"{EFFECTS.kind}:{key}", upto=1)
            except StoreError as error:
                log.error("effect %s can't be read, and is not done: %s", key, error, extra={"error": error})
                continue
            if effect.status == "pending" and row.position <= head:
                found.append(Pending(effect, row.position, row.correlation, row.time, again))
        return found

    # --------------------------------------------------------------------------------------- doing

    async def _go_through(self, target: str) -> None:
        lane = self._lanes[target]
        try:
            while lane:
                await self._do(lane[0])
                self._known.discard(lane.popleft().effect.key)
        finally:
            del self._lanes[target]

    async def _do(self, pending: Pending) -> None:
        """Do one, and record what came of it."""
        effect, again, backoff = pending.effect, pending.again, Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        gives_up, bugs = pending.time / 1000 + PATIENCE.get(effect.what, HOUR), 0
        while True:
            if time.time() > gives_up:
                sentence = "It could not be done in time, and is not tried any more; ask for it again."
                await self._record(pending, code="given_up", sentence=sentence)
                return
            try:
                async with self._slots:
                    result = await self._world.perform(effect, again)
                if backoff.tries:
                    log.warning("effect %s (%s) is done after all", effect.key, effect.what)
                await self._record(pending, result=result)
                return
            except Impossible as no:
                log.info("effect %s (%s) can't be done: %s", effect.key, effect.what, no)
                await self._record(pending, code=no.code, sentence=no.sentence)
                return
            except Exception as error:
                if _passes(error):
                    if not backoff.tries:
                        log.warning("effect %s (%s) has to wait: %s", effect.key, effect.what, error)
                    await asyncio.sleep(backoff.pause())
                    again = True
                    continue
                bugs += 1
                if bugs < TRIES and effect.what not in ONCE and classify(error) == "bug":
                    log.warning(
                        "effect %s (%s) failed, and is tried again", effect.key, effect.what, exc_info=error
                    )
                    await asyncio.sleep(backoff.pause())
                    again = True
                    continue
                sentence = f"Something went wrong. Tell the operator: {effect.key[-8:]}."
                log.exception(
                    "effect %s (%s) failed", effect.key, effect.what,
                    extra={"error_id": effect.key[-8:], "told": sentence, "correlation": pending.correlation},
                )  # fmt: skip
                await self._record(pending, code="bug", sentence=sentence)
                return

    async def _record(self, pending: Pending, **end: Any) -> None:
        """Until it is in the log. The id is made of the effect's: of two processes, one records it."""
        key, backoff = pending.effect.key, Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        invocation = Invocation(
            InvocationId(f"{key}-settled"), "effect settle", {"effect": key, **end}, self._clock,
            pending.effect.place, round(time.time() * 1000), (pending.correlation, pending.position),
        )  # fmt: skip
        while True:
            answer = await self._engine.execute(invocation)
            if answer.verdict == "accepted" or answer.code == "not_pending":
                return
            if answer.code not in ("busy", "unavailable"):  # a new id: this one has its answer for ever
                log.error("the end of effect %s can't be recorded: %s", key, answer.sentence)
                invocation = msgspec.structs.replace(invocation, id=InvocationId(new_id()))
            await asyncio.sleep(backoff.pause())


def _passes(error: Exception) -> bool:
    """Whether it is nobody's mistake, and over some time: Discord, the network, the disk, memory."""
    return isinstance(error, NotNow) or classify(error) in ("network", "resource")
