"""Commands, called for somebody on Discord, and what they are told."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from milena.discord import reading
from milena.discord.answers import LONGEST, message
from milena.discord.asked import Asked
from milena.discord.attaching import Fetch, attached
from milena.discord.boards import Boards
from milena.discord.message import Message
from milena.discord.people import People
from milena.discord.reply import Offer, Outcome, Reply, Say
from milena.discord.standing import MODERATOR
from milena.discord.tables import Tables
from milena.discord.text import clip
from milena.domain.command import Invocation
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.engine import Answer, Engine
from milena.seeing import Seeing
from milena.slash import Slash, Sources, complete, is_left_out, meant
from milena.suggesting import Suggestions

Players = dict[str, PlayerId]
OPENING = {"open": "game", "match": "game", "rematch": "game", "poll create": "poll"}
"""Commands that open something new, and what: its board is a message of its own, for everybody."""
SHOWING = ("game show",)
"""Commands that show a game to everybody; after the others who asked sees the own side of it."""

NO_BOARD = (
    "Milena can't see this channel, so no board can be kept here: give her role the permission View Channel "
    "for it, or play in another one."
)


class Caller:
    """Calls the commands of ``engine``; ``slashes`` are those that are offered."""

    def __init__(
        self,
        engine: Engine,
        seeing: Seeing,
        suggestions: Suggestions,
        fetch: Fetch,
        people: People,
        tables: Tables,
        boards: Boards,
        slashes: Sequence[Slash],
    ) -> None:
        self.engine, self.people, self.name = engine, people, people.name
        self.tables, self.boards = tables, boards
        self._seeing, self._suggestions = seeing, suggestions
        self._fetch = fetch
        self._paths = reading.by_path(slashes)

    async def typed(self, asked: Asked, reply: Reply) -> Outcome | None:
        """A slash command. Raises Refused."""
        players = await self.players(asked)
        slash, values = reading.read(self._paths, asked.data, _known(players), asked.guild)
        reply.discreet = slash.discreet
        values = await attached(slash, values, self._fetch)
        if slash.category == "games":
            _check_people(asked)
        if is_left_out(slash, values):
            sources = self._sources(asked, players)
            values = await asyncio.to_thread(meant, slash, values, sources)
        command, options = slash.invoke(values)
        if command in OPENING:
            return await self.opened(asked, reply, command, options, players)
        answer = await self.call(asked, command, options, players)
        return Say(await self.told(asked, command, answer, players[asked.user_id], alone=slash.discreet))

    async def told(
        self, asked: Asked, command: str, answer: Answer, player: PlayerId, *, alone: bool
    ) -> Message:
        """What an answer says or shows. ``alone``: only who asked sees it."""
        said, result = await self.drawn(answer, alone=alone), answer.result
        if answer.verdict != "accepted" or "game" not in result:
            return said
        game, guild = result["game"], self.guild(asked, player)
        if "at" in result:
            shown = await asyncio.to_thread(self.tables.past, game, result["at"], guild)
            content = f"{shown.content}\n{said.content}"
            return replace(said, content=clip(content, LONGEST), files=shown.files)
        if "says" in result:
            return said
        if command in SHOWING:
            return replace(await self.board(game, guild), pings=())
        return await asyncio.to_thread(self.tables.side, game, player, guild)

    async def board(self, game: str, guild: str) -> Message:
        """A game for everybody. Raises Refused."""
        if self.boards.quick(f"game:{game}"):
            return self.tables.board(game, guild)
        return await asyncio.to_thread(self.tables.board, game, guild)

    async def drawn(self, answer: Answer, *, alone: bool) -> Message:
        """An answer as a message; pictures take longer, and are drawn by another thread."""
        if "chart" in answer.result:
            return await asyncio.to_thread(message, answer, self.name, ephemeral=alone)
        return message(answer, self.name, ephemeral=alone)

    async def opened(
        self, asked: Asked, reply: Reply, command: str, options: dict[str, Any], players: Players
    ) -> Outcome | None:
        """A command that opens a game or a poll: the answer is its board, which is kept up from then on.
        Raises Refused where that can't be done."""
        if not asked.sees:
            raise Refused("no_board", NO_BOARD)
        async with self.boards.opening(asked.id) as opening:
            answer = await self.call(asked, command, options, players)
            if answer.verdict != "accepted":
                return Say(message(answer, self.name, ephemeral=True))
            kind = OPENING[command]
            board = await opening.draw(f"{kind}:{answer.result[kind]}")
            if board is None:  # it was there already
                return Say(await self.told(asked, command, answer, players[asked.user_id], alone=True))
            if id := await reply.give(Say(board)):
                await opening.posted(asked.channel, id)
        return None

    def guild(self, asked: Asked, player: PlayerId) -> str:
        """The guild of the place, which direct messages have too."""
        return self.people.place(asked, player).partition("/")[0]

    async def completed(self, asked: Asked) -> Offer:
        """What may be typed next."""
        players = await self.players(asked)
        typing = reading.read_typing(self._paths, asked.data, _known(players))
        sources = self._sources(asked, players)
        found = await asyncio.to_thread(
            complete, typing.slash, typing.name, typing.text, typing.values, sources
        )
        return Offer([{"name": each.name, "value": each.value} for each in found])

    def _sources(self, asked: Asked, players: Players) -> Sources:
        player = players[asked.user_id]
        moderator = asked.permissions & MODERATOR != 0
        return self._suggestions.of(player, self.people.place(asked, player), moderator, asked.roles)

    async def call(self, asked: Asked, command: str, options: dict[str, Any], players: Players) -> Answer:
        """Execute a command, whatever it was that asked for it; what it shows is looked up then, by another
        thread."""
        options = await self.people.masked(options)
        now = round(time.time() * 1000)
        invocation = self.people.invocation(asked, command, options, players, now)
        answer = await self.engine.execute(invocation)
        if answer.verdict == "accepted" and self._shows(invocation):
            answer = await asyncio.to_thread(self.show, invocation, answer)
        return answer

    def show(self, invocation: Invocation, answer: Answer) -> Answer:
        """The answer with what is looked up; it may read files."""
        return self._seeing.shown(invocation, answer)

    async def players(self, asked: Asked) -> Players:
        """Who asks, and whom the options name."""
        users = asked.resolved.get("users") or {}
        return await self.people.meet([*users.values(), asked.user])

    def _shows(self, invocation: Invocation) -> bool:
        command = self.engine.commands.get(invocation.command)
        return command is not None and command.show is not None


def _known(players: Players) -> reading.Player:
    def player(id: str) -> PlayerId:
        if id not in players:
            raise Refused("unknown_player", "Discord does not say who that is; choose somebody of the list.")
        return players[id]

    return player


def _check_people(asked: Asked) -> None:
    """Other bots play nothing, and Milena's own machines are chosen by name."""
    users = asked.resolved.get("users") or {}
    if any(user.get("bot") for user in users.values()):
        raise Refused("bot", "That is a bot, and plays nothing here: choose a person, or a machine instead.")
