"""The keeper of boards: for each game and poll on Discord there is one message that shows it as it is.

It follows the log, so whatever changes a game changes its board: moves from anywhere, machines, clocks,
invitations that expire; and so do votes, and the end of a poll. Each board has an
:class:`~milena.discord.easel.Easel`, which never has two calls about one message in flight and leaves out
what is overtaken. After a restart, those are drawn again that are behind the log.

Whoever answers a press can show the new board with the answer itself, which costs no call::

    async with boards.hold(f"game:{game}", message) as held:
        answer = await engine.execute(invocation)
        if held and answer.verdict == "accepted":
            ...                        # answer with UPDATE_MESSAGE of ``await held.draw()``
            held.shown()               # when Discord has taken it
        else:
            ...                        # answer with DEFERRED_UPDATE_MESSAGE: the keeper draws
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from milena.discord.calls import Calls
from milena.discord.drawing import People
from milena.discord.easel import Drawn, Easel
from milena.discord.histories import Histories
from milena.discord.message import Message
from milena.discord.studio import Studio, channel_of
from milena.discord.subjects import subjects
from milena.discord.watermark import Watermark
from milena.engine import Engine
from milena.home import Home
from milena.store import Head, StoreError

log = logging.getLogger(__name__)

POLL = 0.5
"""Seconds between two looks at what other processes have written."""
BREATH = 0.02
"""Seconds in which commits that follow one another are looked at together."""
FEW = 50
"""Events that are read where one is: another thread would be waited for longer."""
PAUSE = 5.0
"""Seconds until the log is read again after it could not be."""


class Changed(NamedTuple):
    """The stream of a game or a poll, the position of its last event, and the invocation that this goes back
    to."""

    what: str
    position: int
    correlation: str


class Held:
    """A board that nobody else draws now."""

    def __init__(self, easel: Easel, message: str) -> None:
        self._easel, self._message = easel, message
        self._drawn: Drawn | None = None

    async def draw(self) -> Message:
        """The board as it is now. Raises StoreError."""
        self._drawn = await self._easel.draw()
        return self._drawn.message

    def shown(self) -> None:
        """Discord has taken what :meth:`draw` gave."""
        assert self._drawn is not None, "only what was drawn is shown"
        self._easel.shows(self._drawn, self._message)


class Opening:
    """Something that is being opened, whose board may be the answer to who opened it. Until that is known,
    nobody else draws it."""

    def __init__(self, boards: "Boards") -> None:
        self._boards = boards
        self._easel: Easel | None = None

    async def draw(self, what: str) -> Message | None:
        """The board of what is new; None where a message shows it already. Raises StoreError."""
        easel = self._boards.easel(what)
        await easel.lock.acquire()
        self._easel = easel
        self._drawn = await easel.draw()
        return None if easel.message else self._drawn.message

    async def posted(self, channel: str, message: str) -> None:
        """``message`` is what Discord made of it. Raises StoreError."""
        assert self._easel is not None, "only what was drawn is posted"
        await self._boards.studio.note(self._easel.what, "board post", channel=channel, message=message)
        self._easel.shows(self._drawn, message)

    def over(self) -> None:
        if self._easel is not None:
            self._easel.lock.release()


class Boards:
    """Keeps the boards of ``home``; ``serves``: whether a guild's are ours, or another
    process's. ``name``: of the file that remembers how far the log is shown.

    ``await boards.run()`` until it is cancelled, then ``await boards.close()``.
    """

    def __init__(
        self,
        home: Home,
        engine: Engine,
        calls: Calls,
        histories: Histories,
        people: People,
        serves: Callable[[str], bool] = lambda guild: True,
        name: str = "boards",
    ) -> None:
        self._subjects = subjects(home.store, histories, people)
        self.studio = Studio(engine, calls, self._subjects)
        self._store, self._serves = home.store, serves
        self._mark = Watermark(home.path / f"{name}.json")
        self._easels: dict[str, Easel] = {}
        self._position: int | None = None
        self.pause = 0.0
        """Seconds between two looks at the log, beside POLL: what happens meanwhile is drawn once."""
        self._opening: dict[str, list[Changed]] = {}
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    # -------------------------------------------------------------------------------- following the log

    def wake(self, head: Head) -> None:
        """There is something new in the log. For any thread."""
        loop = self._loop
        if loop is not None:
            try:
                loop.call_soon_threadsafe(self._woken.set)
            except RuntimeError:  # that loop is closed: nobody follows any more
                log.debug("a commit came after the boards were closed")

    async def run(self) -> None:
        """Follow the log and keep the boards, until it is cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            try:
                await self._follow()
            except Exception as error:  # whatever it is, they must not stand still for ever
                known = isinstance(error, StoreError)
                self.studio.met("log", f"boards have to wait: {error}", None if known else error)
                await asyncio.sleep(PAUSE)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._woken.wait()
                    await asyncio.sleep(BREATH)
            if self.pause:
                await asyncio.sleep(self.pause)
            self._woken.clear()

    async def close(self, seconds: float = 0.0) -> None:
        """Wait so long for boards that are being drawn, and remember which were."""
        self._loop = None
        tasks = [each.task for each in self._easels.values() if each.task and not each.task.done()]
        if tasks and seconds:
            await asyncio.wait(tasks, timeout=seconds)
        for easel in self._easels.values():
            easel.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._remember(now=True)

    async def _follow(self) -> None:
        """Tell the easels what has changed."""
        if self._position is None:
            head, changed = await asyncio.to_thread(self._begin)
        else:
            head, after = self._store.head().position, self._position
            if head - after > FEW:
                changed = await asyncio.to_thread(self._changes, after, head)
            else:
                changed = self._changes(after, head)
        for each in changed:
            held_back = self._opening.get(each.correlation)
            if held_back is not None and each.what not in self._easels:
                held_back.append(each)
            else:
                self.easel(each.what).changed(each.position)
        self._position = head
        self._remember()

    def _begin(self) -> tuple[int, list[Changed]]:
        """At the start: what is behind the log; all that is open where nobody knows."""
        head = self._store.head().position
        shown = self._mark.position
        if shown is not None and shown <= head:
            return head, self._changes(shown, head)
        found = [f"{kind}:{key}" for kind, subject in self._subjects.items() for key in subject.open()]
        lasts = [(what, self._store.last(what)) for what in found if self._is_ours(what)]
        return head, [
            Changed(what, last.position, last.correlation) for what, last in lasts if last is not None
        ]

    def _changes(self, after: int, head: int) -> list[Changed]:
        if head == after:
            return []
        found = self._store.rows(
            # +stream: in the order of the log, and not by reading every game
            "SELECT stream, max(position), correlation FROM events WHERE position > ? AND position <= ? "
            "AND (+stream GLOB 'game:*' OR +stream GLOB 'poll:*') GROUP BY stream ORDER BY 2",
            (after, head),
        )
        return [each for each in (Changed(*row) for row in found) if self._is_ours(each.what)]

    def _is_ours(self, what: str) -> bool:
        """Whether it happens on Discord, and this process draws it."""
        if what in self._easels:
            return True
        opened = self._store.stream(what, upto=1)
        place = opened[0].place if opened else ""
        return bool(channel_of(place)) and self._serves(place.partition("/")[0])

    def _remember(self, *, now: bool = False) -> None:
        """How far everything is shown; boards of what is over are put away."""
        if self._position is None or not (now or self._mark.due):
            return
        waiting = [each.first for each in self._easels.values() if each.first is not None]
        waiting += [each.position for held_back in self._opening.values() for each in held_back]
        self._mark.note(min(waiting, default=self._position + 1) - 1, now=now)
        for what in [what for what, each in self._easels.items() if each.done]:
            del self._easels[what]

    # ---------------------------------------------------------------------------------- for who answers

    def easel(self, what: str) -> Easel:
        if what not in self._easels:
            self._easels[what] = Easel(self.studio, what)
        return self._easels[what]

    def message(self, what: str) -> str | None:
        """The id of the message that is known to show it."""
        easel = self._easels.get(what)
        return easel.message if easel is not None else None

    def quick(self, what: str) -> bool:
        """Whether whoever shows it may draw it at once; see :attr:`Easel.quick`."""
        easel = self._easels.get(what)
        return easel is not None and easel.quick

    @asynccontextmanager
    async def hold(self, what: str, message: str) -> AsyncIterator[Held | None]:
        """The board of ``what`` for who answers a press on ``message``. None where that is not the message
        that shows it, or the keeper is drawing just now: then the keeper does the rest too; or where no such
        game is ours, of which nothing is kept."""
        if not self._is_ours(what):
            yield None
            return
        easel = self.easel(what)
        if easel.message is None and easel.free:
            async with easel.lock:
                await easel.draw()
        if easel.message != message or not easel.free:
            yield None
            return
        async with easel.lock:
            yield Held(easel, message)

    @asynccontextmanager
    async def opening(self, invocation: str) -> AsyncIterator[Opening]:
        """What the invocation of this id opens gets no board of the keeper's meanwhile."""
        self._opening[invocation] = []
        opening = Opening(self)
        try:
            yield opening
        finally:
            opening.over()
            for each in self._opening.pop(invocation):
                self.easel(each.what).changed(each.position)
