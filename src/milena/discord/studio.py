"""What all boards are drawn with: the log, Discord, and the commands that note what became of a message."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, NamedTuple

from milena.discord import drawing
from milena.discord.calls import ApiError, Calls
from milena.discord.message import Message
from milena.domain.board import Board, Gone
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.engine import Engine
from milena.home import BOARDS, GAMES, Home
from milena.replay.history import History
from milena.store import Unavailable

log = logging.getLogger(__name__)

KEPT = 300
"""Games whose last plies are kept in memory."""
PLIES = 16
"""Of each game; draws of chance are plies too, and are not told."""
EDIT = 30.0
"""Seconds for all tries of a call: after that a newer board may have to be shown instead."""
DIRECT = "dm-"
"""Begins the guild of a place that is somebody's direct messages."""


class Picture(NamedTuple):
    """``position`` of the game's last event that can be read; ``ended``: nothing more is to come."""

    position: int
    message: Message
    board: Board
    ended: bool


class Studio:
    """``draw`` and ``history`` are for any thread, the rest for that of the event loop."""

    def __init__(self, home: Home, engine: Engine, calls: Calls) -> None:
        self.home, self.store, self._engine, self._calls = home, home.store, engine, calls
        vault = home.vault
        self.names = drawing.Names(
            vault.name,
            lambda player: (vault.outside(player) or "") if vault.source(player) == "discord" else "",
        )
        self._me = vault.player("machine", "discord")
        self._histories: OrderedDict[str, tuple[History, Lock]] = OrderedDict()
        self._lock = Lock()
        self._forbidden: set[str] = set()
        self._met: set[str] = set()

    # --------------------------------------------------------------------------------------- drawing

    def draw(self, key: str) -> Picture:
        """The board of a game as it is now, and the message that shows it. Raises StoreError."""
        with self.history(key) as history:
            board: Board = self.store.fold(BOARDS, key).state
            message = drawing.board(history, self.names)
            if not board.channel:
                channel = history.game.place.partition("/")[2]
                board = Board(key, channel, board.message, board.gone, board.posted)
            return Picture(history.position, message, board, history.ended)

    @contextmanager
    def history(self, key: str) -> Iterator[History]:
        """A game as it is now, for this thread alone meanwhile. Raises StoreError."""
        with self._lock:
            found = self._histories.get(key)
            if found is None or found[0].problem:  # what can't be read may be mended
                found = self._histories[key] = History(self.store, GAMES, key, PLIES), Lock()
            self._histories.move_to_end(key)
            while len(self._histories) > KEPT:
                self._histories.popitem(last=False)
        history, lock = found
        with lock:
            history.catch_up()
            yield history

    # --------------------------------------------------------------------------------------- Discord

    async def edit(self, board: Board, message: Message) -> None:
        """Raises ApiError."""
        path = f"/channels/{board.channel}/messages/{board.message}"
        await self._calls.request("PATCH", path, message.body(), message.files, patience=EDIT)

    async def post(self, key: str, board: Board, message: Message) -> str:
        """A new message that shows the game; its id, which is noted in the log. Raises ApiError. Asked for
        again within minutes, Discord makes no second one: the nonce tells it."""
        body = message.body() | {"nonce": f"{key}-{board.posted}", "enforce_nonce": True}
        path = f"/channels/{board.channel}/messages"
        answer = await self._calls.request("POST", path, body, message.files, patience=EDIT)
        id = str(answer["id"])
        await self.note(key, "board post", channel=board.channel, message=id)
        return id

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

    def met(self, what: str, sentence: str) -> None:
        if what not in self._met:
            log.warning("%s", sentence)
            self._met.add(what)

    def over(self, key: str) -> None:
        """The board of ``key`` was shown."""
        if self._met:
            self._met.clear()
            log.info("boards are shown again")
        if key in self._forbidden:
            self._forbidden.discard(key)
            log.info("the board of game %s is shown again", key)


def channel_of(place: str) -> str:
    """The channel of a place on Discord; empty where it is none."""
    guild, _, channel = place.partition("/")
    on_discord = guild.isdecimal() or guild.startswith(DIRECT)
    return channel if on_discord and channel.isdecimal() else ""
