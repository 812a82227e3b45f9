"""Interactions: one first answer within three seconds, and a token that is good for a quarter of an hour."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import ACKNOWLEDGED, EXPIRED_TOKEN, UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, Json, blameless
from .world import Channel, Message, User

if TYPE_CHECKING:
    from .server import StandIn

PING, COMMAND, COMPONENT, COMPLETION, MODAL = 1, 2, 3, 4, 5
PONG, SEND, DEFER, DEFER_UPDATE, UPDATE, OFFER, OPEN_MODAL = 1, 4, 5, 6, 7, 8, 9


@dataclass
class Interaction:
    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    payload: Json
    made: float
    deadline: float
    dispatched: float | None = None
    """``time.perf_counter()`` when it went out on the gateway; ``answered_at``: when the callback came."""
    sent: float = 0.0
    """When it went out first, by Discord's clock."""
    message: Message | None = None
    """The message whose component it is."""
    callback: int | None = None
    answered_at: float | None = None
    original: Message | None = None
    """What ``@original`` is."""
    loading: bool = False
    """It was deferred, and "is thinking"."""
    ephemeral: bool = False
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    deliveries: int = 0

    @property
    def latency(self) -> float | None:
        """Seconds from the dispatch to the arrival of the callback."""
        if self.dispatched is None or self.answered_at is None:
            return None
        return self.answered_at - self.dispatched

    def may(self) -> Iterator[int]:
        """The types of callback that fit."""
        if self.kind == PING:
            yield PONG
        elif self.kind == COMPLETION:
            yield OFFER
        else:
            yield from (SEND, DEFER)
            if self.message is not None:
                yield from (DEFER_UPDATE, UPDATE)
            if self.kind != MODAL:
                yield OPEN_MODAL

    def metadata(self) -> Json:
        said: Json = {
            "id": self.id,
            "type": self.kind,
            "user": self.user.json(),
            "authorizing_integration_owners": self.payload["authorizing_integration_owners"],
        }
        if self.kind == COMMAND:
            said["name"] = self.payload["data"]["name"]
        if self.message is not None:
            said["interacted_message_id"] = self.message.id
        return said


class Desk:
    """Where interactions are made, sent out and found again."""

    def __init__(self, discord: StandIn) -> None:
        self.discord = discord
        self.all: dict[str, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def make(
        self, kind: int, user: User, channel: Channel, data: Json, message: Message | None = None
    ) -> Interaction:
        discord = self.discord
        id, token, now = discord.ids.new(), f"token-{secrets.token_urlsafe(120)}", discord.clock.now()
        deadline = now + discord.settings.answer_within
        payload = self._payload(id, token, kind, user, channel, data, message)
        made = Interaction(id, token, kind, user, channel, payload, now, deadline, message=message)
        self.all[id] = self._by_token[token] = made
        return made

    def send(self, interaction: Interaction) -> bool:
        """Dispatch it, once more too; False when no bot is there."""

        def sent() -> None:
            if interaction.dispatched is None:
                interaction.dispatched = time.perf_counter()
                interaction.sent = self.discord.clock.now()
            interaction.deliveries += 1

        guild = interaction.channel.guild
        return self.discord.gateway.tell(
            guild.id if guild else None, "INTERACTION_CREATE", interaction.payload, sent=sent
        )

    def to_answer(self, id: str, token: str) -> Interaction:
        """The interaction that a callback is for; refused when it is too late or not the first."""
        found = self.all.get(id)
        if found is None or found.token != token:
            raise UNKNOWN_INTERACTION
        if found.callback is not None:
            raise ACKNOWLEDGED
        if self.discord.clock.now() > found.deadline:
            # Where the gateway kept it back until it was nearly too late, that is not the bot's doing.
            excused = found.sent > found.made + self.discord.settings.answer_within / 2
            raise blameless(UNKNOWN_INTERACTION) if excused else UNKNOWN_INTERACTION
        return found

    def of_token(self, token: str) -> Interaction:
        """The interaction whose webhook is used, after its first answer."""
        found = self._by_token.get(token)
        if found is None:
            raise UNKNOWN_WEBHOOK
        if self.discord.clock.now() > found.made + self.discord.settings.token_life:
            raise EXPIRED_TOKEN
        if found.callback is None or found.kind in (PING, COMPLETION):
            raise UNKNOWN_WEBHOOK
        return found

    def _payload(
        self,
        id: str,
        token: str,
        kind: int,
        user: User,
        channel: Channel,
        data: Json,
        message: Message | None,
    ) -> Json:
        world, guild = self.discord.world, channel.guild
        said: Json = {
            "id": id,
            "application_id": world.bot.id,
            "type": kind,
            "data": data,
            "token": token,
            "version": 1,
            "channel_id": channel.id,
            "channel": channel.json(),
            "app_permissions": str(world.may(world.bot, channel)),
            "locale": user.locale,
            "entitlements": [],
            "attachment_size_limit": 10 * 1024 * 1024,
            "authorizing_integration_owners": {"0": guild.id if guild else "0"},
            "context": 0 if guild else 1,
        }
        if guild:
            said |= {
                "guild_id": guild.id,
                "guild": {"id": guild.id, "locale": "en-US", "features": []},
                "guild_locale": "en-US",
                "member": self.member(user, channel),
            }
        else:
            said["user"] = user.json()
        if message is not None:
            said["message"] = message.json()
        return said

    def member(self, user: User, channel: Channel) -> dict[str, Any]:
        """A member as interactions have it, with what it may do in the channel."""
        assert channel.guild
        member = channel.guild.members[user.id].json()
        return member | {"permissions": str(self.discord.world.may(user, channel))}
