"""Who may do what where: roles, then the channel's overwrites, in Discord's order."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .world import Channel, Member


class P(IntFlag):
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40


ALL = (1 << 53) - 1
EVERYONE = int(
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.SEND_MESSAGES_IN_THREADS
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.USE_APPLICATION_COMMANDS
)
"""What a new guild gives everyone."""
IN_DIRECT_MESSAGES = EVERYONE | P.MENTION_EVERYONE
"""Not documented; Discord sends a fixed set in direct messages."""


def in_guild(member: Member) -> int:
    """By the roles alone."""
    if member.user.id == member.guild.owner_id:
        return ALL
    held = member.guild.roles[member.guild.id].permissions
    for role in member.roles:
        held |= member.guild.roles[role].permissions
    return ALL if held & P.ADMINISTRATOR else held


def in_channel(member: Member, channel: Channel) -> int:
    """By the roles and the channel's overwrites: everyone's, those of all roles at once, the member's."""
    held = in_guild(member)
    if held & P.ADMINISTRATOR:
        return ALL
    for layer in ([member.guild.id], member.roles, [member.user.id]):
        written = [channel.overwrites[each] for each in layer if each in channel.overwrites]
        for each in written:
            held &= ~each.deny
        for each in written:
            held |= each.allow
    if member.timed_out():
        held &= P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY
    if not held & P.VIEW_CHANNEL:
        return 0
    if not held & P.SEND_MESSAGES:
        held &= ~(P.MENTION_EVERYONE | P.ATTACH_FILES | P.EMBED_LINKS)
    return held
