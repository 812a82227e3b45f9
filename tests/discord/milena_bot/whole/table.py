"""A table at which people play one game: a guild and a channel of its own, and who sits there."""

import asyncio
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

from life import Life
from log import Log
from standin import Guild, Message, P, Person, Shown, StandIn

from milena import games
from milena.domain.game import Game
from milena.domain.rules import Rules

PATIENCE = 120.0
"""Seconds after which what should have come to pass will not."""
SHORTLY = 2.0
"""Seconds in which somebody waits for the board before doing without it."""
COMMANDS = {"Accept": "accept", "Decline": "decline", "Draw": "draw", "Resign": "resign", "Call off": "abort"}
"""What can be written where there is no button to press."""


@dataclass
class Table:
    life: Life
    log: Log
    kind: str
    guild: Guild
    people: list[Person]
    moderator: Person
    random: Random
    options: dict[str, Any] = field(default_factory=dict)
    """What is said to ``/play``."""
    killed: int = 0
    """How often the bot was killed while this game was opened: after the answer to ``/play``, say, and before
    it had noted which message that was. There is another board then. ``doubled``: so many there were."""
    doubled: int = 0
    key: str = ""
    """The game's id; empty until it is opened."""
    shown: list[Shown] = field(default_factory=list)
    """What everybody here saw in answer to all that they did."""

    @classmethod
    def laid(cls, life: Life, log: Log, kind: str, number: int, **options: Any) -> "Table":
        """In a guild of its own, for as many people as there are seats for, up to two."""
        discord = life.discord
        guild = discord.guild(f"{kind} {number}")
        people = [discord.person(f"{name}{number}", guild) for name in ("ann", "bob")]
        moderator = discord.person(f"mia{number}", guild, guild.role("mod", P.MODERATE_MEMBERS))
        seats = min(2, games.load(kind).seats.max)
        return cls(life, log, kind, guild, people[:seats], moderator, Random(f"{kind} {number}"), options)

    @property
    def name(self) -> str:
        return self.guild.name

    @property
    def discord(self) -> StandIn:
        return self.life.discord

    @property
    def everybody(self) -> list[Person]:
        return [*self.people, self.moderator]

    @property
    def rules(self) -> "Rules[Any, Any]":
        return games.load(self.kind)

    @property
    def game(self) -> Game:
        return self.log.history(self.key).game

    @property
    def ended(self) -> bool:
        return self.game.status == "ended"

    @property
    def movers(self) -> tuple[int, ...]:
        """The seats that may move now."""
        history = self.log.history(self.key)
        return history.games.actors(history.game)

    @property
    def place(self) -> str:
        return f"{self.guild.id}/{self.people[0].channel.id}"

    @property
    def board(self) -> Message | None:
        return self.log.board(self.key)

    def seated(self, seat: int) -> Person:
        """Who has that seat."""
        sitting = self.game.seats[seat]
        assert sitting is not None
        outside = self.log.home.vault.outside(sitting.player)
        return next(each for each in self.people if each.id == outside)

    async def settled(self, patience: float = PATIENCE) -> bool:
        """Wait until the board shows what the log says. False: it does not, all the time."""
        deadline = time.monotonic() + patience
        while not self.log.is_right(self.key):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.02)
        return True

    def difference(self) -> str:
        """Between the board and the log, for who reads a failure."""
        board = self.board
        shown = f"{board.content}\n{board.components}" if board else "no message"
        drawn = self.log.drawn(self.key)
        return f"{self.name} ({self.key}) shows\n{shown}\nand not\n{drawn.content}\n{drawn.components}"

    def saw(self, shown: Shown) -> Shown:
        self.shown.append(shown)
        return shown

    # ------------------------------------------------------------------------------ opening and ending

    async def open(self) -> None:
        """``/play``, until the game is in the log and its board is there."""
        kills = self.life.kills
        invited = {"opponent": self.people[1]} if len(self.people) > 1 else {}
        while not self.log.opened(self.place):
            await self.life.up.wait()
            self.saw(await self.people[0].slash(f"play {self.kind}", **invited, **self.options))
        self.key = self.log.opened(self.place)[0]
        assert await self.settled(), self.difference()
        self.killed = self.life.kills - kills

    async def answer_invitation(self, label: str) -> None:
        """ "Accept" or "Decline", by who is invited."""
        while self.game.status == "waiting":
            await self.press_board(self.people[1], label)

    async def press_board(self, who: Person, label: str) -> Shown | None:
        """A button of the board by its label, or what it stands for where the board was deleted; None where
        there is none such just now."""
        await self.life.up.wait()
        await self.settled(SHORTLY)
        board = self.board
        if board is None:
            return self.saw(await who.slash(f"game {COMMANDS[label]}", game=self.key))
        if label not in board.labels:
            await asyncio.sleep(0.02)
            return None
        return self.saw(await who.press(board, label))

    async def told(self, path: str, **options: Any) -> Shown:
        """The answer to a command that changes nothing, asked for until it comes."""
        while True:
            await self.life.up.wait()
            shown = await self.people[0].slash(path, **options)
            if shown.how == "message":
                return shown
