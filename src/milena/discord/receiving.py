"""What comes of an interaction: each is served by a task of its own, once, and always answered.

Whatever goes wrong, who asked is told so in a sentence, and sees no traceback.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from milena.discord import answers
from milena.discord.asked import COMMAND, COMPLETION, COMPONENT, MODAL, Asked, read
from milena.discord.calling import Caller
from milena.discord.calls import ApiError, Calls
from milena.discord.doing import Doer
from milena.discord.reply import Offer, Outcome, Reply, Say
from milena.domain.refusal import Refused
from milena.store import StoreError, Unavailable

log = logging.getLogger(__name__)

TOO_OLD = 2.6
"""Seconds after its birth when nobody would see an answer any more: Discord says then that there was none."""
DEFER_AFTER = 1.5
"""Seconds after which it is told that an answer takes longer."""
REMEMBERED = 5000
"""Interactions that are known when they come again; the engine knows all."""
LEAVING = "Milena is starting again; try it in a minute."


class Receiver:
    """Serves interactions. ``ahead``: seconds by which our clock is ahead of Discord's."""

    def __init__(self, calls: Calls, caller: Caller, doer: Doer, ahead: Callable[[], float]) -> None:
        self._calls, self._caller, self._doer, self._ahead = calls, caller, doer, ahead
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving = False

    def received(self, payload: dict[str, Any]) -> None:
        """The data of INTERACTION_CREATE. Returns at once."""
        try:
            asked = read(payload)
        except (KeyError, ValueError, TypeError) as error:
            log.error("an interaction can't be read: %r", error)
            return
        if asked.id in self._seen or asked.kind not in (COMMAND, COMPONENT, COMPLETION, MODAL):
            return
        self._seen[asked.id] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        self._spawn(self._serve(asked))

    def leave(self) -> None:
        """Take no more work: who asks is told so."""
        self._leaving = True

    async def drain(self, seconds: float) -> None:
        """Wait for what is being served."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            if late:
                log.warning("%d answers were not ready in time", len(late))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, asked: Asked) -> None:
        try:
            reply = Reply(self._calls, asked, self._ahead())
            age = time.time() - self._ahead() - asked.born
            if age > TOO_OLD:
                log.warning("interaction %s came %.1f s late: nothing was done", asked.id, age)
                return
            soon = max(0.1, DEFER_AFTER - max(age, 0.0))
            late = asyncio.get_running_loop().call_later(soon, lambda: self._spawn(self._defer(asked, reply)))
            try:
                outcome = await self._outcome(asked, reply)
            finally:
                late.cancel()
            if outcome is not None:
                await reply.give(outcome)
        except Exception:
            log.exception("interaction %s was not answered", asked.id)

    async def _defer(self, asked: Asked, reply: Reply) -> None:
        """It takes longer."""
        try:
            await reply.defer()
        except ApiError as error:
            log.warning("interaction %s could not be deferred: %s", asked.id, error)

    async def _outcome(self, asked: Asked, reply: Reply) -> Outcome | None:
        try:
            if self._leaving:
                raise Refused("leaving", LEAVING)
            match asked.kind:
                case 2:
                    return await self._caller.typed(asked, reply)
                case 4:
                    return await self._caller.completed(asked)
                case 3:
                    return await self._doer.pressed(asked, reply)
                case _:
                    return await self._doer.submitted(asked, reply)
        except Refused as refusal:
            sentence = refusal.sentence
        except StoreError as error:
            why = error.told if isinstance(error, Unavailable) else "Milena can't read what she needs."
            sentence = f"{why} Tell the operator: {asked.id[-8:]}."
            extra = {**_extra(asked, sentence), "error": error}
            log.error("interaction %s failed (%s): %s", asked.id, asked.id[-8:], error, extra=extra)
        except Exception:
            sentence = f"Something went wrong. Tell the operator: {asked.id[-8:]}."
            log.exception(
                "interaction %s failed (%s)", asked.id, asked.id[-8:], extra=_extra(asked, sentence)
            )
        if reply.given:
            return None
        if asked.kind == COMPLETION:
            return Offer([])
        return Say(answers.refused(sentence, self._caller.name))


def _extra(asked: Asked, told: str) -> dict[str, str]:
    """What the log says of a failure beside its message: the id that the person was told is the end of the
    interaction's."""
    return {"error_id": asked.id[-8:], "told": told, "invocation": asked.id, "guild": asked.guild}
