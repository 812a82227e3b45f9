"""The machines at their games: each makes its move when it is its turn, as any player does.

They follow the log, so they play on after a restart, and in games that other processes opened. What a
machine sees is the state that was hidden for its seat, and no more. It thinks in a process of its own (see
milena.machines.thinking): neither the writer nor an event loop waits for it. A move's invocation id is
made of the game's version and the seat, so that of two processes that think about the same move one plays it.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from math import inf
from queue import LifoQueue

from milena.aggregates import GAMES
from milena.engine import Engine
from milena.home import Home
from milena.machines.game import MachineGame, Trouble
from milena.machines.thinking import Thinker
from milena.store import StoreError, Unreplayable
from milena.unfinished import open_games

log = logging.getLogger(__name__)

TICK = 0.1
"""Seconds between two looks at the log."""
AT_ONCE = min(4, max(2, os.cpu_count() or 2))
"""So many machines think at a time."""


class Machines:
    """Plays for the machines of ``home`` through ``engine``. Start it with ``with Machines(...)``.

    ``only``: the games to play in; none given: all that are open. ``thinker`` makes what they think with.

    One thread follows the log. What it finds to do it gives to a few others, one game at a time to each.
    """

    def __init__(
        self, home: Home, engine: Engine, only: Iterable[str] = (), thinker: Callable[[], Thinker] = Thinker
    ) -> None:
        self._home = home
        self._engine = engine
        self._store = home.store
        self._only = {f"game:{key}" for key in only}
        self._position: int | None = None
        self._games: dict[str, MachineGame] = {}
        """The open games in which machines sit, by their streams."""
        self._due: dict[str, float] = {}
        """Those that have to be looked at, and when, on the monotonic clock."""
        self._busy: set[str] = set()
        self._done: deque[tuple[str, float]] = deque()
        """Those that were looked at, and when to look again; -1: never."""
        self._thinkers = [thinker() for _ in range(AT_ONCE)]
        self._idle: LifoQueue[Thinker] = LifoQueue()
        for each in self._thinkers:
            self._idle.put(each)
        self._stopping = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="milena-machines", daemon=True)
        self._pool = ThreadPoolExecutor(AT_ONCE, "milena-machine")

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

    @property
    def processes(self) -> list[int]:
        """The ids of those in which they think."""
        return [id for each in self._thinkers if (id := each.process) is not None]

    def _run(self) -> None:
        trouble, until = Trouble(), 0.0
        while not self._stopping:
            try:
                if time.monotonic() >= until:
                    self._turn()
                    trouble.over()
            except StoreError as error:
                until = trouble.met(logging.ERROR, "the machines have to wait: %s", error)
            except Exception as error:
                until = trouble.met(logging.ERROR, "the machines have to wait: %r", error)
            self._wake.wait(TICK)
            self._wake.clear()

    def _turn(self) -> None:
        """Let those machines play that have to."""
        while self._done:
            stream, again = self._done.popleft()
            self._busy.discard(stream)
            if again < 0:
                self._games.pop(stream, None)
                self._due.pop(stream, None)
            elif again < inf:
                self._due[stream] = min(again, self._due.get(stream, inf))
        self._follow()
        now = time.monotonic()
        for stream in [each for each, when in self._due.items() if when <= now and each not in self._busy]:
            del self._due[stream]
            self._busy.add(stream)
            self._pool.submit(self._look, stream, self._games[stream])

    def _look(self, stream: str, game: MachineGame) -> None:
        """In a thread of the pool."""
        try:
            again = game.look()
            game.trouble.over()
        except Exception as error:
            again = game.trouble.met(logging.ERROR, "the machines have to wait in %s: %r", stream, error)
        self._done.append((stream, again))
        self._wake.set()

    # -------------------------------------------------------------------------------- what there is to do

    def _follow(self) -> None:
        """Find the games with machines, and those of them that have changed."""
        head = self._store.head().position
        if self._position is None:
            for stream in self._only or [f"game:{key}" for key in open_games(self._home.store)]:
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
        if stream not in self._games:
            key = stream.partition(":")[2]
            self._games[stream] = MachineGame(self._home, self._engine, self._idle, key)
        self._due[stream] = 0.0

    def _has_machines(self, stream: str) -> bool:
        try:
            players = self._store.fold(GAMES, stream.partition(":")[2]).state.players
        except Unreplayable:
            return False
        return any(map(self._is_machine, players))

    def _is_machine(self, player: str) -> bool:
        return self._home.vault.source(player) == "machine"
