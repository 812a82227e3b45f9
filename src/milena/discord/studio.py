"""What all boards are drawn with: the log, Discord, and the commands that note what became of a message.

``what`` is shown: the stream of a game or a poll, as ``game:ID``.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from milena.aggregates import BOARDS
from milena.discord import custom_ids
from milena.discord.asked import EPOCH
from milena.discord.calls import ApiError, Calls
from milena.discord.custom_ids import Call
from milena.discord.message import Message
from milena.discord.people import DIRECT
from milena.discord.subjects import Subject
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
    """``position`` of the last event that can be read; ``ended``: nothing more is to come; ``wanted``: a new
    message is posted where none shows it."""

    position: int
    message: Message
    board: Board
    ended: bool
    wanted: bool


class Studio:
    def __init__(self, engine: Engine, calls: Calls, subjects: Mapping[str, Subject]) -> None:
        self.store, self._engine, self._calls = engine.store, engine, calls
        self._subjects = subjects
        self._me = engine.store.vault.player("machine", "discord")
        self._began = time.time_ns() // 1_000_000
        self._forbidden: set[str] = set()
        self._met: set[str] = set()

    def draw(self, what: str) -> Picture:
        """It as it is now, and the message that shows it. For any thread. Raises StoreError."""
        kind, _, key = what.partition(":")
        likeness = self._subjects[kind].draw(key)
        board: Board = self.store.fold(BOARDS, key).state
        if not board.channel:
            board = replace(board, channel=likeness.place.partition("/")[2])
        wanted = self._subjects[kind].lasting or not (board.posted or likeness.ended)
        return Picture(likeness.position, likeness.message, board, likeness.ended, wanted)

    def knows(self, what: str) -> bool:
        """Whether it is remembered, and nobody reads it just now: to draw it takes no time."""
        kind, _, key = what.partition(":")
        return self._subjects[kind].knows(key)

    # --------------------------------------------------------------------------------------- Discord

    async def edit(self, board: Board, message: Message) -> None:
        """Raises ApiError."""
        path = f"/channels/{board.channel}/messages/{board.message}"
        await self._calls.request("PATCH", path, message.body(), message.files, patience=EDIT)

    async def post(self, what: str, picture: Picture) -> str:
        """A new message that shows it; its id, which is noted in the log; empty where none is wanted. Raises
        ApiError. Asked for again within minutes, Discord makes no second one: the nonce tells it."""
        board, message = picture.board, picture.message
        id = "" if board.posted else await self._unnoted(what, board)
        if id:
            await self.edit(replace(board, message=id), message)
        elif picture.wanted:
            body = message.body() | {"nonce": f"{board.key}-{board.posted}", "enforce_nonce": True}
            path = f"/channels/{board.channel}/messages"
            answer = await self._calls.request("POST", path, body, message.files, patience=EDIT)
            id = str(answer["id"])
        if id:
            await self.note(what, "board post", channel=board.channel, message=id)
        return id

    async def _unnoted(self, what: str, board: Board) -> str:
        """The message that shows it already, where whoever posted it was killed before that could be noted;
        empty where there is none. Only what was opened before this process began has one."""
        opened = (await asyncio.to_thread(self.store.stream, what, upto=1))[0].time
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
        return next((str(each["id"]) for each in reversed(said) if board.key in _shown_by(each)), "")

    async def lose(self, what: str, message: str, gone: Gone) -> None:
        await self.note(what, "board lose", message=message, gone=gone)

    async def note(self, what: str, command: str, **options: Any) -> None:
        """Raises Unavailable where it can't be noted now."""
        kind, _, key = what.partition(":")
        last = await asyncio.to_thread(self.store.last, what)
        assert last is not None, "what has a board was opened"
        answer = await self._engine.execute(
            Invocation(
                InvocationId(new_id()),
                command,
                {kind: key, **options},
                self._me,
                Place(last.place),
                time.time_ns() // 1_000_000,
                follows=(last.correlation, last.position),
            )
        )
        if answer.code in ("busy", "unavailable"):
            raise Unavailable(answer.sentence)
        if answer.verdict != "accepted" and answer.code != "unchanged":
            log.error("the board of %s can't be noted: %s", called(what), answer.sentence)

    # --------------------------------------------------------------------------- trouble, told once

    def forbidden(self, what: str, error: ApiError) -> None:
        if what not in self._forbidden:
            log.warning("the board of %s can't be shown, and it goes on: %s", called(what), error)
            self._forbidden.add(what)

    def met(self, what: str, sentence: str, bug: Exception | None = None) -> None:
        if what not in self._met:
            log.log(logging.ERROR if bug else logging.WARNING, "%s", sentence, exc_info=bug)
            self._met.add(what)

    def over(self, what: str) -> None:
        """It was shown."""
        if self._met:
            self._met.clear()
            log.info("boards are shown again")
        if what in self._forbidden:
            self._forbidden.discard(what)
            log.info("the board of %s is shown again", called(what))


def called(what: str) -> str:
    """For people: ``game ID``."""
    return what.replace(":", " ", 1)


def _shown_by(message: dict[str, Any]) -> set[str]:
    """The ids of the games and polls that the buttons and menus of a message are about."""
    parts = [part for row in message.get("components") or () for part in row.get("components") or ()]
    ids = [custom_ids.parse(str(part.get("custom_id", ""))) for part in parts]
    return {str(id.options.get("poll")) if isinstance(id, Call) else getattr(id, "game", "") for id in ids}


def channel_of(place: str) -> str:
    """The channel of a place on Discord; empty where it is none."""
    guild, _, channel = place.partition("/")
    on_discord = guild.isdecimal() or guild.startswith(DIRECT)
    return channel if on_discord and channel.isdecimal() else ""
