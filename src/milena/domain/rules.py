"""The Rules contract: all that a game has to say about itself, in one file.

A game is a subclass of :class:`Rules` and one instance of it, named ``rules``. Everything else
(seats, turns, chance, secrets, storage, replay, every front end) is done once, for every game,
by the aggregate in :mod:`milena.domain.game`, which is the only caller of these methods.

Rules are pure. A state is a frozen :class:`msgspec.Struct` of plain data that encodes to JSON and
back without loss; no method has an effect, reads a clock or draws a random number. A seat is a
number from 0. A move is a string in the game's usual notation.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Generic, Literal, NamedTuple, get_args, get_origin

from msgspec import Struct
from typing_extensions import TypeVar

from milena.domain.clock import Clock
from milena.domain.refusal import Refused
from milena.domain.view import View

CHANCE = -1
"""The seat of chance: :meth:`Rules.actors` names it when a draw is due."""

SPECTATOR = None
"""The seat of someone who only watches."""


OnTimeout = Literal["forfeit", "skip", "random"]
"""What a missed turn means: the seat gives up (see :meth:`Rules.resign`), misses its turn (see
:meth:`Rules.skip`), or makes a legal move that chance picks."""

Pick = Callable[[int], int]
"""A source of chance for :meth:`Rules.imagine`: ``pick(n)`` is a number from 0 to n-1."""


class Seats(NamedTuple):
    """How many may play."""

    min: int
    max: int


class NoOptions(Struct, frozen=True):
    """The options of a game that has none."""


class Outcome(Struct, frozen=True, omit_defaults=True):
    """How a game ended.

    ``scores``  one result a seat: 1 won, 0 lost, 0.5 drawn (or shared)
    ``reason``  a short sentence for the players, such as ``"three in a row"``
    ``points``  what the game itself counts, one number a seat, where it counts anything
    """

    scores: tuple[float, ...]
    reason: str
    points: tuple[int, ...] = ()


S = TypeVar("S", bound=Struct)
Opts = TypeVar("Opts", bound=Struct, default=NoOptions)


class Rules(Generic[S, Opts]):
    """The rules of one game. ``S`` is its state, ``Opts`` its options."""

    name: ClassVar[str]
    """As typed and stored: ``"tictactoe"``. The file has the same name (``-`` written ``_``,
    and ``_`` before a leading digit)."""
    title: ClassVar[str]
    """As people write it: ``"Tic-tac-toe"``."""
    version: ClassVar[int] = 1
    """Raised whenever a recorded game would replay differently (see :meth:`at`)."""
    seats: ClassVar[Seats]
    bound: ClassVar[int]
    """No game takes more plies than this, draws of chance included."""
    notation: ClassVar[str]
    """How a move is written, in one sentence for the player."""
    open_input: ClassVar[bool] = False
    """True where :meth:`legal` can't list every move (a word, an answer)."""
    simultaneous: ClassVar[bool] = False
    """True where all actors choose at once: a choice is stored sealed until the last is in."""

    offers: ClassVar[bool] = True
    """False where :meth:`legal` would give the answer away: it is for machines and tests then, and
    players are not shown it."""
    draws: ClassVar[bool] = False
    """True where the players may agree on a draw."""
    on_timeout: ClassVar[OnTimeout] = "forfeit"
    """What it means that a seat has used up the time for a turn."""

    state_type: type[S]
    options_type: type[Opts]
    """Taken from ``Rules[State, Options]``. Options are a frozen Struct with a default for every
    field; ``msgspec.Meta`` gives limits and help."""

    def __init_subclass__(cls) -> None:
        for base in getattr(cls, "__orig_bases__", ()):
            if get_origin(base) is Rules:
                cls.state_type, cls.options_type = (*get_args(base), NoOptions)[:2]

    def at(self, version: int) -> "Rules[S, Opts]":
        """The rules as they were in ``version``, to replay a game that began under them."""
        if version != self.version:
            raise Refused(
                "rules_version",
                f"{self.title} was played here under its rules number {version}, and this release "
                f"knows number {self.version} only: upgrade Milena to replay it.",
            )
        return self

    def start(self, seats: int, options: Opts) -> S:
        """The first state. Raises Refused where these options do not go together."""
        raise NotImplementedError

    def actors(self, state: S) -> tuple[int, ...]:
        """The seats that may move now; ``(CHANCE,)`` when a draw is due; ``()`` when it is over.
        Several seats: all of them choose (``simultaneous``), or whoever comes first."""
        raise NotImplementedError

    def legal(self, state: S, seat: int) -> list[str]:
        """Every move of this seat, in a fixed order (some of them where ``open_input``);
        empty when the seat is not among the actors."""
        raise NotImplementedError

    def read(self, state: S, seat: int, text: str) -> str:
        """What a player typed, as the move to store. The default drops outer blanks and capitals."""
        return text.strip().lower()

    def play(self, state: S, seat: int, move: str) -> S:
        """The state after ``move``. Raises Refused, with a sentence that says what would be legal.
        The caller has made sure that ``seat`` is among the actors."""
        raise NotImplementedError

    def chances(self, state: S) -> list[tuple[str, int]]:
        """What chance may bring now, each with its whole-numbered weight, in a fixed order."""
        return []

    def resolve(self, state: S, outcome: str) -> S:
        """The state after chance brought ``outcome``."""
        raise NotImplementedError

    def secret(self, state: S) -> bool:
        """True where what is drawn or played in this state is not for all eyes: it is stored
        sealed until the game ends."""
        return False

    def outcome(self, state: S) -> Outcome | None:
        """How it ended, or None while it goes on."""
        raise NotImplementedError

    def resign(self, state: S, seat: int) -> S | None:
        """What it means that ``seat`` gives up: the state in which the others play on, or None (the
        default): the game ends there and all others have won."""
        return None

    def enter(self, state: S) -> S | None:
        """The state after one more seat has come in, as the last one; None (the default) where nobody
        can come in once the game has begun."""
        return None

    def clock(self, options: Opts) -> Clock | None:
        """The clock that belongs to the game with these options; None (the default) where the players
        choose it themselves."""
        return None

    def turn(self, state: S) -> int | None:
        """Where all play at once (a question that is asked to all), the number of the turn: the time for a
        turn begins anew for everybody when it changes. None (the default): a seat's turn begins when
        it comes to be among the actors, and after each of its own moves."""
        return None

    def skip(self, state: S, seat: int) -> S:
        """The state after ``seat``, one of the actors, has missed its turn. Only asked for where
        ``on_timeout`` is "skip"."""
        raise NotImplementedError

    def flag(self, state: S, seat: int) -> S | None:
        """What it means that ``seat`` has used up its time for the whole game: the state in which the
        others play on, or None: it has lost. The default: the same as to resign."""
        return self.resign(state, seat)

    def imagine(self, state: S, seat: int, pick: Pick) -> S:
        """``state`` was hidden for ``seat``: one of the full states that it may stand for, picked by
        chance. ``hide`` makes the same state of it again, and it can be played on from. A machine that
        thinks ahead needs it wherever a game hides something."""
        return state

    def hide(self, state: S, seat: int | None) -> S:
        """The state with all that ``seat`` (None: a spectator) must not know taken out. Views are
        only ever made of hidden states, so what is taken out here can't leak. Idempotent; two
        states that a seat can't tell apart hide to the same one."""
        return state

    def view(self, state: S, seat: int | None) -> View:
        """What to show of a state that was hidden for this seat. ``choices`` may stay empty: they
        are filled in for the seats that may move."""
        raise NotImplementedError

    def marks(self, state: S) -> tuple[str, ...]:
        """What stands for each seat on the board (``("X", "O")``), empty where nothing does."""
        return ()


AnyRules = Rules[Any, Any]
