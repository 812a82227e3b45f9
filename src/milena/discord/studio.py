"""What all boards are drawn with: the log, Discord, and the commands that note what became of a message."""

import asyncio
import logging
import time
from typing import Any, NamedTuple

from msgspec.structs import replace

from milena.aggregates import BOARDS
from milena.discord import custom_ids, drawing
from milena.discord.asked import EPOCH
from milena.discord.calls import ApiError, Calls
from milena.discord.histories import Histories
from milena.discord.message import Message
from milena.discord.people import DIRECT
from milena.domain.board import Board, Gone
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.engine import Engine
from milena.store import Unavailable

log = logging.getLogger(__name__)

EDIT = 30.0
"""Seconds for all tries of a call: after that a newer board may have to be shown instead."""

SKEW = 60_000
"""Milliseconds by which our clock may be ahead of Discord's."""
FORBIDDEN = 403


class Picture(NamedTuple):
    """``position`` of the game's last event that can be read; ``ended``: nothing more is to come."""

    position: int
    message: Message
    board: Board
    ended: bool


class Studio:
    def __init__(self, engine: Engine, calls: Calls, histories: Histories, people: drawing.People) -> None:
        self.store, self._engine, self._calls = engine.store, engine, calls
        self._histories, self._people = histories, people
        self._me = engine.store.vault.player("machine", "discord")
        self._began = time.time_ns() // 1_000_000
        self._forbidden: set[str] = set()
        self._met: set[str] = set()

    def draw(self, key: str) -> Picture:
        """The board of a game as it is now, and the message that shows it. For any thread. Raises
        StoreError."""
        with self._histories.any(key) as history:
            board: Board = self.store.fold(BOARDS, key).state
            if not board.channel:
                board = replace(board, channel=history.game.place.partition("/")[2])
            message = drawing.board(history, self._people)
            return Picture(history.position, message, board, history.ended)

    def knows(self, key: str) -> bool:
        """Whether a game is remembered, and nobody reads it just now: to draw it takes no time."""
        return self._histories.knows(key)

    # --------------------------------------------------------------------------------------- Discord

    async def edit(self, board: Board, message: Message) -> None:
        """Raises ApiError."""
        path = f"/channels/{board.channel}/messages/{board.message}"
        await self._calls.request("PATCH", path, message.body(), message.files, patience=EDIT)

    async def post(self, key: str, board: Board, message: Message) -> str:
        """A new message that shows the game; its id, which is noted in the log. Raises ApiError. Asked for
        again within minutes, Discord makes no second one: the nonce tells it."""
        if not board.posted and (id := await self._unnoted(key, board)):
            await self.edit(replace(board, message=id), message)
            await self.note(key, "board post", channel=board.channel, message=id)
            return id
        body = message.body() | {"nonce": f"{key}-{board.posted}", "enforce_nonce": True}
        path = f"/channels/{board.channel}/messages"
        answer = await self._calls.request("POST", path, body, message.files, patience=EDIT)
        id = str(answer["id"])
        await self.note(key, "board post", channel=board.channel, message=id)
        return id

    async def _unnoted(self, key: str, board: Board) -> str:
        """The message that shows the game already, where whoever posted it was killed before that could be
        noted; empty where there is none. Only a game that was opened before this process began has one."""
        opened = (await asyncio.to_thread(self.store.stream, f"game:{key}", upto=1))[0].time
        if opened >= self._began:
            return ""
        after = max(0, opened - SKEW - EPOCH) << 22
        path = f"/channels/{board.channel}/messages?after={after}&limit=50"
        try:
            said = await self._calls.request("GET", path, patience=EDIT)
        except ApiError as error:
            if error.status != FORBIDDEN:
                raise
            return ""
        return next((str(each["id"]) for each in reversed(said) if key in _games_of(each)), "")

    async def lose(self, key: str, message: str, gone: Gone) -> None:
        await self.note(key, "board lose", message=message, gone=gone)

    async def note(self, key: str, command: str, **options: Any) -> None:
        """Raises Unavailable where it can't be noted now."""
        last = await asyncio.to_thread(self.store.last, f"game:{key}")
        assert last is not None, "what has a board was opened"
        answer = await self._engine.execute(
            Invocation(
                InvocationId(new_id()),
                command,
                {"game": key, **options},
                self._me,
                Place(last.place),
                time.time_ns() // 1_000_000,
                follows=(last.correlation, last.position),
            )
        )
        if answer.code in ("busy", "unavailable"):
            raise Unavailable(answer.sentence)
        if answer.verdict != "accepted" and answer.code != "unchanged":
            log.error("the board of game %s can't be noted: %s", key, answer.sentence)

    # --------------------------------------------------------------------------- trouble, told once

    def forbidden(self, key: str, error: ApiError) -> None:
        if key not in self._forbidden:
            log.warning("the board of game %s can't be shown, and the game goes on: %s", key, error)
            self._forbidden.add(key)

    def met(self, what: str, sentence: str, bug: Exception | None = None) -> None:
        if what not in self._met:
            log.log(logging.ERROR if bug else logging.WARNING, "%s", sentence, exc_info=bug)
            self._met.add(what)

    def over(self, key: str) -> None:
        """The board of ``key`` was shown."""
        if self._met:
            self._met.clear()
            log.info("boards are shown again")
        if key in self._forbidden:
            self._forbidden.discard(key)
            log.info("the board of game %s is shown again", key)


def _games_of(message: dict[str, Any]) -> set[str]:
    """The games that the buttons and menus of a message are about."""
    parts = [part for row in message.get("components") or () for part in row.get("components") or ()]
    return {getattr(custom_ids.parse(str(part.get("custom_id", ""))), "game", "") for part in parts}


def channel_of(place: str) -> str:
    """The channel of a place on Discord; empty where it is none."""
    guild, _, channel = place.partition("/")
    on_discord = guild.isdecimal() or guild.startswith(DIRECT)
    return channel if on_discord and channel.isdecimal() else ""
