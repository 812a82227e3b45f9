"""A process with 200 games, clocks running and invitations out, is killed again and again: afterwards each
clock shows the time that it should, and each deadline fires once.

What is expected is computed from what was asked and when, and from the rules of the clocks; the log only
tells which of that has happened at all.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from signal import SIGKILL

import msgspec
import pytest
from forking import Forked, Forks

from milena.aggregates import AGGREGATES, GAMES, LOBBIES
from milena.domain.clock import Clock, parse
from milena.domain.command import Invocation
from milena.domain.game import Game
from milena.domain.member import CommandInvoked
from milena.home import Home
from milena.replay.verify import verify
from milena.store import Envelope, Store
from milena.unfinished import open_games

pytestmark = pytest.mark.crash

CLOCKWORK = Path(__file__).with_name("clockwork.py")
ROUNDS = max(4, int(os.environ.get("MILENA_CRASH_ROUNDS", "50")) // 7)
PATIENCE = 60
HOUR, DAY = 3600, 24 * 3600
INVITATION, WAITING = 3, 4
LIMITS = {
    "MILENA_LIMITS_GUILD": "1000",
    "MILENA_LIMITS_CHANNEL": "1000",
    "MILENA_LIMITS_MEMBER": "1000",
    "MILENA_THROTTLE_MEMBER": "0",
    "MILENA_THROTTLE_GUILD": "0",
    "MILENA_LIMITS_INVITATION": str(INVITATION),
    "MILENA_LIMITS_WAITING": str(WAITING),
}


class Table:
    """What a game should have come to, by what was asked. ``due`` in ms since 1970, 0: never."""

    def __init__(self, opened: Invocation) -> None:
        self.name = opened.options["game"]
        self.clock = parse(opened.options["clock"]) if "clock" in opened.options else Clock()
        self.invited = "invite" in opened.options
        self.began = self.over = False
        self.due = opened.time + 1000 * (INVITATION if self.invited else WAITING)
        self.left = [self.clock.total * 1000] * 2
        self.since, self.seat = 0, 0

    def happens(self, asked: Invocation, status: str) -> None:
        """What was asked has happened, and led to this status."""
        if asked.command == "move":
            used = asked.time - self.since
            self.left[self.seat] += self.clock.gain * 1000 - used if self.clock.total else 0
            self.seat = 1 - self.seat
        self.began, self.over = True, status == "ended"
        self.since = asked.time
        turn, total = self.clock.turn * 1000, self.left[self.seat]
        self.due = self.since + min(filter(None, (turn, total)))

    def remaining(self, now: int) -> list[int]:
        """What each seat's clock has to show."""
        return [max(0, self.due - now) if seat == self.seat else self.left[seat] for seat in (0, 1)]

    def reminder(self) -> int:
        """When the seat whose turn it is has to be reminded, 0: never."""
        return self.due - self.clock.remind * 1000 if self.began and self.clock.remind else 0


class Clockwork:
    """The processes, one after the other, and what they asked. ``ahead``: how many seconds their time is
    ahead of the world's."""

    def __init__(self, forks: Forks, data: Path) -> None:
        self.forks = forks
        self.data = data
        self.ahead = 0
        self.tables: dict[str, Table] = {}
        self.settled: list[int] = []

    @property
    def now(self) -> int:
        return round((time.time() + self.ahead) * 1000)

    def start(self, what: str, random: Random) -> Forked:
        words = (str(self.data), str(random.random()), str(self.ahead), what)
        with open(os.devnull) as nothing, self.said.open("wb") as out:
            streams = (nothing.fileno(), out.fileno(), 2)
            return self.forks.start(*words, script=CLOCKWORK, streams=streams, env={**os.environ, **LIMITS})

    def settle(self, random: Random, what: str = "settle") -> None:
        """Let happen what is due, without a kill."""
        assert self.start(what, random).wait(PATIENCE) == 0
        self.settled.append(self.now)

    @property
    def said(self) -> Path:
        return self.data.with_name("said")

    def asked(self) -> list[Invocation]:
        lines = self.said.read_bytes().splitlines(keepends=True)
        return [msgspec.json.decode(line, type=Invocation) for line in lines if line.endswith(b"\n")]

    def take_in(self, store: Store) -> None:
        """What of that which the last process asked has happened."""
        recorded = ((store.invocation(asked.id), asked) for asked in self.asked())
        for stored, asked in sorted(
            ((stored, asked) for stored, asked in recorded if stored), key=lambda pair: pair[0].position
        ):
            event = store.event(stored)
            assert isinstance(event, CommandInvoked)
            if event.verdict != "accepted":
                assert event.code in ("out_of_time", "game_over", "not_your_turn", "nothing_offered",
                                      "no_free_seat"), event.sentence  # fmt: skip
            elif asked.command == "open":
                self.tables[event.result["game"]] = Table(asked)
            else:
                self.tables[event.result["game"]].happens(asked, event.result["status"])

    def modelled(self) -> Iterator[tuple[str, Table]]:
        """The games whose time the test can tell: in the others chance plays on when a turn is missed."""
        return ((key, table) for key, table in self.tables.items() if table.name != "rock-paper-scissors")


