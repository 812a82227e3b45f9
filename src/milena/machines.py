"""The machines at their games: each makes its move when it is its turn, as any player does.

They follow the log, so they play on after a restart, and in games that other processes opened. What a
machine sees is the state that was hidden for its seat, and no more. It thinks in a thread of its own: neither
the writer nor an event loop waits for it. A move's invocation id is made of the game's version and the seat,
so that of two processes that think about the same move one plays it.
"""

import logging
import threading
import time
from typing import Any

from milena import opponents
from milena.domain.command import Invocation
from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.domain.refusal import Refused
from milena.engine import Answer, Engine
from milena.home import GAMES, Home
from milena.store import Folded, StoreError, Unreplayable

Asked = tuple[str, dict[str, Any]]
"""A command, and its options but for the game."""

log = logging.getLogger(__name__)

TICK = 0.1
"""Seconds between two looks at the log."""


class Machines:
    """Plays for the machines of ``home`` through ``engine``. Start it with ``with Machines(...)``.

    :meth:`turn` makes every move that is due; the thread does nothing but call it.
    """

    def __init__(self, home: Home, engine: Engine) -> None:
        self._home = home
        self._engine = engine
        self._store = home.store
        self._position: int | None = None
        self._games: set[str] = set()
        """The streams of the open games in which machines sit."""
        self._due: dict[str, None] = {}
        """Those that have to be looked at, in the order in which they changed."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="milena-machines", daemon=True)

    def __enter__(self) -> "Machines":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """A move that a machine thinks about is finished first; it is made before the engine closes."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.turn()
            except StoreError as error:
                log.error("the machines have to wait: %s", error)
            except Exception:  # a game that a machine can't play must not stop the others
                log.exception("the machines have to wait")
            self._stop.wait(TICK)

    def turn(self) -> int:
        """Make every move that is due; returns how many were made."""
        self._follow()
        made = 0
        while self._due and not self._stop.is_set():
            stream = next(iter(self._due))
            del self._due[stream]
            made += self._play(stream)
            self._follow()
        return made

    # -------------------------------------------------------------------------------- what there is to do

    def _follow(self) -> None:
        """Find the games with machines, and those of them that have changed."""
        head = self._store.head().position
        if self._position is None:
            for key in self._home.open_games():
                self._meet(f"game:{key}")
        elif head > self._position:
            span = (self._position, head)
            seated = self._store.rows(
                "SELECT stream, payload ->> '$.player' FROM events "
                "WHERE position > ? AND position <= ? AND tag = 'game.seat_taken'",
                span,
            )
            for stream, player in seated:
                if self._home.vault.source(player) == "machine":
                    self._games.add(stream)
            if self._games:
                changed = self._store.rows(
                    "SELECT DISTINCT stream FROM events WHERE position > ? AND position <= ?", span
                )
                self._due |= {stream: None for (stream,) in changed if stream in self._games}
        self._position = head

    def _meet(self, stream: str) -> None:
        found = self._read(stream)
        if found is not None and any(self._is_machine(player) for player in found.state.players):
            self._games.add(stream)
            self._due[stream] = None

    def _read(self, stream: str) -> Folded | None:
        """The game as it stands, and its version; None where it can't be replayed."""
        try:
            return self._store.fold(GAMES, stream.partition(":")[2])
        except Unreplayable:
            return None

    def _is_machine(self, player: str) -> bool:
        return self._home.vault.source(player) == "machine"

    # ------------------------------------------------------------------------------------------- to play

    def _play(self, stream: str) -> bool:
        """Let one machine do what is due in a game; whether something was done."""
        found = self._read(stream)
        if found is None or found.state.status == "ended":
            self._games.discard(stream)
            return False
        game: Game = found.state
        machines = {seat: player for seat, player in enumerate(game.players) if self._is_machine(player)}
        for seat, player in machines.items():
            asked = self._agree(game, seat) or self._move(game, seat, player)
            if asked is not None:
                command, options = asked
                answer = self._call(command, found, seat, player, options)
                return answer.verdict == "accepted"
        return False

    def _agree(self, game: Game, seat: int) -> Asked | None:
        """Machines let a move be taken back, and play every game to its end."""
        if game.takeback is not None and seat not in game.takeback.seats and seat in game.still_in:
            return "accept", {}
        if game.draw_offers and seat not in game.draw_offers and seat in game.still_in:
            return "decline", {}
        return None

    def _move(self, game: Game, seat: int, player: PlayerId) -> Asked | None:
        if seat not in GAMES.actors(game):
            return None
        rules = GAMES.rules(game)
        kind = self._home.vault.name(player).partition("-")[0]
        try:
            move = opponents.load(kind)().choose(rules, rules.hide(game.board, seat), seat)
        except Refused as refusal:
            log.warning("%s makes no move in game %s: %s", kind, game.key, refusal.sentence)
            return None
        return "move", {"move": move, **GAMES.looked_at(game)}

    def _call(
        self, command: str, found: Folded, seat: int, player: PlayerId, options: dict[str, Any]
    ) -> Answer:
        key = found.state.key
        (seen,) = self._store.stream(f"game:{key}", found.version - 1, found.version)
        invocation = Invocation(
            InvocationId(f"{key}-{found.version}-{seat}"),
            command,
            {"game": key, **options},
            player,
            Place(seen.place),
            round(time.time() * 1000),
            (seen.correlation, seen.position),
        )
        return self._engine.call(invocation)
