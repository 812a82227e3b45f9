"""The machines at their games: each makes its move when it is its turn, as any player does.

They follow the log, so they play on after a restart, and in games that other processes opened. What a
machine sees is the state that was hidden for its seat, and no more. It thinks in a process of its own (see
milena.thinking): neither the writer nor an event loop waits for it. A move's invocation id is made of the
game's version and the seat, so that of two processes that think about the same move one plays it.

Where whoever comes first may move, machines let people have a chance: they take their time.
"""

import logging
import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from math import inf
from queue import LifoQueue
from typing import Any

from msgspec.structs import replace

from milena.domain.command import Invocation
from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.domain.member import CommandInvoked
from milena.domain.refusal import Refused
from milena.engine import Engine
from milena.home import GAMES, Home
from milena.store import Folded, StoreError, Unreplayable
from milena.thinking import BrokenDown, Thinker, TooSlow, question

log = logging.getLogger(__name__)

TICK = 0.1
"""Seconds between two looks at the log."""
PAUSE = 3.0
"""Seconds that a machine takes where people may come first: about what they need to read and to type."""
LONGEST = 30.0
"""Seconds after which a thinking machine is stopped, and moves at random."""
SHARE = 0.75
"""So much of the time that its clock leaves it a machine thinks at most."""
AGAIN, LONGEST_WAIT = 1.0, 600.0
"""Seconds until what went wrong is tried again; each time twice as long, up to this."""
AT_ONCE = min(4, max(2, os.cpu_count() or 2))
"""So many machines think at a time."""
PASSING = ("busy", "cooldown", "out_of_time", "unavailable")
"""Why something could not be done now, which is nobody's mistake."""

Asked = tuple[str, dict[str, Any]]
"""A command, and its options but for the game."""


class Trouble:
    """What goes wrong again and again: it is told once, and tried again ever later."""

    def __init__(self) -> None:
        self.times = 0

    def met(self, level: int, message: str, *words: object) -> float:
        """Returns when to try again, on the monotonic clock."""
        self.times += 1
        if self.times == 1:
            log.log(level, message, *words)
        return time.monotonic() + min(AGAIN * 2.0 ** min(self.times - 1, 20), LONGEST_WAIT)


class Chair:
    """What has to be remembered of a machine at a game: ``since`` when, on the monotonic clock, it is its
    ``turn``."""

    def __init__(self) -> None:
        self.trouble = Trouble()
        self.turn: int | None = None
        self.since: float | None = None


Chairs = defaultdict[int, Chair]


