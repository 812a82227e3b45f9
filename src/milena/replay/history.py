"""A game as it went, ply by ply, folded from its events.

Nothing here tells a secret of a game that goes on: what was played or drawn in hiding has no text
until the game has ended, and its boards are those that a spectator sees.
"""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from milena.domain.event import Event
from milena.domain.game import Game, Games
from milena.domain.game.events import (
    ChanceDrawn,
    ChanceHidden,
    ChoiceSealed,
    ChoicesRevealed,
    Ended,
    MoveHidden,
    MovePlayed,
    Resigned,
    SeatTaken,
    Started,
    TakenBack,
    TimedOut,
)
from milena.domain.ids import PlayerId
from milena.domain.view import View
from milena.store import Envelope
from milena.store.reading import Reading

Kind = Literal["move", "choice", "chance", "resigned", "timeout", "entered", "undone"]


class Act(Struct, frozen=True):
    """What one player, or chance, did.

    ``seat``, ``player``  None for chance
    ``text``    the move, what was drawn, or what became of a missed turn; how many plies were undone
    ``secret``  not for all eyes before the game has ended
    ``time``    ms since 1970
    """

    kind: Kind
    time: int
    seat: int | None = None
    player: PlayerId | None = None
    text: str = ""
    secret: bool = False


class Ply(Struct, frozen=True):
    """One change of the board: what was done, and the game after it. Ply 0 is the start.

    Several acts are a round of simultaneous choices.
    """

    number: int
    time: int
    acts: tuple[Act, ...]
    game: Game


class History:
    """One game, from its first event. :meth:`catch_up` reads on, as far as there is something new.

    ``plies``    what has changed the board so far, the start first; empty until the game starts
    ``pending``  choices that are in and wait for those of the others, or the giving up that ended it
    ``position``  of the last event in the log
    ``opened``, ``last``  the times of the first and of the last event, ms since 1970
    ``keep``     so many of the last plies are kept, 0: all
    ``problem``  why the game can't be read beyond ``version``: one sentence, empty if it can
    """

    def __init__(self, reading: Reading, games: Games, key: str, keep: int = 0) -> None:
        self.games = games
        self.game = games.initial(key)
        self.version = 0
        self.plies: list[Ply] = []
        self.pending: tuple[Act, ...] = ()
        self.opened = self.last = self.position = 0
        self.problem = ""
        self.keep = keep
        self._reading = reading
        self._stream = f"{games.kind}:{key}"

    def catch_up(self) -> None:
        """Take in the events behind ``version``; stops at the first that can't be replayed."""
        if self.problem:
            return
        for envelope in self._reading.stream(self._stream, after=self.version):
            try:
                if envelope.version != self.version + 1:
                    raise ValueError(f"it follows on number {self.version}")
                event = self._reading.event(envelope)
                game = self.games.evolve(self.game, event)
            except Exception as error:  # whatever a damaged event leads to, it is told and not raised
                self.problem = (
                    f"Event {envelope.version} ({envelope.tag}, position {envelope.position}) of game "
                    f"{self.game.key} can't be replayed: {error}"
                )
                return
            self._take(envelope, event, game)

    def overtaken(self) -> bool:
        """Whether there is something new to catch up with."""
        last = self._reading.last(self._stream)
        return last is not None and last.version > self.version

    def _take(self, envelope: Envelope, event: Event, game: Game) -> None:
        self.opened = self.opened or envelope.time
        self.last = envelope.time
        self.version, self.position = envelope.version, envelope.position
        self.game = game
        match event:
            case Started():
                self._ply(envelope, ())
            case MovePlayed():
                secret = isinstance(event, MoveHidden)
                self._ply(envelope, (self._act("move", envelope, event.seat, event.move, secret),))
            case ChanceDrawn():
                secret = isinstance(event, ChanceHidden)
                self._ply(envelope, (Act("chance", envelope.time, text=event.outcome, secret=secret),))
            case ChoiceSealed():
                choice = self._act("choice", envelope, event.seat, event.move, secret=True)
                self.pending = (*self.pending, choice)
            case ChoicesRevealed():
                choices = sorted(self.pending, key=lambda act: act.seat or 0)
                self.pending = ()
                self._ply(envelope, tuple(replace(act, secret=False) for act in choices))
            case Resigned():
                resigned = self._act("resigned", envelope, event.seat)
                if event.plays_on:
                    self.pending = tuple(act for act in self.pending if act.seat != event.seat)
                    self._ply(envelope, (resigned,))
                else:
                    self.pending = (*self.pending, resigned)
            case TimedOut():
                late = self._act("timeout", envelope, event.seat, event.missed)
                if event.missed in ("skipped", "left"):
                    self.pending = tuple(act for act in self.pending if act.seat != event.seat)
                    self._ply(envelope, (late,))
                elif event.missed == "lost":
                    self.pending = (*self.pending, late)
            case SeatTaken() if event.ply:
                self._ply(envelope, (self._act("entered", envelope, event.seat),))
            case TakenBack():
                self._ply(envelope, (Act("undone", envelope.time, text=str(event.plies)),))
            case Ended() if self.plies:
                self.plies[-1] = replace(self.plies[-1], game=game)

    def _act(self, kind: Kind, envelope: Envelope, seat: int, text: str = "", secret: bool = False) -> Act:
        seated = self.game.seats[seat]
        player = None if seated is None else seated.player
        return Act(kind, envelope.time, seat, player, text, secret)

    def _ply(self, envelope: Envelope, acts: tuple[Act, ...]) -> None:
        self.plies.append(Ply(self.game.ply, envelope.time, acts, self.game))
        if self.keep:
            del self.plies[: -self.keep]

    # -------------------------------------------------------------------------- what may be told of it

    @property
    def ended(self) -> bool:
        return self.game.status == "ended"

    def told(self, act: Act) -> str | None:
        """What was played or drawn; None while that is a secret."""
        return None if act.secret and not self.ended else act.text

    def view(self, ply: Ply) -> View:
        """The board after ``ply``: as spectators see it, and with nothing hidden once all is over."""
        if not self.ended:
            return self.games.view(ply.game, None)
        view = self.games.rules(ply.game).view(ply.game.board, None)
        grid = tuple(
            tuple(replace(cell, move="") if cell.move else cell for cell in row) for row in view.grid
        )
        return replace(view, grid=grid, choices=())
