"""How many commands came in the last minute, of each member and each guild: the throttle's memory.

It follows the log, so it is the same after a restart, and in every process that works on one log. What is
refused for the throttle does not count; nor what Milena asks herself, nor the terminal.

A member who goes on beyond the throttle is a flood. Its first refusal is recorded as any other; those that
follow within the minute are only counted, and the count is recorded when that minute is over.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import partial

from msgspec import Struct

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, PlayerId
from milena.domain.refusal import Refused, moment
from milena.domain.throttle import CODES, GUILD, MEMBER, MINUTE, Throttle
from milena.engine.answer import Answer
from milena.store import Transaction

UNTHROTTLED = "terminal"
REMEMBERED = 10_000
"""Answers of a flood that are kept, to be given again where an id is delivered again."""
FURTHEST = 100_000
"""Positions that are looked back at, at the start."""
STEP = 1000
SPARE = 10_000
"""So many members are remembered until those that were quiet for a minute are forgotten."""


class Flood(Struct):
    """``first``, ``position``: of the refusal that was recorded; ``since`` its time, ``until`` when the
    minute is over; ``due`` when to record it, on our own clock (``time.monotonic``), as those of the front
    ends may be wrong; ``refused`` how many were only counted."""

    first: Invocation
    position: int
    until: int
    due: float
    refused: int = 0

    @property
    def since(self) -> int:
        return self.first.time

    def more(self, count: int) -> None:
        self.refused += count


def report(flood: Flood, asks: PlayerId) -> Invocation:
    """The invocation that records how many commands of a flood were refused. Its id is made of the flood's
    first one, so that it happens once."""
    first = flood.first
    options = {"refused": flood.refused, "since": flood.since, "until": flood.until, "member": first.player}
    return Invocation(
        InvocationId(f"{first.id}-flood"), "flood", options, asks, first.place,
        time.time_ns() // 1_000_000, follows=(first.id, flood.position),
    )  # fmt: skip


Counted = tuple[str, str]
"""What an invocation counts for: the member's stream, and the guild."""


