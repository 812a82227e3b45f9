"""What there is on Discord: users, guilds, roles, members, channels, messages; and how they read as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import permissions
from .clock import Clock
from .errors import Json
from .ids import Snowflakes, guild_id
from .mentions import Pings

TEXT, DIRECT, THREAD = 0, 1, 11
EPHEMERAL = 1 << 6
LOADING = 1 << 7


@dataclass
class User:
    id: str
    name: str
    bot: bool = False
    locale: str = "en-US"
    """What the own Discord is read in; interactions tell it."""

    def json(self) -> Json:
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0",
            "global_name": None if self.bot else self.name.title(),
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass
class Role:
    id: str
    name: str
    permissions: int
    position: int
    mentionable: bool = False

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "mentionable": self.mentionable,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "flags": 0,
        }


@dataclass
class Overwrite:
    id: str
    type: int
    """0: of a role; 1: of a member."""
    allow: int = 0
    deny: int = 0

    def json(self) -> Json:
        return {"id": self.id, "type": self.type, "allow": str(self.allow), "deny": str(self.deny)}


@dataclass
class Member:
    user: User
    guild: Guild
    clock: Clock
    roles: list[str] = field(default_factory=list)
    joined: str = ""
    timeout: str | None = None
    timeout_until: float = 0.0
    nick: str | None = None

    def timed_out(self) -> bool:
        return self.timeout_until > self.clock.now()

    def rank(self) -> int:
        """The position of the highest role: one acts only on members below oneself."""
        if self.user.id == self.guild.owner_id:
            return 1 << 30
        return max((self.guild.roles[each].position for each in self.roles), default=0)

    def json(self, *, user: bool = True) -> Json:
        said: Json = {
            "roles": list(self.roles),
            "joined_at": self.joined,
            "nick": self.nick,
            "avatar": None,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": self.timeout,
        }
        return said | {"user": self.user.json()} if user else said


@dataclass
class Message:
    id: str
    channel: Channel
    author: User
    sent: str
    type: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    nonce: Any = None
    tts: bool = False
    edited: str | None = None
    only_for: str | None = None
    """The one user who sees an ephemeral message."""
    pings: Pings = field(default_factory=Pings)
    """Whom it would have pinged when it was sent; edits ping nobody."""
    allowed: Json | None = None
    """The allowed_mentions that it came with, or that its last change came with."""
    mentioned: list[User] = field(default_factory=list)
    interaction: Json | None = None
    application: str | None = None
    reference: Json | None = None
    deleted: bool = False
    versions: list[Json] = field(default_factory=list)
    """What it looked like after each change, the first one included."""

    @property
    def buttons(self) -> list[Json]:
        return [each for each in self.parts() if each["type"] == 2]

    @property
    def menus(self) -> list[Json]:
        return [each for each in self.parts() if each["type"] in (3, 5, 6, 7, 8)]

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons."""
        return [each.get("label") or each.get("emoji", {}).get("name", "") for each in self.buttons]

    @property
    def text(self) -> str:
        """All that can be read in it."""
        written = [self.content]
        for embed in self.embeds:
            written += [embed.get("title") or "", embed.get("description") or ""]
            written += [f"{each['name']}\n{each['value']}" for each in embed.get("fields") or []]
            written.append((embed.get("footer") or {}).get("text") or "")
        written += [each["content"] for each in self.parts() if each["type"] == 10]
        return "\n".join(each for each in written if each)

    def parts(self) -> list[Json]:
        """Its components, those inside others too, in the order in which one sees them."""
        found: list[Json] = []

        def walk(components: list[Json]) -> None:
            for each in components:
                found.append(each)
                walk(each.get("components") or [])
                if each.get("accessory"):
                    walk([each["accessory"]])

        walk(self.components)
        return found

    def json(self) -> Json:
        said: Json = {
            "id": self.id,
            "channel_id": self.channel.id,
            "author": self.author.json(),
            "type": self.type,
            "content": self.content,
            "embeds": self.embeds,
            "components": self.components,
            "attachments": self.attachments,
            "flags": self.flags,
            "tts": self.tts,
            "timestamp": self.sent,
            "edited_timestamp": self.edited,
            "mention_everyone": self.pings.everyone,
            "mentions": [user.json() for user in self.mentioned],
            "mention_roles": sorted(self.pings.roles),
            "pinned": False,
        }
        if self.nonce is not None:
            said["nonce"] = self.nonce
        if self.application:
            said |= {"application_id": self.application}
        if self.interaction:
            said["webhook_id"] = self.application
            said["interaction_metadata"] = self.interaction
        if self.reference:
            said["message_reference"] = self.reference
        return said


