"""A game in which machines sit: what they have to do there now, and doing it.

Where whoever comes first may move, machines let people have a chance: they take their time.
"""

import logging
import time
from itertools import count
from math import inf
from queue import LifoQueue
from typing import Any

from msgspec.structs import replace

from milena.aggregates import GAMES
from milena.domain.command import Invocation
from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.domain.member import CommandInvoked
from milena.domain.refusal import Refused
from milena.engine import Engine
from milena.home import Home
from milena.machines.thinking import BrokenDown, Closed, Thinker, TooSlow, question
from milena.ops.backoff import Backoff
from milena.store import Folded, StoreError, Unreplayable

log = logging.getLogger(__name__)

PAUSE = 3.0
"""Seconds that a machine takes where people may come first: about what they need to read and to type."""
LONGEST = 30.0
"""Seconds after which a thinking machine is stopped, and moves at random."""
SHARE = 0.5
"""So much of the time that its clock leaves it a machine thinks at most. The rest is for a random move."""
AGAIN, LONGEST_WAIT = 1.0, 600.0
"""Seconds until what went wrong is tried again."""
PASSING = ("busy", "cooldown", "out_of_time", "unavailable")
"""Why something could not be done now, which is nobody's mistake."""

Asked = tuple[str, dict[str, Any]]
"""A command, and its options but for the game."""


class Trouble:
    """What goes wrong again and again: it is told once, and tried again ever later."""

    def __init__(self) -> None:
        self._backoff = Backoff(AGAIN, LONGEST_WAIT)

    def met(self, level: int, message: str, *words: object) -> float:
        """Returns when to try again, on the monotonic clock."""
        if not self._backoff.tries:
            log.log(level, message, *words)
        return time.monotonic() + self._backoff.pause()

    def over(self) -> None:
        self._backoff.over()


class Chair:
    """What has to be remembered of a machine at a game. ``since``: when its ``turn`` began, as far as it was
    seen, on the monotonic clock."""

    def __init__(self) -> None:
        self.trouble = Trouble()
        self.turn: int | None = None
        self.since: float | None = None


class MachineGame:
    """The game ``key``. ``idle``: what machines think with, where nobody thinks with it now."""

    def __init__(self, home: Home, engine: Engine, idle: "LifoQueue[Thinker]", key: str) -> None:
        self._home = home
        self._engine = engine
        self._idle = idle
        self._key = key
        self._stream = f"game:{key}"
        self._chairs: dict[int, Chair] = {}
        self.trouble = Trouble()
        self.stuck = ""
        """Why a machine can't go on; empty while all can."""

    def look(self, *, pause: bool = True) -> float:
        """Let one machine do what is due, if anything is. Returns when to look again even if the game does
        not change until then, on the monotonic clock; -1: never, as it is over. ``pause``: machines wait
        where people may come first."""
        try:
            found = self._home.store.fold(GAMES, self._key)
        except Unreplayable:  # the scheduler sets it aside
            return -1
        game: Game = found.state
        if game.status == "ended":
            return -1
        again = inf
        machines = self._machines(game)
        for seat, player in machines.items():
            chair = self._chairs.setdefault(seat, Chair())
            try:
                ready = self._ready(game, seat, chair, [*machines])
                if pause and ready > time.monotonic():
                    again = min(again, ready)
                elif self._act(found, seat, player):
                    chair.since, self.stuck = None, ""
                    chair.trouble.over()
                    return again
            except Closed:
                return inf
            except Exception as error:  # a machine that can't go on must not stop the others
                again = min(again, self._explain(player, chair, error))
        return again

    def _machines(self, game: Game) -> dict[int, PlayerId]:
        """The machines by their seats; who moved last comes last, so that each has its turn where any may
        move."""
        last = self._home.store.last(self._stream)
        mover = game.seat_of(PlayerId(last.player)) if last is not None else None
        first = 0 if mover is None else mover + 1
        order = sorted(range(len(game.seats)), key=lambda seat: (seat - first) % len(game.seats))
        seated = {seat: each.player for seat in order if (each := game.seats[seat]) is not None}
        source = self._home.vault.source
        return {seat: player for seat, player in seated.items() if source(player) == "machine"}

    def _explain(self, player: PlayerId, chair: Chair, error: Exception) -> float:
        """Tell what went wrong; returns when to try again."""
        known = isinstance(error, (Refused, BrokenDown, TooSlow, StoreError))
        passing = isinstance(error, Refused) and error.code in PASSING
        name, why = self._home.vault.name(player), str(error) if known else repr(error)
        if not passing:
            self.stuck = f"{name} can't go on in game {self._key}: {why}"
            return chair.trouble.met(logging.ERROR, "%s", self.stuck)
        return chair.trouble.met(logging.DEBUG, "%s waits in game %s: %s", name, self._key, why)

    # ------------------------------------------------------------------------------------------- time

    def _ready(self, game: Game, seat: int, chair: Chair, machines: list[int]) -> float:
        """When a machine may move, on the monotonic clock: after a pause where people might come first."""
        actors = GAMES.actors(game)
        if seat not in actors:
            chair.since = None
            return 0.0
        rules = GAMES.rules(game)
        turn = rules.turn(game.board)
        if chair.since is None or chair.turn != turn:
            chair.turn, chair.since = turn, time.monotonic()
        if rules.simultaneous or all(actor in machines for actor in actors):
            return 0.0
        return chair.since + min(PAUSE, _time_left(game, seat) / 4)

    # ---------------------------------------------------------------------------------------- doing it

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
        (seen,) = self._home.store.stream(self._stream, found.version - 1, found.version)
        answer = self._engine.call(
            Invocation(
                invocation,
                command,
                {"game": self._key, **options},
                player,
                Place(game.place or seen.place),
                round(time.time() * 1000),
                (seen.correlation, seen.position),
            )
        )
        if answer.verdict == "accepted" or self._has_changed(found):
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
        left = _time_left(game, seat)
        if left <= 0:
            raise Refused("out_of_time", "Its time is up.")
        kind = self._home.vault.name(player).partition("-")[0]
        asked = question(kind, GAMES.rules(game), game.board, seat)
        thinker = self._idle.get()
        try:
            move = thinker.choose(asked, min(LONGEST, SHARE * left))
        except TooSlow as error:
            if kind == "random":
                raise
            log.info("game %s: %s", self._key, error)
            move = thinker.choose(replace(asked, machine="random"), min(LONGEST, left))
        finally:
            self._idle.put(thinker)
        return "move", {"move": move, **GAMES.looked_at(game)}

    def _free_id(self, found: Folded, seat: int) -> InvocationId | None:
        """The id of what this machine does next: the same in each process, and after a restart. What was
        refused or failed under an id stays so, and is tried again under a further one. None: it was done
        already."""
        first = f"{self._key}-{found.version}-{seat}"
        for number in count(1):
            invocation = first if number == 1 else f"{first}-{number}"
            stored = self._home.store.invocation(invocation)
            if stored is None:
                break
            event = self._home.store.event(stored)
            assert isinstance(event, CommandInvoked)
            if event.verdict == "accepted":
                return None
        return InvocationId(invocation)

    def _has_changed(self, found: Folded) -> bool:
        last = self._home.store.last(self._stream)
        return last is not None and last.version > found.version


def _time_left(game: Game, seat: int) -> float:
    """What the clock leaves a seat, in seconds."""
    if game.clocks is None:
        return inf
    return game.clocks.remaining(seat, round(time.time() * 1000)) / 1000
