"""The answer to an interaction: exactly one first answer, in time, and what comes after a deferred one.

Discord takes the first answer for three seconds. Where the work takes longer it is told so ("is thinking"),
and gets the message by the interaction's webhook, for fifteen minutes.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from milena.discord.asked import COMPLETION, MODAL, Asked
from milena.discord.calls import ApiError, Calls, Method
from milena.discord.message import EPHEMERAL, File, Message

log = logging.getLogger(__name__)

SEND, DEFER, DEFER_UPDATE, UPDATE, OFFER, OPEN_MODAL = 4, 5, 6, 7, 8, 9
"""Types of a first answer."""
LOADING = 1 << 7
"""The flag of a message that is to come."""
FOR_THE_FIRST = 2.9
"""Seconds after its birth in which Discord takes a first answer, all but the way there."""
AFTERWARDS = 60.0
"""Seconds for what comes after a deferred answer, with all tries."""
AGAIN = "That took too long to open; press it once more."
DONE, UNKNOWN, EXPIRED = 40060, (10062, 10015), 50027
"""Codes: it is answered already; it is none, or too old to be answered."""


class Say(Struct, frozen=True):
    """A message of its own."""

    message: Message


class Change(Struct, frozen=True):
    """The message whose button was pressed becomes this."""

    message: Message


class Nothing(Struct, frozen=True):
    """The button was pressed, and there is nothing to say about it."""


class Form(Struct, frozen=True):
    """A modal, as Discord's JSON."""

    modal: dict[str, Any]


class Offer(Struct, frozen=True):
    """Choices for completion, as Discord's JSON."""

    choices: Sequence[dict[str, Any]]


Outcome = Say | Change | Nothing | Form | Offer


class Reply:
    """Answers ``asked``. ``ahead``: seconds by which our clock is ahead of Discord's.

    ``discreet``: whether only who asked is to see the answer, as far as that is known.
    """

    def __init__(self, calls: Calls, asked: Asked, ahead: float) -> None:
        self.asked = asked
        self.discreet = False
        self._calls = calls
        self._end = time.monotonic() + FOR_THE_FIRST - (time.time() - ahead - asked.born)
        self._turn = asyncio.Lock()
        """What is said comes there in order."""
        self._deferred = self._tried = 0
        """How: as a message that is to come, or a change; 0: not. ``_tried``: it may not have come there."""
        self._hidden = False
        """The message that is to come is for one only."""
        self._given = False
        self._doubtful = False
        """Discord says that it was answered before: by an earlier try of ours to defer, by another process,
        or by this one before it was started again."""

    @property
    def left(self) -> float:
        """Seconds that are left for the first answer."""
        return self._end - time.monotonic()

    async def defer(self) -> None:
        """It takes longer. Raises ApiError."""
        async with self._turn:
            if self.asked.kind == COMPLETION or self._given:
                return
            on_message = self.asked.message is not None and not self.discreet
            kind = DEFER_UPDATE if on_message else DEFER
            self._hidden = self.discreet and not on_message
            self._tried = kind
            taken = await self._first(kind, {"flags": EPHEMERAL} if self._hidden else None)
            self._deferred, self._doubtful = kind, taken is None

    @property
    def given(self) -> bool:
        return self._given

    async def give(self, outcome: Outcome) -> str | None:
        """Answer, once. Returns the id of the message that shows it, empty where there is none. None: it was
        answered before, or this was not delivered, which is logged: who asked sees that nobody answered."""
        assert not self._given, "there is one answer to an interaction"
        self._given = True
        try:
            async with self._turn:
                if not self._deferred:
                    answer = await self._give_first(outcome)
                    if answer is not None or not self._tried:
                        return answer
                    self._deferred, self._doubtful = self._tried, True  # it had come there after all, perhaps
                if self._doubtful and self._deferred == DEFER and not await self._is_thinking():
                    return None
                return await self._give_later(outcome)
        except ApiError as error:
            if error.code in (*UNKNOWN, EXPIRED):
                log.warning("the answer to interaction %s came too late", self.asked.id)
            else:
                extra = {"error": error, "invocation": self.asked.id, "told": "the interaction failed"}
                log.error(
                    "the answer to interaction %s was not delivered: %s", self.asked.id, error, extra=extra
                )
            return None

    async def _give_first(self, outcome: Outcome) -> str | None:
        match outcome:
            case Change(message) if self.asked.message is not None:
                taken = await self._first(UPDATE, message.body(), message.files)
                return None if taken is None else str(self.asked.message["id"])
            case Say(message) | Change(message):
                return await self._first(SEND, message.body(), message.files)
            case Nothing():
                return await self._first(DEFER_UPDATE)
            case Form(modal) if self.asked.kind != MODAL:
                return await self._first(OPEN_MODAL, modal)
            case Offer(choices):
                return await self._first(OFFER, {"choices": list(choices)})
        raise TypeError(f"an interaction of type {self.asked.kind} can't be answered with {outcome}")

    async def _first(
        self, kind: int, data: dict[str, Any] | None = None, files: Sequence[File] = ()
    ) -> str | None:
        """The id of the message that is new, where Discord tells it; None where it was answered before."""
        body: dict[str, Any] = {"type": kind}
        if data is not None:
            body["data"] = data
        told = "?with_response=true" if kind == SEND else ""
        path = f"/interactions/{self.asked.id}/{self.asked.token}/callback{told}"
        try:
            said = await self._calls.request("POST", path, body, files, patience=max(0.1, self.left))
        except ApiError as error:
            if error.code != DONE:
                raise
            # An earlier try was taken, or another process has answered: what it showed need not be this.
            return await self._hook("GET", "/messages/@original") if told and not self._tried else None
        return str(said["resource"]["message"]["id"]) if told and said else ""

    async def _give_later(self, outcome: Outcome) -> str:
        match outcome:
            case Say(message) if self._deferred == DEFER and message.ephemeral == self._hidden:
                return await self._edit(message)
            case Say(message) if self._deferred == DEFER:
                # Who sees it was said when it was deferred, and can't be changed.
                await self._hook("DELETE", "/messages/@original")
                return await self._hook("POST", "", message)
            case Say(message):
                return await self._hook("POST", "", message)
            case Change(message):
                return await self._edit(message)
            case Nothing() if self._deferred == DEFER:
                return await self._hook("DELETE", "/messages/@original")
            case Form():
                return await self._hook("POST", "", Message(AGAIN, ephemeral=True))
            case Nothing() | Offer():
                return ""

    async def _edit(self, message: Message) -> str:
        # Whether it is ephemeral can't be said again.
        return await self._hook("PATCH", "/messages/@original", replace(message, ephemeral=False))

    async def _is_thinking(self) -> bool:
        """Whether the message that is there is only to come: what is no answer yet may be changed."""
        where = f"/webhooks/{self.asked.application}/{self.asked.token}/messages/@original"
        said = await self._calls.request("GET", where, patience=AFTERWARDS)
        return bool(int(said.get("flags") or 0) & LOADING)

    async def _hook(self, method: Method, path: str, message: Message | None = None) -> str:
        where = f"/webhooks/{self.asked.application}/{self.asked.token}{path}"
        body, files = (message.body(), message.files) if message else (None, ())
        said = await self._calls.request(method, where, body, files, patience=AFTERWARDS)
        return str(said["id"]) if said else ""
