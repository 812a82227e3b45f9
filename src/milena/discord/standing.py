"""What Discord tells of who stands where: for the rule that nobody acts on who stands above.

An interaction has the ids of roles, and no positions: those, and the server's owner, come with GUILD_CREATE.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from milena.domain.command import Standing
from milena.domain.ids import PlayerId

ADMINISTRATOR = 1 << 3
ADMIN = ADMINISTRATOR | 1 << 5  # MANAGE_GUILD
POWERS = {
    1 << 40: ("warn", "timeout"),  # MODERATE_MEMBERS
    1 << 1: ("warn", "kick"),  # KICK_MEMBERS
    1 << 2: ("warn", "ban", "unban"),  # BAN_MEMBERS
    1 << 13: ("purge",),  # MANAGE_MESSAGES
}
"""Bit of a permission -> what it lets somebody do to others:
https://docs.discord.com/developers/topics/permissions"""
MODERATOR = reduce(or_, POWERS, ADMIN)
"""What makes somebody an admin, or a moderator: one of these bits."""
ALL = tuple(sorted({power for powers in POWERS.values() for power in powers}))


def rank(roles: Sequence[str], positions: Mapping[str, int]) -> int:
    """The position of the highest of these roles; 0: none but everyone's."""
    return max((positions.get(role, 0) for role in roles), default=0)


def powers(permissions: int) -> tuple[str, ...]:
    """What a member with these permissions may do to others."""
    if permissions & ADMINISTRATOR:
        return ALL
    held = {power for bit, those in POWERS.items() if permissions & bit for power in those}
    return tuple(sorted(held))


def others(
    payload: dict[str, Any],
    positions: Mapping[str, int],
    owner: str,
    player: Callable[[str], PlayerId],
) -> dict[PlayerId, Standing]:
    """Those whom the options of an interaction name. ``positions``: of the server's roles; ``owner``: the
    Discord id of the server's owner; ``player`` gives the id that we have for one of Discord's."""
    resolved = payload["data"].get("resolved") or {}
    members = resolved.get("members") or {}
    return {
        player(user): Standing(
            rank(_roles(members[user]), positions) if user in members else 0,
            there=user in members,
            owner=user == owner,
            milena=user == payload["application_id"],
            **_known(members[user]) if user in members else {},
        )
        for user in resolved.get("users") or {}
    }


def _roles(member: dict[str, Any]) -> tuple[str, ...]:
    return tuple(member.get("roles") or ())


def _known(member: dict[str, Any]) -> dict[str, Any]:
    may = int(member.get("permissions") or 0)
    return {"moderator": bool(may & MODERATOR), "admin": bool(may & ADMIN), "roles": _roles(member)}
