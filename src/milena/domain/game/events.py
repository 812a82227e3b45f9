"""What happens to a game. Tags and fields are a promise: they are only ever added to.

A ply is anything that changes the board: a move, a draw of chance, one round of simultaneous choices,
a missed turn, a seat that gives up or comes in while the others play on, moves taken back. Plies count
from 1. Times are in ms since 1970.
"""

from typing import Any, ClassVar, Literal

from milena.domain.clock import Clock
from milena.domain.event import Event
from milena.domain.ids import PlayerId

How = Literal[
    "finished", "resigned", "agreed", "timeout", "aborted", "declined", "expired", "abandoned", "voided"
]
"""How a game ended: by its rules, by a resignation, by a draw agreed on, by a clock; and without a result:
aborted, its invitation turned down, never begun in time, left alone for too long, voided."""

RESULTS: tuple[How, ...] = ("finished", "resigned", "agreed", "timeout")
"""The endings that have scores."""

Missed = Literal["lost", "left", "skipped", "random"]
"""What became of a seat that ran out of time: the game is lost; it is out, and the others play on; it missed
its turn; chance moves for it, in the next event."""


class Opened(Event, frozen=True):
    """``rules`` is the version of the rules it is played by; ``commitment`` see milena.domain.chance.

    ``place``    where it was opened; empty in games of release 0.1
    ``private``  only who is invited may sit down
    ``until``    when it is given up if it has not begun by then, 0: never
    ``rematch``  the id of the game that is played again, if any
    """

    tag: ClassVar[str] = "game.opened"
    game: str
    rules: int
    options: dict[str, Any]
    seats: int
    host: PlayerId
    commitment: str
    place: str = ""
    clock: Clock | None = None
    private: bool = False
    until: int = 0
    rematch: str = ""

    @property
    def due(self) -> int:
        return self.until


# ------------------------------------------------------------------------------------------- seats


class Invited(Event, frozen=True):
    """A seat is kept for a player until a time. Where the game has begun, it is the seat of ``by``, who
    hands it over."""

    tag: ClassVar[str] = "game.invited"
    player: PlayerId
    seat: int
    until: int
    by: PlayerId

    @property
    def due(self) -> int:
        return self.until


class InvitationDeclined(Event, frozen=True):
    """``by``: the one who was invited, or who had invited and takes it back."""

    tag: ClassVar[str] = "game.invitation_declined"
    player: PlayerId
    by: PlayerId


class InvitationExpired(Event, frozen=True):
    tag: ClassVar[str] = "game.invitation_expired"
    player: PlayerId


class SeatTaken(Event, frozen=True):
    """``salt`` is what the player brings to the draws of chance. Where the game has begun, the seat is a new
    one, and that is a ply."""

    tag: ClassVar[str] = "game.seat_taken"
    seat: int
    player: PlayerId
    salt: str
    ply: int = 0


class SeatLeft(Event, frozen=True):
    tag: ClassVar[str] = "game.seat_left"
    seat: int
    player: PlayerId


class SeatHandedOver(Event, frozen=True):
    """The seat has another player from now on; its salt stays."""

    tag: ClassVar[str] = "game.seat_handed_over"
    seat: int
    player: PlayerId
    before: PlayerId


class Started(Event, frozen=True):
    """``seats``: how many play. Seats that are still free are gone, and those behind them move up."""

    tag: ClassVar[str] = "game.started"
    seats: int


# -------------------------------------------------------------------------------------------- play


class MovePlayed(Event, frozen=True):
    tag: ClassVar[str] = "game.move_played"
    ply: int
    seat: int
    move: str


class MoveHidden(MovePlayed, frozen=True):
    """A move that not everybody may know of until the game ends."""

    tag: ClassVar[str] = "game.move_hidden"
    sealed: ClassVar[str] = "move"


class ChoiceSealed(Event, frozen=True):
    """One seat has chosen where all choose at once; nothing happens on the board yet."""

    tag: ClassVar[str] = "game.choice_sealed"
    sealed: ClassVar[str] = "move"
    seat: int
    move: str