class Machines:
    """Plays for the machines of ``home`` through ``engine``. Start it with ``with Machines(...)``.

    ``only``: the games to play in; else in all that are open. ``thinker`` makes what they think with.
    """

    def __init__(
        self, home: Home, engine: Engine, only: Iterable[str] = (), thinker: Callable[[], Thinker] = Thinker
    ) -> None:
        self._home = home
        self._engine = engine
        self._store = home.store
        self._only = {f"game:{key}" for key in only}
        self._position: int | None = None
        self._games: dict[str, Chairs] = {}
        """The streams of the open games in which machines sit."""
        self._due: dict[str, float] = {}
        """Those that have to be looked at, and when, on the monotonic clock."""
        self._busy: set[str] = set()
        self._done: deque[tuple[str, float | None]] = deque()
        """Those that were looked at, and when to do it again (None: never)."""
        self._trouble = Trouble()
        self._stopping = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="milena-machines", daemon=True)
        self._pool = ThreadPoolExecutor(AT_ONCE, "milena-machine")
        self._thinkers = [thinker() for _ in range(AT_ONCE)]
        self._idle: LifoQueue[Thinker] = LifoQueue()
        for each in self._thinkers:
            self._idle.put(each)

    def __enter__(self) -> "Machines":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever a machine thinks about is left: the log tells that it has to move."""
        self._stopping = True
        self._wake.set()
        self._thread.join()
        for thinker in self._thinkers:
            thinker.close()
        self._pool.shutdown(cancel_futures=True)

    @property
    def games(self) -> int:
        """In how many games they sit."""
        return len(self._games)

    def _run(self) -> None:
        until = 0.0
        while not self._stopping:
            try:
                if time.monotonic() >= until:
                    self._turn()
                    self._trouble.times = 0
            except StoreError as error:
                until = self._trouble.met(logging.ERROR, "the machines have to wait: %s", error)
            self._wake.wait(TICK)
            self._wake.clear()

    def _turn(self) -> None:
        """Let those machines think that have to."""
        while self._done:
            stream, again = self._done.popleft()
            self._busy.discard(stream)
            if again is None:
                self._games.pop(stream, None)
                self._due.pop(stream, None)
            elif again < inf:
                self._due[stream] = min(again, self._due.get(stream, inf))
        self._follow()
        now = time.monotonic()
        for stream in [each for each, when in self._due.items() if when <= now and each not in self._busy]:
            del self._due[stream]
            self._busy.add(stream)
            self._pool.submit(self._serve, stream, self._games[stream])

    # -------------------------------------------------------------------------------- what there is to do

    def _follow(self) -> None:
        """Find the games with machines, and those of them that have changed."""
        head = self._store.head().position
        if self._position is None:
            for stream in self._only or [f"game:{key}" for key in self._home.open_games()]:
                if self._has_machines(stream):
                    self._meet(stream)
        elif head > self._position:
            span = (self._position, head)
            seated = self._store.rows(
                "SELECT stream, payload ->> '$.player' FROM events "
                "WHERE position > ? AND position <= ? AND tag = 'game.seat_taken'",
                span,
            )
            for stream, player in seated:
                if self._is_machine(player) and (not self._only or stream in self._only):
                    self._meet(stream)
            if self._games:
                changed = self._store.rows(
                    "SELECT DISTINCT stream FROM events WHERE position > ? AND position <= ?", span
                )
                self._due |= {stream: 0.0 for (stream,) in changed if stream in self._games}
        self._position = head

    def _meet(self, stream: str) -> None:
        self._games.setdefault(stream, Chairs(Chair))
        self._due[stream] = 0.0

    def _has_machines(self, stream: str) -> bool:
        found = self._read(stream)
        return found is not None and any(map(self._is_machine, found.state.players))

    def _read(self, stream: str) -> Folded | None:
        """The game as it stands, and its version; None where it can't be replayed."""
        try:
            return self._store.fold(GAMES, stream.partition(":")[2])
        except Unreplayable:
            return None

    def _is_machine(self, player: str) -> bool:
        return self._home.vault.source(player) == "machine"

    # ------------------------------------------------------------------------------------------- to play

    def _serve(self, stream: str, chairs: Chairs) -> None:
        """Play in one game; in a thread of the pool."""
        again: float | None
        try:
            again = self._play(stream, chairs)
        except StoreError as error:
            again = chairs[-1].trouble.met(logging.ERROR, "%s has to wait: %s", stream, error)
        except Exception:  # this game must not stop the others
            log.exception("the machines can't play on in %s", stream)
            again = inf
        self._done.append((stream, again))
        self._wake.set()

    def _play(self, stream: str, chairs: Chairs) -> float | None:
        """Let one machine do what is due in a game. Returns when to look at it again even if it does not
        change until then; None: never."""
        found = self._read(stream)
        if found is None or found.state.status == "ended":
            return None
        game: Game = found.state
        again = inf
        for seat, player in self._machines(game):
            chair = chairs[seat]
            try:
                pause = self._pause(game, seat, chair)
                if pause > 0:
                    again = min(again, time.monotonic() + pause)
                elif self._act(found, seat, player):
                    chair.trouble.times, chair.since = 0, None
                    return again
            except Exception as error:  # one that can't move must not stop the others
                if self._stopping:
                    return inf
                again = min(again, self._explain(game, player, chair, error))
        return again

    def _explain(self, game: Game, player: PlayerId, chair: Chair, error: Exception) -> float:
        """Tell what went wrong; returns when to try again."""
        passing = isinstance(error, Refused) and error.code in PASSING
        level = logging.DEBUG if passing else logging.ERROR
        text = error.sentence if isinstance(error, Refused) else repr(error)
        if isinstance(error, (BrokenDown, TooSlow, StoreError)):
            text = str(error)
        name = self._home.vault.name(player)
        return chair.trouble.met(level, "%s can't go on in game %s: %s", name, game.key, text)

    def _machines(self, game: Game) -> list[tuple[int, PlayerId]]:
        """The machines at a game; who moved last comes last, so that each has its turn where any may move."""
        last = self._store.last(f"game:{game.key}")
        mover = game.seat_of(last.player) if last is not None else None
        first = 0 if mover is None else mover + 1
        seated = [(seat, each.player) for seat, each in enumerate(game.seats) if each is not None]
        found = [(seat, player) for seat, player in seated if self._is_machine(player)]
        return sorted(found, key=lambda each: (each[0] - first) % len(game.seats))

    def _pause(self, game: Game, seat: int, chair: Chair) -> float:
        """How long a machine still has to wait, where people might move before it."""
        actors = GAMES.actors(game)
        if seat not in actors:
            chair.since = None
            return 0.0
        rules = GAMES.rules(game)
        turn, now = rules.turn(game.board), time.monotonic()
        if chair.since is None or chair.turn != turn:
            chair.turn, chair.since = turn, now
        machines = [seat for seat, _ in self._machines(game)]
        if rules.simultaneous or all(actor in machines for actor in actors):
            return 0.0
        return chair.since + min(PAUSE, self._time_left(game, seat) / 4) - now

    def _time_left(self, game: Game, seat: int) -> float:
        """What the clock leaves a seat, in seconds."""
        if game.clocks is None:
            return inf
        return game.clocks.remaining(seat, round(time.time() * 1000)) / 1000

    def _act(self, found: Folded, seat: int, player: PlayerId) -> bool:
        """Let a machine do what is due, if anything is; whether the game is another one now."""
        game: Game = found.state
        asked = self._agree(game, seat)
        if asked is None and seat not in GAMES.actors(game):
            return False
        invocation = self._free_id(found, seat)
        if invocation is None:
            return True
        command, options = asked or self._move(game, seat, player)
        (seen,) = self._store.stream(f"game:{game.key}", found.version - 1, found.version)
        answer = self._engine.call(
            Invocation(
                invocation,
                command,
                {"game": game.key, **options},
                player,
                Place(game.place or seen.place),
                round(time.time() * 1000),
                (seen.correlation, seen.position),
            )
        )
        if answer.verdict == "accepted":
            return True
        last = self._store.last(f"game:{game.key}")
        if last is not None and last.version > found.version:
            return True
        raise Refused(answer.code, answer.sentence)

    def _agree(self, game: Game, seat: int) -> Asked | None:
        """Machines let a move be taken back, and play every game to its end."""
        if game.takeback is not None and seat not in game.takeback.seats and seat in game.still_in:
            return "accept", {}
        if game.draw_offers and seat not in game.draw_offers and seat in game.still_in:
            return "decline", {}
        return None

    def _move(self, game: Game, seat: int, player: PlayerId) -> Asked:
        rules = GAMES.rules(game)
        kind = self._home.vault.name(player).partition("-")[0]
        asked = question(kind, rules, game.board, seat)
        thinker = self._idle.get()
        try:
            try:
                move = thinker.choose(asked, min(LONGEST, SHARE * self._time_left(game, seat)))
            except TooSlow as error:
                log.warning("game %s: %s", game.key, error)
                move = thinker.choose(
                    replace(asked, machine="random"), min(LONGEST, self._time_left(game, seat))
                )
        finally:
            self._idle.put(thinker)
        return "move", {"move": move, **GAMES.looked_at(game)}

    def _free_id(self, found: Folded, seat: int) -> InvocationId | None:
        """The id for what this machine does next: the same in each process, and after a restart. What was
        refused or failed under an id stays so, so it is tried again under a further one. None where it was
        done already."""
        first = f"{found.state.key}-{found.version}-{seat}"
        for number in count(1):
            invocation = first if number == 1 else f"{first}-{number}"
            stored = self._store.invocation(invocation)
            if stored is None:
                break
            event = self._store.event(stored)
            assert isinstance(event, CommandInvoked)
            if event.verdict == "accepted":
                return None
        return InvocationId(invocation)
