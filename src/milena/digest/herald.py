"""The herald: posts a digest to the operator's channel each day, and at once what is urgent.

What was told up to when is in the log, and so is each post, as an effect: a restart neither loses nor doubles
one. What comes while it may not be told yet, so that a flood of failures is no flood of messages, is in the
next post. Only that the log can't be written is told without it.
"""

import asyncio
import logging
import random
import time

from milena.aggregates import DIGESTS, EFFECTS
from milena.digest.report import crossings
from milena.domain.command import Invocation
from milena.domain.digest import Digest, latest
from milena.domain.effect import Details, Effect
from milena.domain.ids import HOUSE, InvocationId, Place, new_id
from milena.domain.reminder import zone
from milena.effects.world import Impossible, NotNow, World
from milena.engine import Engine
from milena.home import Home
from milena.ops.errors import FILE
from milena.ops.errors_db import happened
from milena.store import StoreError

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks, or less where that often may be told."""
LATER = 1.2
"""So much longer, at most, than it has to be it is waited: by chance, so that nothing keeps step."""
BACKUPS = "milena.ops.backup.schedule"
"""Who logs that a backup failed, which is urgent each time."""
REMEDY = "Set digest.channel right, or let Milena view that channel and send messages there."


class Herald:
    """``world`` posts; it is used only while the log can't be written. Run it where effects of the house are
    done, and once."""

    def __init__(self, home: Home, engine: Engine, world: World) -> None:
        self._settings = home.config.digest
        self._home, self._engine, self._world = home, engine, world
        self._channel = str(self._settings.channel)
        self._clock = home.vault.player("machine", "clock")
        self._between = 1000 * 60 * self._settings.urgent
        self._wait = self._between * random.uniform(1, LATER)  # noqa: S311
        self._trouble_told = -self._wait
        """When, in ms; by its own clock."""
        self._in_trouble = False
        self._failed = ""
        self._held = False

    async def run(self) -> None:
        """Go on until it is cancelled."""
        look = min(LOOK, self._settings.urgent * 60 / 2 or LOOK)
        while True:
            try:
                await self.turn(round(time.time() * 1000))
                self._failed = ""
            except Exception as error:  # whatever it is, the next look may go well
                if self._failed != repr(error):
                    known = isinstance(error, StoreError)
                    log.error("no digest can be posted: %s", error, exc_info=None if known else error)
                self._failed = repr(error)
            await asyncio.sleep(look * random.uniform(1, LATER))  # noqa: S311

    async def turn(self, now: int) -> None:
        """Post what is due. Raises StoreError."""
        if self._engine.trouble:
            await self._tell_trouble(now)
            return
        told: Digest = await asyncio.to_thread(lambda: self._engine.read(DIGESTS.kind, self._channel).state)
        slot = latest(self._settings.at, zone(self._settings.zone), now)
        if told.slot < slot:
            await self._post(slot, now, f"digest-{self._channel}-{slot}")
        elif self._may(told, now) and await asyncio.to_thread(self._is_urgent, told, now):
            await self._post(0, now, f"digest-{self._channel}-after-{told.told}")

    def _may(self, told: Digest, now: int) -> bool:
        """Whether what is urgent may be told: not too soon after the last post."""
        return bool(self._between) and now - told.told >= self._wait

    def _is_lost(self, told: Digest) -> bool:
        """Whether the last post could not be made, which is said once."""
        effect: Effect = self._engine.read(EFFECTS.kind, told.effect).state
        lost = effect.status == "failed"
        if lost and not self._held:
            log.warning(
                "the digest could not be posted in channel %s; what is urgent waits for the next one: %s %s",
                self._channel, effect.sentence, REMEDY,
            )  # fmt: skip
        elif self._held and not lost:
            log.warning("the digest is posted in channel %s again", self._channel)
        self._held = lost
        return lost

    def _is_urgent(self, told: Digest, now: int) -> bool:
        """Something is new among what fails, no backup was made, a budget was crossed, or the log can be
        written again; and who wants to know it can be told."""
        if self._is_lost(told):
            return False
        failures = happened(self._home.path / FILE, told.told, now)
        return (
            self._in_trouble
            or any((each.new and each.kind != "user") or each.logger == BACKUPS for each in failures)
            or bool(crossings(self._home, told.told, now))
        )

    async def _post(self, slot: int, now: int, id: str) -> None:
        """Once for an id, whoever asks."""
        options, place = {"channel": self._channel, "slot": slot}, Place(f"{HOUSE}/{self._channel}")
        invocation = Invocation(InvocationId(id), "digest post", options, self._clock, place, now)
        answer = await self._engine.execute(invocation)
        self._wait, self._in_trouble = self._between * random.uniform(1, LATER), False  # noqa: S311
        if answer.verdict == "failed" and not answer.repeated:
            log.error("the digest can't be asked for: %s", answer.sentence)

    async def _tell_trouble(self, now: int) -> None:
        """That the log can't be written, once: it can't be in the log that it was told."""
        clock = time.monotonic() * 1000
        if self._in_trouble or not self._between or clock - self._trouble_told < self._wait:
            return
        place, span = Place(f"{HOUSE}/{self._channel}"), Details(after=now, before=now)
        self._in_trouble, self._trouble_told = True, clock
        try:
            await self._world.perform(Effect(new_id(), "message", "digest:urgent", place, span), again=False)
        except (Impossible, NotNow) as error:
            log.warning(
                "that the log can't be written could not be told in channel %s: %s", self._channel, error
            )
