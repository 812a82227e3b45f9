"""Removing messages from a channel: which ones, and all of them in one call."""

import asyncio
from typing import Any

from milena.discord.calls import ApiError, Calls
from milena.discord.refusals import UNKNOWN_MESSAGE, explained
from milena.domain.effect import Effect
from milena.effects.world import Impossible, NotNow

EPOCH = 1_420_070_400_000
"""Ms since 1970 where Discord's ids begin: https://docs.discord.com/developers/reference#snowflakes"""
PAGE, MOST_PAGES = 100, 10
"""So many messages are looked at in one call, and so many times."""
TRIES, PAUSE = 3, 1.0
"""Of the one call that removes them, and the seconds in between."""


def id_at(ms: int) -> int:
    """The lowest id that something of that time can have."""
    return max(0, ms - EPOCH) << 22


class Purge:
    """One purge; ``user``: only messages of this Discord user, if any."""

    def __init__(self, calls: Calls, effect: Effect, user: str, reason: str) -> None:
        self._calls = calls
        self._data = effect.data
        self._user = user
        self._reason = reason
        self._messages = f"/channels/{effect.place.partition('/')[2]}/messages"

    async def perform(self, again: bool) -> dict[str, Any]:
        """How many are ``removed``. Raises Impossible; never NotNow, as others would be found then."""
        if again:
            raise Impossible(
                "interrupted",
                "Milena was stopped meanwhile: messages may be gone, or not. Look, and ask for it again.",
            )
        try:
            ids = await self._found()
        except ApiError as error:
            raise _now_or_never(
                error, "Discord did not answer, so nothing was removed; ask for it again."
            ) from error
        for tries in range(1, TRIES + 1):
            try:
                await self._remove(ids)
                break
            except ApiError as error:
                if tries == TRIES or isinstance(explained(error, "purge"), Impossible):
                    unsure = (
                        "Discord did not answer: messages may be gone, or not. Look, and ask for it again."
                    )
                    raise _now_or_never(error, unsure) from error
                await asyncio.sleep(PAUSE)
        return {"removed": len(ids)}

    async def _found(self) -> list[str]:
        """The ids of the newest that are meant."""
        oldest, question = id_at(self._data.after), self._data.question
        # An interaction's id is of the same kind as a message's; from a terminal there is the time alone.
        before = question if question.isdecimal() else str(id_at(self._data.before))
        found: list[str] = []
        for _ in range(MOST_PAGES):
            page = await self._calls.request("GET", f"{self._messages}?limit={PAGE}&before={before}")
            young = [each for each in page if int(each["id"]) >= oldest]
            found += [each["id"] for each in young if self._is_meant(each)]
            if len(found) >= self._data.count or len(young) < PAGE:
                break
            before = page[-1]["id"]
        return found[: self._data.count]

    def _is_meant(self, message: dict[str, Any]) -> bool:
        author = message["author"]
        return (not self._user or author["id"] == self._user) and (
            not self._data.bots or bool(author.get("bot"))
        )

    async def _remove(self, ids: list[str]) -> None:
        if len(ids) > 1:
            await self._calls.request(
                "POST", f"{self._messages}/bulk-delete", {"messages": ids}, reason=self._reason
            )
        elif ids:
            try:
                await self._calls.request("DELETE", f"{self._messages}/{ids[0]}", reason=self._reason)
            except ApiError as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise


def _now_or_never(error: ApiError, otherwise: str) -> Impossible:
    known = explained(error, "purge")
    return Impossible("unreachable", otherwise) if isinstance(known, NotNow) else known
