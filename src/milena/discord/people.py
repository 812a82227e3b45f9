"""Discord's users as Milena's players, and what each may do in a place.

Events hold player ids; the vault knows whose they are.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from milena.discord import standing
from milena.discord.asked import Asked
from milena.discord.guilds import Guilds
from milena.discord.standing import ADMIN, MODERATOR
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.store import Vault

REMEMBERED = 20_000
"""Users whose player is known without asking the vault."""
MENTION = re.compile(r"<@!?([0-9]{5,20})>")
"""A user in a text: https://docs.discord.com/developers/reference#message-formatting"""
STRANGER = "somebody"
"""How somebody is called who was mentioned, and has not been met yet."""
DIRECT = "dm-"
"""Begins the guild of a place that is somebody's direct messages."""


class People:
    """Players of the vault, for Discord."""

    def __init__(self, vault: Vault, guilds: Guilds) -> None:
        self.name = vault.name
        self._vault, self._guilds = vault, guilds
        self._met: OrderedDict[str, tuple[PlayerId, str]] = OrderedDict()
        self._generation = 0

    async def meet(self, users: Iterable[dict[str, Any]]) -> dict[str, PlayerId]:
        """The players of these users, by their Discord ids; each gets one at the first meeting, and is
        called as the user is called now."""
        if (generation := self._vault.generation) != self._generation:  # somebody may have been erased
            self._generation = generation
            self._met.clear()
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

    async def masked(self, values: dict[str, Any]) -> dict[str, Any]:
        """What was given for options, with players in the place of the Discord users whom texts mention:
        nobody's Discord id is stored but in the vault, whoever wrote it."""
        ids = {id for text in _texts(values) for id in MENTION.findall(text)}
        if not ids:
            return values
        players = await asyncio.to_thread(
            lambda: {id: self._vault.player("discord", id, STRANGER) for id in ids}
        )
        masked: dict[str, Any] = _masked(values, players)
        return masked

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
            rank=standing.rank(asked.roles, guild.roles if guild else {}),
            powers=standing.powers(may) if asked.guild else None,
            others=standing.others(
                {"data": asked.data, "application_id": asked.application},
                guild.roles if guild else {},
                guild.owner if guild else "",
                players.__getitem__,
            ),
            parent=asked.parent,
            locale=asked.locale,
        )


def _texts(value: Any) -> Iterator[str]:
    """All texts in plain data."""
    match value:
        case str():
            yield value
        case dict():
            yield from _texts([*value, *value.values()])
        case list():
            for each in value:
                yield from _texts(each)


def _masked(value: Any, players: Mapping[str, str]) -> Any:
    match value:
        case str():
            return MENTION.sub(lambda found: f"<{players[found[1]]}>", value)
        case dict():
            return {_masked(name, players): _masked(each, players) for name, each in value.items()}
        case list():
            return [_masked(each, players) for each in value]
    return value


def name_of(user: dict[str, Any]) -> str:
    """How a user is called: everywhere the same, whatever the nickname in a guild."""
    return str(user.get("global_name") or user.get("username") or user["id"])
