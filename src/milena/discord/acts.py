"""Effects done on Discord: messages, and what moderators do to members and messages.

Each can be done twice without harm, since nobody knows whether it was done when the process was stopped: a
message has a nonce, whoever is gone already was kicked. Only a purge can't: another hundred messages would
go; so after a stop it is reported instead.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from milena.discord import charts
from milena.discord.calls import ApiError, Calls
from milena.discord.message import Message
from milena.discord.purging import Purge
from milena.discord.refusals import UNKNOWN_BAN, UNKNOWN_MEMBER, explained
from milena.discord.text import clip, escape, fit, plain, say
from milena.discord.trouble import Trouble, trouble
from milena.domain.effect import Effect
from milena.domain.ids import Place, PlayerId
from milena.domain.refusal import fill_names
from milena.effects.telling import Telling, case_of, telling
from milena.effects.world import Impossible
from milena.store import Store, Vault

LONGEST = 2000
"""Characters of a message: https://docs.discord.com/developers/resources/message#create-message"""
LONGEST_REASON = 512
"""Characters of a reason in the server's audit log."""
LONGEST_ID = 20
"""Digits of an id, which has 64 bits."""


class Acts:
    """A :class:`milena.effects.world.World`. ``serves``: whether a place is on one of this bot's servers, or
    is a direct message to it. ``tells``: what a message says to readers of that locale, where the log is not
    enough to know it."""

    def __init__(
        self,
        calls: Calls,
        store: Store,
        vault: Vault,
        serves: Callable[[Place], bool],
        tells: Callable[[Effect, str], Telling] | None = None,
    ) -> None:
        self._calls = calls
        self._store = store
        self._vault = vault
        self.serves = serves
        self._tells = tells or partial(telling, store)

    async def perform(self, effect: Effect, again: bool) -> dict[str, Any]:
        try:
            match effect.what:
                case "message":
                    return await self._message(effect)
                case "purge":
                    user = self._user(effect.data.member) if effect.data.member else ""
                    purge = Purge(self._calls, effect, user, await self._reason(effect))
                    return await purge.perform(again)
                case _:
                    return await self._act(effect, again)
        except ApiError as error:
            raise explained(error, effect.what) from error

    def _user(self, player: PlayerId) -> str:
        """The Discord id of a player. Raises Impossible."""
        if self._vault.source(player) != "discord":
            raise Impossible("unknown_member", "That is nobody who is known on Discord.")
        return self._vault.outside(player) or ""

    # ------------------------------------------------------------------------------------ messages

    async def _message(self, effect: Effect) -> dict[str, Any]:
        locale = await self._server(effect) if effect.about.startswith("log:") else ""
        told = await asyncio.to_thread(self._tells, effect, locale)
        user = self._user(told.member) if told.member else ""
        if effect.data.privately:
            return await self._privately(effect, told, user)
        text = say(told.text, self._vault.name, self._mention if told.naming else None)
        try:
            channel = effect.place.partition("/")[2]
            return await self._post(effect, told, channel, f"<@{user}> {text}" if user else text, user)
        except ApiError as error:
            if not user or trouble(error) not in (Trouble.CHANNEL, Trouble.FORBIDDEN):
                raise
            try:  # who is meant hears of it, where nothing can be said in that channel
                return await self._privately(effect, told, user)
            except ApiError as other:
                raise (other if trouble(other) is Trouble.AGAIN else error) from None

    async def _privately(self, effect: Effect, told: Telling, user: str) -> dict[str, Any]:
        """As a direct message."""
        channel = (await self._calls.request("POST", "/users/@me/channels", {"recipient_id": user}))["id"]
        text = await self._where(effect) + say(told.text, self._vault.name)
        return await self._post(effect, told, channel, text, user)

    async def _post(
        self, effect: Effect, told: Telling, channel: str, text: str, user: str
    ) -> dict[str, Any]:
        shown = await asyncio.to_thread(charts.show, told.chart, self._vault.name) if told.chart else None
        if shown is not None:
            text = f"{text}\n{shown.text}"
        content, pings = fit(text.split("\n"), LONGEST), (user,) if user else ()
        message = Message(content, files=shown.files if shown else (), pings=pings)
        # The same nonce within some minutes: Discord answers with the message that is there.
        body = {**message.body(), "nonce": effect.key, "enforce_nonce": True}
        sent = await self._calls.request("POST", f"/channels/{channel}/messages", body, message.files)
        return {"message": sent["id"]}

    async def _server(self, effect: Effect) -> str:
        """The locale of the server whose channel is written to, whatever an admin called a channel. Raises
        Impossible where that is not one of its own."""
        guild, _, channel = effect.place.partition("/")
        if not channel.isdecimal() or len(channel) > LONGEST_ID:
            raise Impossible("unknown_channel", "That is no channel of this server.")
        if (await self._calls.request("GET", f"/channels/{channel}")).get("guild_id") != guild:
            raise Impossible("unknown_channel", "That is no channel of this server.")
        return str((await self._calls.request("GET", f"/guilds/{guild}")).get("preferred_locale") or "")

    def _mention(self, player: str) -> str:
        """What Discord shows as a link to somebody, behind the name; empty for who is not known there."""
        here = self._vault.source(PlayerId(player)) == "discord"
        return f" (<@{self._vault.outside(PlayerId(player))}>)" if here else ""

    async def _where(self, effect: Effect) -> str:
        """The name of the server, before what is told of it somewhere else; empty where that is not known."""
        guild = effect.place.partition("/")[0]
        if not guild.isdecimal():
            return ""
        try:
            return f"{escape((await self._calls.request('GET', f'/guilds/{guild}'))['name'])}: "
        except ApiError:
            return ""

    # -------------------------------------------------------------------------------------- members

    async def _act(self, effect: Effect, again: bool) -> dict[str, Any]:
        guild = effect.place.partition("/")[0]
        user, reason = self._user(effect.data.member), await self._reason(effect)
        member, ban = f"/guilds/{guild}/members/{user}", f"/guilds/{guild}/bans/{user}"
        match effect.what:
            case "timeout":
                if effect.data.until <= time.time() * 1000:
                    raise Impossible("over", "The time-out was over before it could begin.")
                until = datetime.fromtimestamp(effect.data.until / 1000, UTC).isoformat()
                body = {"communication_disabled_until": until}
                await self._calls.request("PATCH", member, body, reason=reason)
            case "kick":
                await self._once("DELETE", member, reason, UNKNOWN_MEMBER, again)
            case "ban":
                forget = {"delete_message_seconds": effect.data.forget}
                await self._calls.request("PUT", ban, forget, reason=reason)
            case "unban":
                await self._once("DELETE", ban, reason, UNKNOWN_BAN, again)
            case _:
                raise Impossible("unknown", f"This release can't do {effect.what} on Discord.")
        return {}

    async def _once(self, method: Any, path: str, reason: str, done: int, again: bool) -> None:
        """``done``: the code by which Discord says that it was done before, ``again`` where that may be."""
        try:
            await self._calls.request(method, path, reason=reason)
        except ApiError as error:
            if error.code != done or not (again or error.again):
                raise

    async def _reason(self, effect: Effect) -> str:
        """For the server's audit log: which case it is, who did it, and why."""
        case = await asyncio.to_thread(case_of, self._store, effect)
        why = f": {fill_names(case.reason, self._vault.name)}" if case.reason else ""
        return clip(plain(f"Case {case.number} by {self._vault.name(case.by)}{why}"), LONGEST_REASON)
