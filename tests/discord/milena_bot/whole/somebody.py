"""Somebody who can play every game: by pressing what is offered, at random, and typing what is legal."""

from random import Random

from standin import CannotDo, Message, Person, Shown
from table import SHORTLY, Table

from milena.discord import custom_ids
from milena.discord.custom_ids import Ask, Hand, Menu, Numbered, Play

TYPED, LOOKED_AGAIN = 0.1, 0.2
"""How often a move is typed that could be pressed; how often a hand is asked for again."""
PAGES = 3
"""Pages of moves that somebody turns, at most, before choosing."""


class Player:
    """Plays the ``seat`` of a table for who sits there."""

    def __init__(self, table: Table, seat: int) -> None:
        self.table, self.seat = table, seat
        self.hand: Message | None = None

    @property
    def person(self) -> Person:
        return self.table.seated(self.seat)

    @property
    def random(self) -> Random:
        return self.table.random

    async def move(self) -> None:
        """Try to make a move, once; what comes of it is in the log."""
        await self.table.life.up.wait()
        try:
            if not await self._try():
                await self._command()
        except CannotDo:
            self.hand = None  # what was looked at has changed meanwhile, or is gone

    async def _try(self) -> bool:
        """By what the board offers. False: it can't be looked at, or one would rather write a command."""
        table = self.table
        board = table.board
        if board is None or self.random.random() < TYPED:
            return False
        if _said(board, Hand) and not _moves(board):
            return await self._by_hand(board)  # which is up to date, should the board not be
        if not await table.settled(SHORTLY):
            return False
        board = table.board
        if board is None or self.seat not in table.movers:
            return True
        pressable = _moves(board)
        if _said(board, Ask) and (not pressable or self.random.random() < TYPED):
            return await self._form(board)
        if pressable:
            await self._choose(board)
        return bool(pressable)

    async def _by_hand(self, board: Message) -> bool:
        """On one's own side of the board, that is kept and looked at again."""
        person, hand = self.person, self.hand
        if hand is None or self.random.random() < LOOKED_AGAIN:
            hand = _message(await self._press(board, _said(board, Hand)[0]))
        elif not _moves(hand) and (again := _said(hand, Hand)):
            hand = _message(await self._press(hand, again[0]))
        self.hand = hand
        if hand is None:
            return True
        assert hand.only_for == person.id, "a hand is for its player alone"
        for _ in range(self.random.randint(0, PAGES)):
            turning = [each for each in _said(hand, Hand) if _moves(hand)]
            if turning:
                self.hand = hand = _message(await self._press(hand, self.random.choice(turning))) or hand
        if _said(hand, Ask) and self.random.random() < TYPED:
            return await self._form(hand)
        if not _moves(hand):
            self.hand = None
            return self.seat not in self.table.movers
        if (await self._choose(hand)).how != "updated":
            self.hand = None
        return True

    async def _choose(self, message: Message) -> Shown:
        """Any of the moves that are offered."""
        custom_id, value = self.random.choice(_moves(message))
        if value is None:
            return await self._press(message, custom_id)
        return self.table.saw(await self.person.choose(message, value, menu=custom_id))

    async def _press(self, message: Message, custom_id: str) -> Shown:
        return self.table.saw(await self.person.press(message, custom_id))

    async def _form(self, message: Message) -> bool:
        form = await self._press(message, _said(message, Ask)[0])
        if form.how == "form":
            self.table.saw(await self.person.submit(form, {"Your move": self._legal()}))
        return True

    async def _command(self) -> None:
        """``/move``."""
        moves = self._legal()
        if moves:
            self.table.saw(await self.person.slash("move", game=self.table.key, move=moves))

    def _legal(self) -> str:
        """A move of the rules' own list; one that is open for all words knows the right ones so."""
        game = self.table.game
        if game.status != "playing":
            return ""
        moves = self.table.rules.legal(game.board, self.seat)
        return self.random.choice(moves) if moves else ""


def _said(message: Message, kind: type) -> list[str]:
    """The ids of its buttons that say such a thing, and can be pressed."""
    ids = [str(each["custom_id"]) for each in message.buttons if not each.get("disabled")]
    return [each for each in ids if isinstance(custom_ids.parse(each), kind)]


def _moves(message: Message) -> list[tuple[str, str | None]]:
    """The moves that are offered: a button's id, or a menu's and what to choose of it."""
    pressed: list[tuple[str, str | None]] = [(each, None) for each in _said(message, Play | Numbered)]  # type: ignore[arg-type]
    menus = [each for each in message.menus if isinstance(custom_ids.parse(each["custom_id"]), Menu)]
    return pressed + [(each["custom_id"], option["value"]) for each in menus for option in each["options"]]


def _message(shown: Shown) -> Message | None:
    """The hand that was shown, if one was."""
    if shown.how not in ("message", "updated"):
        return None
    message = shown.message
    return message if _said(message, Hand | Ask | Play | Numbered) or message.menus else None  # type: ignore[arg-type]
