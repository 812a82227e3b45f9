"""An interaction, as Discord sends it: who asks for what, where, and what they may do there.

Format: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from typing import Any

from msgspec import Struct

COMMAND, COMPONENT, COMPLETION, MODAL = 2, 3, 4, 5
"""Types of interactions."""
THREADS = (10, 11, 12)
"""Types of channels: https://docs.discord.com/developers/resources/channel#channel-object-channel-types"""
EPOCH = 1_420_070_400_000
"""The first ms of Discord's ids."""
VIEW_CHANNEL = 1 << 10
"""https://docs.discord.com/developers/topics/permissions"""

Json = dict[str, Any]


class Asked(Struct, frozen=True):
    """``guild`` is empty in direct messages. ``permissions``: bits of what the user may do in the channel;
    ``sees``: whether Milena can look into it herself, and change what she said there.
    ``parent``: the channel whose thread ``channel`` is, empty where it is none. ``locale``: of the user's
    Discord, such as ``de``.
    ``born``: when Discord made it, in seconds since 1970, by Discord's clock."""

    id: str
    token: str
    kind: int
    application: str
    user: Json
    guild: str
    channel: str
    permissions: int
    roles: tuple[str, ...]
    data: Json
    message: Json | None
    born: float
    sees: bool = True
    parent: str = ""
    locale: str = ""

    @property
    def user_id(self) -> str:
        return str(self.user["id"])

    @property
    def resolved(self) -> Json:
        """What Discord tells of the users, members, roles and channels that the options name."""
        found: Json = self.data.get("resolved") or {}
        return found

    @property
    def custom_id(self) -> str:
        return str(self.data.get("custom_id", ""))


def read(payload: Json) -> Asked:
    """The ``d`` of INTERACTION_CREATE. Raises KeyError or ValueError for what is none."""
    member: Json = payload.get("member") or {}
    return Asked(
        payload["id"],
        payload["token"],
        payload["type"],
        payload["application_id"],
        member.get("user") or payload["user"],
        payload.get("guild_id") or "",
        payload["channel_id"],
        int(member.get("permissions") or 0),
        tuple(member.get("roles") or ()),
        payload.get("data") or {},
        payload.get("message"),
        born(payload["id"]),
        # What is said of direct messages are permissions of no channel.
        not payload.get("guild_id")
        or bool(int(payload.get("app_permissions") or VIEW_CHANNEL) & VIEW_CHANNEL),
        _parent(payload.get("channel") or {}),
        str(payload.get("locale") or ""),
    )


def _parent(channel: Json) -> str:
    """Of a thread; others have parents, too, which are categories."""
    return str(channel.get("parent_id") or "") if channel.get("type") in THREADS else ""


def born(id: str) -> float:
    """When an id of Discord's was made, in seconds since 1970."""
    return ((int(id) >> 22) + EPOCH) / 1000
