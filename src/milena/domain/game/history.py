"""What happens to a game, and what that makes of it: events, state and evolve.

A ply is anything that changes the board: a move, a draw of chance, one round of simultaneous choices,
or a resignation after which the others play on. Plies count from 1.
"""

from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from milena.domain.event import Event
from milena.domain.ids import PlayerId
from milena.domain.rules import Outcome, Rules

Status = Literal["unopened", "waiting", "playing", "ended"]
How = Literal["finished", "resigned", "aborted"]


class Opened(Event, frozen=True):
    """``rules`` is the version of the rules it is played by; ``commitment`` see milena.domain.chance."""

    tag: ClassVar[str] = "game.opened"
    game: str
    rules: int
    options: dict[str, Any]
    seats: int
    host: PlayerId
    commitment: str


class SeatTaken(Event, frozen=True):
    """``salt`` is what the player brings to the draws of chance."""

    tag: ClassVar[str] = "game.seat_taken"
    seat: int
    player: PlayerId
    salt: str


class SeatLeft(Event, frozen=True):
    tag: ClassVar[str] = "game.seat_left"
    seat: int
    player: PlayerId


class Started(Event, frozen=True):
    tag: ClassVar[str] = "game.started"
    seats: int


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


class Resigned(Event, frozen=True):
    """``plays_on``: the rules let the others go on without this seat."""

    tag: ClassVar[str] = "game.resigned"
    ply: int
    seat: int
    plays_on: bool = False


class Ended(Event, frozen=True):
    """The last event of every game. It reveals the seed, in hex; ``scores`` are empty if aborted."""

    tag: ClassVar[str] = "game.ended"
    how: How
    reason: str
    seed: str
    scores: tuple[float, ...] = ()
    points: tuple[int, ...] = ()


EVENTS: tuple[type[Event], ...] = (
    Opened, SeatTaken, SeatLeft, Started, MovePlayed, MoveHidden, ChoiceSealed, ChoicesRevealed,
    ChanceDrawn, ChanceHidden, Resigned, Ended,
)  # fmt: skip


class Seated(Struct, frozen=True):
    player: PlayerId
    salt: str


class Game(Struct, frozen=True):
    """``board`` is the state of the game's own rules, None until it starts; ``gave_up`` are the seats that
    resigned while the others play on; ``choices`` holds the
    simultaneous choices that are in, by seat."""

    key: str
    status: Status = "unopened"
    name: str = ""
    rules: int = 0
    options: dict[str, Any] = {}
    host: PlayerId = PlayerId("")
    commitment: str = ""
    seats: tuple[Seated | None, ...] = ()
    board: Any = None
    ply: int = 0
    draws: int = 0
    choices: tuple[tuple[int, str], ...] = ()
    gave_up: tuple[int, ...] = ()
    how: How | None = None
    outcome: Outcome | None = None
    seed: str = ""

    @property
    def salts(self) -> list[str]:
        """What the players brought to the draws, in seat order."""
        return [seated.salt for seated in self.seats if seated is not None]

    def seat_of(self, player: PlayerId) -> int | None:
        for seat, seated in enumerate(self.seats):
            if seated is not None and seated.player == player:
                return seat
        return None


def evolve(game: Game, event: Event, rules: Rules[Any, Any] | None) -> Game:
    """The game after ``event``. ``rules`` are those of this game, None before it is opened."""
    if rules is None:
        assert isinstance(event, Opened), "the first event opens the game"
        return Game(
            key=game.key,
            status="waiting",
            name=event.game,
            rules=event.rules,
            options=event.options,
            host=event.host,
            commitment=event.commitment,
            seats=(None,) * event.seats,
        )
    match event:
        case MovePlayed():
            board = rules.play(game.board, event.seat, event.move)
            return replace(game, board=board, ply=event.ply)
        case ChanceDrawn():
            board = rules.resolve(game.board, event.outcome)
            return replace(game, board=board, ply=event.ply, draws=event.draw)
        case ChoiceSealed():
            return replace(game, choices=(*game.choices, (event.seat, event.move)))
        case ChoicesRevealed():
            board = game.board
            for seat, move in event.choices:
                board = rules.play(board, seat, move)
            return replace(game, board=board, ply=event.ply, choices=())
        case SeatTaken():
            return replace(game, seats=_with(game.seats, event.seat, Seated(event.player, event.salt)))
        case SeatLeft():
            return replace(game, seats=_with(game.seats, event.seat, None))
        case Started():
            options = msgspec.convert(game.options, rules.options_type)
            return replace(game, status="playing", board=rules.start(event.seats, options))
        case Resigned():
            if not event.plays_on:
                return replace(game, ply=event.ply)
            choices = tuple(choice for choice in game.choices if choice[0] != event.seat)
            board = rules.resign(game.board, event.seat)
            gave_up = (*game.gave_up, event.seat)
            return replace(game, board=board, ply=event.ply, choices=choices, gave_up=gave_up)
        case Ended():
            outcome = Outcome(event.scores, event.reason, event.points)
            return replace(game, status="ended", how=event.how, outcome=outcome, seed=event.seed, choices=())
        case _:
            raise TypeError(f"a game knows no {type(event).__name__}")


def _with(seats: tuple[Seated | None, ...], seat: int, seated: Seated | None) -> tuple[Seated | None, ...]:
    return (*seats[:seat], seated, *seats[seat + 1 :])
