"""The message of one board, of a game or a poll: it is changed in order, by one call at a time, and always to
the latest state."""

import asyncio
import logging
from typing import NamedTuple

from milena.discord.calls import ApiError
from milena.discord.message import Message
from milena.discord.studio import Picture, Studio, called
from milena.discord.trouble import Trouble, trouble
from milena.domain.board import Board, Gone
from milena.ops.backoff import Backoff
from milena.store import StoreError

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until it is tried again while Discord, or the store, can't be reached; each time twice as long."""
LATER = 600.0
"""Seconds until it is tried again where Milena may not post; sooner, when the game goes on."""


class Drawn(NamedTuple):
    """A picture, and how far it goes: it shows all of the log up to ``covers``."""

    picture: Picture
    covers: int

    @property
    def message(self) -> Message:
        return self.picture.message

    @property
    def board(self) -> Board:
        return self.picture.board


class Easel:
    """The board of ``what``, which is a stream, as ``game:ID``. For the event loop's thread only.

    ``lock`` is held while a call about the message is in flight. ``first``: the log position of the first
    change that is not shown yet, None where all are. ``message``: Discord's id, None where nobody looked.
    """

    def __init__(self, studio: Studio, what: str) -> None:
        self.what = what
        self.lock = asyncio.Lock()
        self.first: int | None = None
        self.message: str | None = None
        self.task: asyncio.Task[None] | None = None
        self._studio = studio
        self._latest = 0
        self._shown = 0
        """The message shows the log up to here."""
        self._ended = False
        self._is_text = False
        """It was drawn without a picture."""
        self._waits = False
        """The worker has something to draw, as soon as the lock is free."""
        self._later: asyncio.TimerHandle | None = None

    @property
    def free(self) -> bool:
        """Whether nobody draws, or is about to."""
        return not self.lock.locked() and not self._waits

    @property
    def quick(self) -> bool:
        """Whether to draw it takes less than another thread would be waited for: it is text, and little is to
        be read for it."""
        return self._is_text and self._studio.knows(self.what)

    @property
    def done(self) -> bool:
        """Whether it is over, and shown so."""
        working = self.task is not None and not self.task.done()
        return self._ended and self.first is None and self._later is None and not working and self.free

    def changed(self, position: int) -> None:
        """It goes on, at this position of the log. Returns at once."""
        if position <= self._shown:
            return
        self._latest = max(self._latest, position)
        if self.first is None:
            self.first = position
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self.task is None or self.task.done():
            self._waits = True
            self.task = asyncio.create_task(self._work(), name=f"board {self.what}")

    def close(self) -> None:
        if self._later is not None:
            self._later.cancel()
        if self.task is not None:
            self.task.cancel()

    async def draw(self) -> Drawn:
        """The board as it is now. Raises StoreError."""
        latest = self._latest
        if self.quick:
            picture = self._studio.draw(self.what)
        else:
            picture = await asyncio.to_thread(self._studio.draw, self.what)
        self._is_text = not picture.message.files
        self.message, self._ended = picture.board.message, picture.ended
        # What can't be read is not waited for: the board says so.
        return Drawn(picture, max(latest, picture.position))

    def shows(self, drawn: Drawn, message: str) -> None:
        """It was delivered: ``message`` shows it now."""
        self._shown, self.message = drawn.covers, message
        self._settle(drawn)

    def _settle(self, drawn: Drawn) -> None:
        self.first = None if self._latest <= drawn.covers else drawn.covers + 1

    # ----------------------------------------------------------------------------------- the worker

    async def _work(self) -> None:
        backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        while self.first is not None:
            try:
                self._waits = True
                async with self.lock:
                    self._waits = False
                    if self.first is not None:
                        await self._bring_up_to_date()
                backoff.over()
            except (ApiError, StoreError) as error:
                self._studio.met("unreachable", f"boards have to wait: {error}")
                await asyncio.sleep(backoff.pause())
            except Exception:
                log.exception("the board of %s can't be drawn", called(self.what))
                self.first = None
            finally:
                self._waits = False

    async def _bring_up_to_date(self) -> None:
        """Show the latest state. Raises ApiError where it is worth another try."""
        drawn = await self.draw()
        if drawn.board.gone == "channel":
            self._settle(drawn)
            return
        try:
            message = drawn.board.message
            if message:
                await self._studio.edit(drawn.board, drawn.message)
            else:
                message = await self._studio.post(self.what, drawn.picture)
        except ApiError as error:
            await self._failed(drawn, error)
            return
        self._studio.over(self.what)
        self.shows(drawn, message)

    async def _failed(self, drawn: Drawn, error: ApiError) -> None:
        match trouble(error):
            case Trouble.MESSAGE if drawn.board.message:
                await self._lose(drawn, "message")  # and the next round posts another one
            case Trouble.CHANNEL:
                log.warning("the channel of %s is gone; it goes on without a board", called(self.what))
                await self._lose(drawn, "channel")
            case Trouble.FORBIDDEN:
                self._studio.forbidden(self.what, error)
                self._settle(drawn)
                self._later = asyncio.get_running_loop().call_later(LATER, self.changed, self._latest)
            case Trouble.AGAIN:
                raise error
            case _:
                kind, _, key = self.what.partition(":")
                extra = {"error": error, kind: key, "recovery": "drawn again when it changes"}
                log.error("Discord does not take the board of %s: %s", called(self.what), error, extra=extra)
                self._settle(drawn)

    async def _lose(self, drawn: Drawn, gone: Gone) -> None:
        self._shown = 0
        await self._studio.lose(self.what, drawn.board.message, gone)