class Traffic:
    """For the writer thread only. Everything since the last :meth:`commit` is undone by :meth:`rollback`."""

    def __init__(self, throttle: Throttle) -> None:
        self.throttle = throttle
        self.floods: dict[str, Flood] = {}
        self.answers: OrderedDict[str, tuple[Invocation, Answer]] = OrderedDict()
        self._times: dict[str, deque[int]] = {}
        self._position: int | None = None
        self._counted: list[tuple[deque[int], int | None]] = []  # and the time that had to make room
        self._undo: list[Callable[[], object]] = []

    # --------------------------------------------------------------------------------- the last minute

    def follow(self, transaction: Transaction, now: int) -> None:
        """Count what others have written, or whoever ran before. ``now`` in ms since 1970."""
        head = transaction.head().position
        if self._position == head:
            return
        after = self._position
        if after is None or after > head:
            self._times.clear()
            after = _minute_ago(transaction, head, now)
        found = transaction.rows(
            "SELECT stream, time FROM events WHERE position > ? AND invocation IS NOT NULL "
            "AND causation IS NULL AND coalesce(payload ->> 'code', '') NOT IN (?, ?) ORDER BY position",
            (after, *CODES),
        )
        for stream, when in found:
            self._count(stream, stream.split(":", 2)[1], when)
        self._position = head
        self._counted.clear()

    def check(self, invocation: Invocation, counted: Counted) -> None:
        """Raises Refused where one more is too much."""
        stream, guild = counted
        if guild == UNTHROTTLED:
            return
        free = self._free(stream, self.throttle.member)
        if _is_soon(free, invocation):
            raise Refused(MEMBER, _told("You may give", self.throttle.member, free))
        free = self._free(guild, self.throttle.guild)
        if _is_soon(free, invocation):
            raise Refused(GUILD, _told("All in this server together may give", self.throttle.guild, free))

    def _free(self, key: str, most: int) -> int:
        """From when on one more may come, in ms since 1970."""
        times = self._times.get(key)
        return times[0] + MINUTE if times is not None and len(times) == most else 0

    def count(self, invocation: Invocation, counted: Counted) -> None:
        self._count(*counted, invocation.time)

    def _count(self, stream: str, guild: str, when: int) -> None:
        if guild == UNTHROTTLED:
            return
        for key, most in ((stream, self.throttle.member), (guild, self.throttle.guild)):
            if most:
                times = self._times.get(key)
                if times is None:
                    times = self._times[key] = deque(maxlen=most)
                self._counted.append((times, times[0] if len(times) == most else None))
                times.append(when)

    # ---------------------------------------------------------------------------------------- floods

    def flood(self, invocation: Invocation, counted: Counted) -> Flood | None:
        """The flood that an invocation which was refused for the throttle belongs to; None where it is the
        first one, and has to be recorded."""
        flood = self.floods.get(counted[0])
        return flood if flood is not None and invocation.time < flood.until else None

    def begin(self, invocation: Invocation, counted: Counted, position: int) -> None:
        """A flood began: its first refusal is recorded at ``position``."""
        stream, _ = counted
        before = self.floods.get(stream)
        key = stream if before is None else f"{stream} {before.first.id}"
        if before is not None:  # over, and not told yet
            self.floods[key] = before
        self.floods[stream] = Flood(
            invocation, position, invocation.time + MINUTE, time.monotonic() + MINUTE / 1000
        )

        def undo() -> None:
            self.floods.pop(key, None)
            if before is not None:
                self.floods[stream] = before

        self._undo.append(undo)

    def add(self, flood: Flood) -> None:
        flood.more(1)
        self._undo.append(partial(flood.more, -1))

    def remember(self, invocation: Invocation, answer: Answer) -> None:
        """The answer of one that is not in the log, so that it can be given again."""
        self.answers[invocation.id] = (invocation, answer)
        if len(self.answers) > REMEMBERED:
            self.answers.popitem(last=False)

    def wait(self) -> float | None:
        """Seconds until the first flood is over; None: there is none."""
        due = min((flood.due for flood in self.floods.values()), default=None)
        return None if due is None else max(0.0, due - time.monotonic())

    def over(self, *, every: bool = False) -> list[Flood]:
        """Take the floods that are over (or all of them), to record how many were refused."""
        now = time.monotonic()
        ended = {key: flood for key, flood in self.floods.items() if every or flood.due <= now}
        for key in ended:
            del self.floods[key]
        return [flood for flood in ended.values() if flood.refused]

    # ------------------------------------------------------------------------------- commit, rollback

    def commit(self, position: int) -> None:
        """All that was counted is in the log, which goes to ``position`` now."""
        self._position = position
        self._counted.clear()
        self._undo.clear()
        if len(self._times) > SPARE:
            self._forget(time.time_ns() // 1_000_000 - MINUTE)

    def keep(self) -> None:
        """What was counted stays so, though it is not in the log."""
        self._counted.clear()

    def rollback(self) -> None:
        while self._undo:
            self._undo.pop()()
        while self._counted:
            times, pushed_out = self._counted.pop()
            times.pop()
            if pushed_out is not None:
                times.appendleft(pushed_out)

    def _forget(self, before: int) -> None:
        self._times = {key: times for key, times in self._times.items() if times and times[-1] > before}


def _is_soon(free: int, invocation: Invocation) -> bool:
    """Whether it comes too early. Nobody waits long: what would take longer was counted before somebody set
    the clock back."""
    return 0 < free - invocation.time < 2 * MINUTE


def _told(who: str, most: int, free: int) -> str:
    return f"{who} {most} command{'s' * (most > 1)} a minute; go on {moment(free)}."


def _minute_ago(transaction: Transaction, head: int, now: int) -> int:
    """A position behind which everything of the last minute is."""
    position = head
    while position > 0 and head - position < FURTHEST:
        found = transaction.rows("SELECT time FROM events WHERE position = ?", (position,))
        if found and found[0][0] <= now - MINUTE:
            return position
        position -= STEP
    return max(0, position)