def check_clocks(clockwork: Clockwork, store: Store) -> Counter[str]:
    """Every clock shows the right time, whatever was going on when the process was killed."""
    seen: Counter[str] = Counter()
    now = clockwork.now
    for key, table in clockwork.modelled():
        game: Game = store.fold(GAMES, key).state
        seen[game.status] += 1
        seen["not fired yet"] += game.status != "ended" and table.due <= now
        if table.over or game.status == "ended":
            expected = "finished" if table.over else "timeout" if table.began else "expired"
            assert game.how == expected, key
            assert table.over or table.due <= now, f"{key} was ended before its time"
        elif table.began:
            assert game.clocks is not None
            assert [game.clocks.remaining(seat, now) for seat in (0, 1)] == table.remaining(now), key
        elif table.invited:
            assert [invitation.until for invitation in game.invited] == [table.due], key
        else:
            assert game.until == table.due, key
    return seen


def check_fired(clockwork: Clockwork, store: Store) -> None:
    """Each deadline has fired once, not before its time, and none that was overtaken."""
    for key, table in clockwork.modelled():
        events = store.stream(f"game:{key}")
        tags = Counter(event.tag for event in events)
        late = table.began and not table.over
        expired = table.invited and not table.began
        assert (tags["game.timed_out"], tags["game.invitation_expired"]) == (late, expired), key
        assert tags["game.ended"] == 1, key
        assert table.over or events[-1].time >= table.due, f"{key} was ended before its time"
        check_reminders(clockwork, table, [event for event in events if event.tag == "game.reminded"])


def check_reminders(clockwork: Clockwork, table: Table, reminders: list[Envelope]) -> None:
    told = [msgspec.json.decode(event.payload)["ends"] for event in reminders]
    assert len(set(told)) == len(told), "somebody was reminded of the same turn twice"
    for ends, event in zip(told, reminders, strict=True):
        assert ends - table.clock.remind * 1000 <= event.time < ends
    when = table.reminder()
    if when and not table.over:
        assert (table.due in told) >= any(when <= now < table.due for now in clockwork.settled)


def kill_somewhen(clockwork: Clockwork, process: Forked, random: Random) -> None:
    """Some while it starts and finds what is due, most while it plays."""
    given_up = time.monotonic() + PATIENCE
    head = clockwork.data / "events.db-wal"
    match random.randrange(3):
        case 0:
            while not head.exists() and time.monotonic() < given_up:
                time.sleep(0.002)
            time.sleep(random.uniform(0, 0.6))
        case _:
            while not clockwork.said.stat().st_size and time.monotonic() < given_up:
                time.sleep(0.002)
            time.sleep(random.uniform(0, 2.5))
    process.send_signal(SIGKILL)
    assert process.wait(PATIENCE) == -SIGKILL


def test_after_a_kill_each_clock_is_right_and_each_deadline_fires_once(
    tmp_path: Path, random: Random, forks: Forks
) -> None:
    clockwork = Clockwork(forks, tmp_path / "data")
    seen: Counter[str] = Counter()
    most = 0
    for number in range(ROUNDS):
        # Given a process that plays on where the last one was killed, some time later
        clockwork.ahead += random.choice([0, 0, 3, 30, 2 * HOUR, 20 * HOUR])
        process = clockwork.start("play", random)
        if number == 0:
            while len(clockwork.asked()) < 500:
                assert process.poll() is None
                time.sleep(0.02)
        # When it is killed
        kill_somewhen(clockwork, process, random)
        # Then every clock shows the right time
        with Home(clockwork.data) as home:
            clockwork.take_in(home.store)
            seen += check_clocks(clockwork, home.store)
            lobbies = [home.store.fold(LOBBIES, guild).state for guild in home.store.streams("lobby")]
            most = max(most, sum(len(lobby.games) for lobby in lobbies))
        if number % 3 == 2:
            clockwork.settle(random)

    # In the end, when the time of all games is up, each deadline fires, in order, and has fired once.
    clockwork.ahead += 58 * HOUR
    clockwork.settle(random)
    clockwork.settle(random)
    clockwork.ahead += 20 * DAY
    with Home(clockwork.data) as home:
        before = home.store.head().position
        left = {key for key, _ in clockwork.modelled() if key in open_games(home.store)}
    clockwork.settle(random, "finish")
    with Home(clockwork.data) as home:
        check_fired(clockwork, home.store)
        assert open_games(home.store) == []
        ended = [e.stream.partition(":")[2] for e in home.store.scan(before) if e.tag == "game.ended"]
        order = [key for key in ended if key in left]
        assert order == sorted(left, key=lambda key: (clockwork.tables[key].due, f"game:{key}"))
        assert verify(home.store, AGGREGATES).findings == []
    assert most >= 200
    assert min(seen[what] for what in ("waiting", "playing", "ended", "not fired yet")) > ROUNDS
