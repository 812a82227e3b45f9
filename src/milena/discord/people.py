"""Discord's users as Milena's players, and what each may do in a place.

Events hold player ids; the vault knows whose they are.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from milena.discord.asked import Asked
from milena.discord.guilds import Guilds
from milena.domain.command import Invocation, Standing
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.store import Vault

KICK, BAN, ADMINISTRATOR, MANAGE_GUILD = 1 << 1, 1 << 2, 1 << 3, 1 << 5
MANAGE_MESSAGES, MODERATE_MEMBERS = 1 << 13, 1 << 40
ADMIN = ADMINISTRATOR | MANAGE_GUILD
MODERATOR = ADMIN | KICK | BAN | MANAGE_MESSAGES | MODERATE_MEMBERS
"""What makes somebody one, on Discord's side: https://docs.discord.com/developers/topics/permissions"""
POWERS = {
    "warn": MODERATE_MEMBERS, "timeout": MODERATE_MEMBERS, "kick": KICK, "ban": BAN, "unban": BAN,
    "purge": MANAGE_MESSAGES,
}  # fmt: skip
"""What a member needs to do that to others."""
REMEMBERED = 20_000
"""Users whose player is known without asking the vault."""
DIRECT = "dm-"
"""Begins the guild of a place that is somebody's direct messages."""


class People:
    """Players of the vault, for Discord."""

    def __init__(self, vault: Vault, guilds: Guilds) -> None:
        self._vault, self._guilds = vault, guilds
        self._met: OrderedDict[str, tuple[PlayerId, str]] = OrderedDict()

    async def meet(self, users: Iterable[dict[str, Any]]) -> dict[str, PlayerId]:
        """The players of these users, by their Discord ids; each gets one at the first meeting, and is
        called as the user is called now."""
        names = {str(user["id"]): name_of(user) for user in users}
        players = {id: met[0] for id, name in names.items() if (met := self._met.get(id)) and met[1] == name}
        new = {id: name for id, name in names.items() if id not in players}
        if new:
            players |= await asyncio.to_thread(self._ask, new)
        for id, name in names.items():
            self._met[id] = (players[id], name)
            self._met.move_to_end(id)
        while len(self._met) > REMEMBERED:
            self._met.popitem(last=False)
        return players

    def _ask(self, names: dict[str, str]) -> dict[str, PlayerId]:
        return {id: self._vault.meet("discord", id, name) for id, name in names.items()}

    def discord(self, player: str) -> str:
        """The Discord id of a player; empty where there is none."""
        return (self._vault.outside(player) or "") if self._vault.source(player) == "discord" else ""

    def place(self, asked: Asked, player: PlayerId) -> Place:
        """Where it was asked. Direct messages are a guild of their own for each player."""
        return Place(f"{asked.guild or DIRECT + player}/{asked.channel}")

    def invocation(
        self,
        asked: Asked,
        command: str,
        options: dict[str, Any],
        players: dict[str, PlayerId],
        time: int,
    ) -> Invocation:
        """A call by who asked. ``players``: those that :meth:`meet` found; ``time`` in ms."""
        player = players[asked.user_id]
        guild, may = self._guilds.get(asked.guild), asked.permissions
        owner = guild is not None and guild.owner == asked.user_id
        powers = [act for act, bit in POWERS.items() if may & (bit | ADMINISTRATOR)]
        return Invocation(
            InvocationId(asked.id),
            command,
            options,
            player,
            self.place(asked, player),
            time,
            moderator=bool(may & MODERATOR),
            roles=asked.roles,
            admin=bool(may & ADMIN),
            owner=owner,
            rank=self._guilds.rank(asked.guild, asked.roles),
            powers=tuple(powers) if asked.guild else None,
            others={players[id]: standing for id, standing in self._others(asked).items() if id in players},
        )

    def _others(self, asked: Asked) -> dict[str, Standing]:
        """What is known of those whom the options name, by their Discord ids."""
        guild = self._guilds.get(asked.guild)
        members: dict[str, Any] = asked.resolved.get("members") or {}
        found = {}
        for id in asked.resolved.get("users") or {}:
            roles = tuple((members.get(id) or {}).get("roles") or ())
            found[id] = Standing(
                self._guilds.rank(asked.guild, roles),
                there=id in members,
                owner=guild is not None and guild.owner == id,
                milena=id == asked.application,
            )
        return found


def name_of(user: dict[str, Any]) -> str:
    """How a user is called: everywhere the same, whatever the nickname in a guild."""
    return str(user.get("global_name") or user.get("username") or user["id"])