@dataclass
class Channel:
    id: str
    name: str
    guild: Guild | None = None
    recipient: User | None = None
    parent: Channel | None = None
    """The channel that it is a thread of, and whose overwrites hold in it."""
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def type(self) -> int:
        if self.guild is None:
            return DIRECT
        return THREAD if self.parent else TEXT

    def shown(self) -> list[Message]:
        """The messages that are still there, the oldest first, with those that only one user sees."""
        return [each for each in self.messages.values() if not each.deleted]

    def json(self) -> Json:
        said: Json = {
            "id": self.id,
            "type": self.type,
            "last_message_id": next(reversed(self.messages), None),
        }
        if self.guild is None:
            assert self.recipient
            return said | {"recipients": [self.recipient.json()], "flags": 0}
        if self.parent:
            metadata = {"archived": False, "auto_archive_duration": 1440, "locked": False}
            return said | {
                "guild_id": self.guild.id,
                "name": self.name,
                "owner_id": self.guild.owner_id,
                "parent_id": self.parent.id,
                "thread_metadata": metadata | {"archive_timestamp": self.guild.bot.joined},
                "rate_limit_per_user": 0,
                "flags": 0,
            }
        return said | {
            "guild_id": self.guild.id,
            "name": self.name,
            "position": list(self.guild.channels).index(self.id),
            "permission_overwrites": [each.json() for each in self.overwrites.values()],
            "nsfw": False,
            "rate_limit_per_user": 0,
            "topic": None,
            "parent_id": None,
            "flags": 0,
        }


@dataclass
class Guild:
    id: str
    name: str
    owner_id: str
    world: World
    roles: dict[str, Role] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    bans: dict[str, Json] = field(default_factory=dict)
    audit: list[Json] = field(default_factory=list)
    """Entries of the audit log that the bot caused, with their reasons."""
    has_bot: bool = True
    locale: str = "en-US"

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    @property
    def bot(self) -> Member:
        return self.members[self.world.bot.id]

    def role(self, name: str, granted: int = 0, *, mentionable: bool = False) -> Role:
        """A new role above the others."""
        role = Role(self.world.ids.new(), name, granted, len(self.roles), mentionable)
        self.roles[role.id] = role
        return role

    def channel(self, name: str, parent: Channel | None = None) -> Channel:
        """A new channel, or a new thread of ``parent``."""
        overwrites = parent.overwrites if parent else {}
        channel = Channel(self.world.ids.new(), name, guild=self, parent=parent, overwrites=overwrites)
        self.channels[channel.id] = channel
        self.world.channels[channel.id] = channel
        return channel

    def join(self, user: User, *roles: Role) -> Member:
        held = [role.id for role in roles]
        member = Member(user, self, self.world.clock, held, joined=self.world.clock.stamp())
        self.members[user.id] = member
        return member

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner_id,
            "roles": [role.json() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "vanity_url_code": None,
            "description": None,
            "banner": None,
            "premium_tier": 0,
            "preferred_locale": self.locale,
            "public_updates_channel_id": None,
            "nsfw_level": 0,
            "premium_progress_bar_enabled": False,
        }

    def create_event(self, *, all_members: bool) -> Json:
        """GUILD_CREATE. Without the intent for members it has only the bot itself."""
        members = self.members.values() if all_members else [self.bot]
        return self.json() | {
            "joined_at": self.bot.joined,
            "large": len(self.members) > 250,
            "unavailable": False,
            "member_count": len(self.members),
            "members": [each.json() for each in members],
            "channels": [each.json() for each in self.channels.values() if not each.parent],
            "threads": [each.json() for each in self.channels.values() if each.parent],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


class World:
    """Everything that exists, with the bot itself."""

    def __init__(self, clock: Clock, ids: Snowflakes) -> None:
        self.clock, self.ids = clock, ids
        self.bot = User(ids.new(), "milena", bot=True)
        self.owner = User(ids.new(), "owner")
        self.users: dict[str, User] = {each.id: each for each in (self.bot, self.owner)}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.direct: dict[str, Channel] = {}
        """The channels for direct messages with the bot, by the user's id."""
        self.closed_to_bot: set[str] = set()
        """Users who take no direct messages: 50007."""

    def user(self, name: str) -> User:
        user = User(self.ids.new(), name)
        self.users[user.id] = user
        return user

    def guild(self, name: str, granted: int = permissions.EVERYONE) -> Guild:
        """A guild with a channel ``general``, which the bot has joined under a role of its own."""
        guild = Guild(guild_id(len(self.guilds)), name, self.owner.id, self)
        guild.roles[guild.id] = Role(guild.id, "@everyone", permissions.EVERYONE, 0)
        self.guilds[guild.id] = guild
        guild.join(self.owner)
        guild.join(self.bot, guild.role("Milena", granted))
        guild.channel("general")
        return guild

    def direct_channel(self, user: User) -> Channel:
        if user.id not in self.direct:
            channel = Channel(self.ids.new(), f"dm-{user.name}", recipient=user)
            self.direct[user.id] = self.channels[channel.id] = channel
        return self.direct[user.id]

    def may(self, user: User, channel: Channel) -> int:
        """What ``user`` may do in ``channel``."""
        if channel.guild is None:
            assert channel.recipient
            there = user.id in (self.bot.id, channel.recipient.id)
            return permissions.IN_DIRECT_MESSAGES if there else 0
        member = channel.guild.members.get(user.id)
        return permissions.in_channel(member, channel) if member else 0