class ChoicesRevealed(Event, frozen=True):
    """The last seat has chosen: all choices, by seat."""

    tag: ClassVar[str] = "game.choices_revealed"
    ply: int
    choices: tuple[tuple[int, str], ...]


class ChanceDrawn(Event, frozen=True):
    tag: ClassVar[str] = "game.chance_drawn"
    ply: int
    draw: int
    outcome: str


class ChanceHidden(ChanceDrawn, frozen=True):
    """A draw that not everybody may know of until the game ends."""

    tag: ClassVar[str] = "game.chance_hidden"
    sealed: ClassVar[str] = "outcome"


class TimedOut(Event, frozen=True):
    """A seat ran out of time. ``ply`` is a new one where the board changes (skipped, left); ``draw`` counts
    the draw by which chance moves for it."""

    tag: ClassVar[str] = "game.timed_out"
    ply: int
    seat: int
    missed: Missed
    draw: int = 0
    flag: bool = False
    """It was the time for the whole game."""


class ClocksSet(Event, frozen=True):
    """The clocks, one number a seat, whenever one starts or stops.

    ``left``   ms left for the whole game when it was last set, 0 where there is no such limit
    ``since``  since when it runs, 0: it stands
    ``ends``   when its time is up, 0: it stands
    ``remind``  so many ms before that a seat is reminded, 0: it is not
    """

    tag: ClassVar[str] = "game.clocks_set"
    left: tuple[int, ...]
    since: tuple[int, ...]
    ends: tuple[int, ...]
    remind: int = 0

    @property
    def due(self) -> int:
        ends = min(filter(None, self.ends), default=0)
        return ends and ends - self.remind


class Reminded(Event, frozen=True):
    """A seat was told that its time runs out at ``ends``."""

    tag: ClassVar[str] = "game.reminded"
    seat: int
    ends: int


# -------------------------------------------------------------------------------------- agreements


class DrawOffered(Event, frozen=True):
    """A seat offers a draw, or agrees to one."""

    tag: ClassVar[str] = "game.draw_offered"
    seat: int


class DrawDeclined(Event, frozen=True):
    tag: ClassVar[str] = "game.draw_declined"
    seat: int


class TakebackAsked(Event, frozen=True):
    """A seat asks to take its last move back, and all after it: ``plies`` in all; or agrees to that."""

    tag: ClassVar[str] = "game.takeback_asked"
    seat: int
    plies: int


class TakebackDeclined(Event, frozen=True):
    tag: ClassVar[str] = "game.takeback_declined"
    seat: int


class TakenBack(Event, frozen=True):
    """The last ``plies`` are undone, which is a ply of its own: what was undone stays in the log."""

    tag: ClassVar[str] = "game.taken_back"
    ply: int
    plies: int


# ------------------------------------------------------------------------------------------ endings


class Resigned(Event, frozen=True):
    """``plays_on``: the rules let the others go on without this seat."""

    tag: ClassVar[str] = "game.resigned"
    ply: int
    seat: int
    plays_on: bool = False


class Ended(Event, frozen=True):
    """It is over, and the seed is revealed, in hex; ``scores`` are empty if there is no result."""

    tag: ClassVar[str] = "game.ended"
    how: How
    reason: str
    seed: str
    scores: tuple[float, ...] = ()
    points: tuple[int, ...] = ()


class Voided(Event, frozen=True):
    """A moderator has taken the result away, during the game or after it."""

    tag: ClassVar[str] = "game.voided"
    by: PlayerId
    reason: str


class Rematched(Event, frozen=True):
    """It is played again: ``game`` is the id of the new one."""

    tag: ClassVar[str] = "game.rematched"
    game: str


EVENTS: tuple[type[Event], ...] = (
    Opened, Invited, InvitationDeclined, InvitationExpired, SeatTaken, SeatLeft, SeatHandedOver, Started,
    MovePlayed, MoveHidden, ChoiceSealed, ChoicesRevealed, ChanceDrawn, ChanceHidden, TimedOut, ClocksSet,
    Reminded, DrawOffered, DrawDeclined, TakebackAsked, TakebackDeclined, TakenBack, Resigned, Ended, Voided,
    Rematched,
)  # fmt: skip
