"""What tests of the keeper of boards share: a home whose games and polls are in a channel of the stand-in."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

from standin import Guild, Message, StandIn

from milena.aggregates import GAMES
from milena.discord import drawing
from milena.discord.boards import Boards
from milena.discord.histories import Histories
from milena.discord.rest import Rest
from milena.domain.board import Board
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Answer
from milena.home import Home
from milena.store import Head

POST = "POST /channels/{channel}/messages"
EDIT = "PATCH /channels/{channel}/messages/{message}"


class Gated(Rest):
    """Calls that are held back while the gate is closed. ``held``: so many wait there."""

    held = 0

    async def request(self, *asked: Any, **more: Any) -> Any:
        self.held += 1
        await self.gate.wait()
        self.held -= 1
        return await super().request(*asked, **more)

    @cached_property
    def gate(self) -> asyncio.Event:
        gate = asyncio.Event()
        gate.set()
        return gate


class Club:
    """A home whose games are played in a channel. ``boards`` while they are kept."""

    def __init__(self, discord: StandIn, guild: Guild, home: Home) -> None:
        self.discord, self.guild, self.home = discord, guild, home
        self.engine = home.engine(self._committed)
        [self.channel] = guild.channels.values()
        self.ann = home.vault.player("discord", "11", "ann")
        self.bob = home.vault.player("discord", "12", "bob")
        self.now = 1_800_000_000_000
        self.boards: Boards | None = None
        self.pause = 0.0

    def _committed(self, head: Head) -> None:
        if self.boards is not None:
            self.boards.wake(head)

    def asked(self, command: str, player: PlayerId, id: str = "", **options: Any) -> Invocation:
        place = Place(f"{self.guild.id}/{self.channel.id}")
        return Invocation(InvocationId(id or new_id()), command, options, player, place, self.now)

    async def do(self, command: str, player: PlayerId, id: str = "", **options: Any) -> Answer:
        answer = await self.engine.execute(self.asked(command, player, id, **options))
        assert answer.verdict == "accepted", answer.sentence
        return answer

    async def game(self, kind: str = "tictactoe") -> str:
        """A game of both that has begun."""
        key: str = (await self.do("open", self.ann, game=kind)).result["game"]
        await self.do("join", self.bob, game=key)
        return key

    async def move(self, key: str, *moves: str) -> None:
        for move in moves:
            game = self.engine.read("game", key).state
            [seat] = GAMES.actors(game)
            await self.do("move", game.seats[seat].player, game=key, move=move)

    def keeper(self, rest: Rest) -> Boards:
        people = drawing.People(self.home.vault.name, lambda player: "")
        histories = Histories(self.home.store)
        return Boards(self.home, self.engine, rest, histories, people, lambda guild: guild != "5")

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[Boards]:
        async with Gated(self.discord.settings.token, "Test", self.discord.api) as rest:
            self.rest, self.boards = rest, self.keeper(rest)
            self.boards.pause = self.pause
            running = asyncio.create_task(self.boards.run())
            try:
                yield self.boards
            finally:
                running.cancel()
                await self.boards.close()

    def shown(self) -> list[Message]:
        return self.channel.shown()

    def board(self, key: str) -> Board:
        state: Board = self.engine.read("board", key).state
        return state

    async def until_shown(self, text: str, count: int = 1) -> Message:
        """Wait for a board that says so, and for the keeper to be through with all."""

        def there() -> bool:
            return any(text in each.content for each in self.shown()) and self.settled()

        await self.discord.until(there)
        assert len(self.shown()) == count
        return next(each for each in self.shown() if text in each.content)

    def settled(self) -> bool:
        """Whether everything that is in the log is shown."""
        file = self.home.path / "boards.json"
        shown = json.loads(file.read_bytes())["position"] if file.exists() else None
        return bool(shown == self.home.store.head().position)
