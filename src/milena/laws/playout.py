"""One random play-out of a game, with all laws tried on it."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any, Literal, NoReturn, TypeVar

from msgspec import Struct

from milena.domain.clock import Clock
from milena.domain.event import Event
from milena.domain.game import Expire, Game, Games, Open, Resign, TakeSeat
from milena.domain.game.events import (
    ChanceDrawn,
    ChoiceSealed,
    MovePlayed,
    Resigned,
    SeatTaken,
    Started,
    TimedOut,
)
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, AnyRules
from milena.laws.boards import OF_BOARDS
from milena.laws.law import Board, Found, Look, explain, first_found, name_of, player
from milena.laws.leaving import OF_LEAVING
from milena.laws.moves import (
    OF_MOVES,
    a_draw_gives_the_same_state_each_time_and_changes_nothing,
    a_legal_move_is_never_refused,
)
from milena.laws.sampling import plain_options
from milena.laws.secrets import (
    OF_SECRETS,
    a_secret_draw_does_not_tell_a_spectator_what_was_drawn,
    what_is_imagined_can_be_played_to_its_end,
)
from milena.laws.views import OF_VIEWS

T = TypeVar("T")

KEY = "1g5k2m9xq4"
LOOKED_AT = 8
"""So many positions of a play-out are looked at closely; a later one, n-th, with a chance of 8 / n."""
SEEN = 60
MINUTE = 60_000

OF_LOOKS = (*OF_MOVES, *OF_VIEWS, *OF_SECRETS, *OF_LEAVING)
OF_DRAWS = (
    a_draw_gives_the_same_state_each_time_and_changes_nothing,
    a_secret_draw_does_not_tell_a_spectator_what_was_drawn,
)

Temper = Literal["calm", "lively", "idle"]
"""All move when they may; or some also give up, come late or run out of time; or nobody ever moves."""

SAME_AFTER_JSON = "a state is the same after JSON and back"
SAME_FROM_SNAPSHOT = "a fold from a snapshot at any cut equals the fold from zero"
WITHIN_BOUND = "a game ends within its bound"
CAN_BE_PLAYED = "a game can be opened and played to its end"
OF_PLAYOUTS = (SAME_AFTER_JSON, SAME_FROM_SNAPSHOT, WITHIN_BOUND, CAN_BE_PLAYED)
"""The laws that a play-out itself keeps an eye on."""

Tell = Callable[[str, str], None]
"""Notes a law that is broken, and what was found."""


class Over(Exception):
    """The play-out can't go on; why was noted."""


class Playout:
    """``seed`` determines all of it. ``story`` is what has happened so far, in words."""

    def __init__(self, rules: AnyRules, seed: int, tell: Tell) -> None:
        self.rules = rules
        self._tell = tell
        self.random = Random(seed)  # noqa: S311  # it plays; it keeps no secret
        self.games = Games(lambda _: rules)
        self.game = self.games.initial(KEY)
        self.folded = self.game
        self.options: dict[str, Any] = {}
        self.story: list[str] = []
        self.temper: Temper = self.random.choices(("calm", "lively", "idle"), (6, 3, 1))[0]
        self.cut = self.random.randrange(40)
        self._secret = self.random.randbytes(32)
        self._now = MINUTE
        self._looks = 0
        self._seen: dict[str, None] = {}
        self._events: list[Event] = []

    def run(self) -> None:
        try:
            self._open()
            while self.game.status == "playing":
                self._look()
                self._go_on()
            if self.game.how == "finished":
                self._judge_look(closely=True)
            self._refold()
        except Over:
            pass
        except Exception as error:  # whatever the rules raise
            self._tell(CAN_BE_PLAYED, explain(error))

    # -------------------------------------------------------------------------------------- playing

    def _open(self) -> None:
        rules, random = self.rules, self.random
        seats = random.randint(*rules.seats)
        self.options = plain_options(rules.options_type, random) if random.random() < 0.5 else {}
        own = rules.clock(rules.options_type()) is not None
        clocks = (Clock(turn=60), Clock(total=300), Clock(total=120, gain=2))
        clock = None if own or self.temper == "calm" else random.choice(clocks)
        try:
            self._do(Open(player(0), rules.name, self.options, seats, self._secret, clock=clock))
        except Refused:  # these options do not go together, or not with so many seats
            self.options, seats = {}, rules.seats.min
            self._do(Open(player(0), rules.name, {}, seats, self._secret, clock=clock))
        for seat in range(seats):
            self._do(TakeSeat(player(seat), f"salt{random.randrange(1000)}", self._secret, seat, self._now))

    def _go_on(self) -> None:
        movers, random = self.games.actors(self.game), self.random
        if not movers:
            self._give_up(CAN_BE_PLAYED, "nobody can move, and it goes on.")
        if self.temper == "idle" and self.games.deadline(self.game):
            return self._time_out()
        if self.temper == "lively" and random.random() < 0.06:
            return random.choices((self._time_out, self._resign, self._enter), (4, 1, 2))[0]()
        seat = random.choice(movers)
        moves = self.rules.legal(self.game.board, seat)
        if not moves:
            self._give_up(CAN_BE_PLAYED, f"player {seat + 1} has no legal move.")
        move = random.choice(moves)
        self._remember(move)
        self._remember(random.choice(moves))
        if self.temper != "calm":
            due = self.games.deadline(self.game) or self._now + MINUTE
            self._now = min(self._now + random.randrange(1, 10_000), max(self._now, due - 1))
        try:
            self._do(Look.play(self._as_look(), seat, move))
        except Refused as refused:
            told = f"{move!r} of player {seat + 1} is legal and refused: {refused.sentence}"
            self._give_up(name_of(a_legal_move_is_never_refused), told)

    def _time_out(self) -> None:
        if due := self.games.deadline(self.game):
            self._now = max(self._now, due)
            self._do(Expire(self._secret, self._now))

    def _resign(self) -> None:
        self._do(Resign(player(self.random.choice(self.game.still_in)), self._secret, self._now))

    def _enter(self) -> None:
        seat = len(self.game.seats)
        with suppress(Refused):  # where nobody can come in late
            self._do(TakeSeat(player(seat), "late", self._secret, now=self._now))

    def _remember(self, move: str) -> None:
        if len(self._seen) < SEEN:
            self._seen[move] = None

    # -------------------------------------------------------------------------------------- judging

    def _do(self, command: Struct) -> None:
        """Decide, and take the events in as a process does that has just read a snapshot."""
        changes = self.games.decide(self.game, command)
        for event in changes.events:
            self._events.append(event)
            self.story += told(event)
            evolved = self.games.evolve(self.folded, event)
            self._judge_board(evolved)
            self.folded = self._reread(evolved)
        self.game = changes.state
        if self.folded != self.game:
            self._give_up(
                SAME_FROM_SNAPSHOT,
                "a state that was written and read again leads to another one after this.",
            )
        if self.game.ply > self.rules.bound:
            self._give_up(WITHIN_BOUND, f"this is ply {self.game.ply} of {self.rules.bound}.")

    def _reread(self, game: Game) -> Game:
        """The state as a snapshot gives it back."""
        try:
            reread = self.games.decode(self.games.encode(game))
        except (TypeError, ValueError) as error:
            self._give_up(SAME_AFTER_JSON, f"it can't be written and read: {error}")
        if reread != game:
            self._give_up(SAME_AFTER_JSON, f"{game.board!r} becomes {reread.board!r}.")
        return reread

    def _refold(self) -> None:
        """All events once more, from zero and from one cut, without a look at any state between."""
        zero = self.games.initial(KEY)
        cut = min(self.cut, len(self._events))
        for event in self._events[:cut]:
            zero = self.games.evolve(zero, event)
        snapshot = self.games.decode(self.games.encode(zero))
        for event in self._events[cut:]:
            zero, snapshot = self.games.evolve(zero, event), self.games.evolve(snapshot, event)
        if not zero == snapshot == self.game:
            told = f"the fold from event {cut} on, or from zero, comes to another end."
            self._tell(SAME_FROM_SNAPSHOT, told)

    def _judge_board(self, game: Game) -> None:
        if game.board is None or game.choices:
            return
        board = Board(self.rules, game.board, len(game.seats))
        for law in OF_BOARDS:
            self._judge(law, board)
        if game.status == "playing" and self.rules.actors(game.board) == (CHANCE,) and self._closely():
            for draw_law in OF_DRAWS:
                self._judge(draw_law, self._as_look(game))

    def _look(self) -> None:
        if self._closely():
            self._judge_look(closely=self.random.random() < 0.1)

    def _closely(self) -> bool:
        self._looks += 1
        return self._looks <= LOOKED_AT or self.random.random() < LOOKED_AT / self._looks

    def _judge_look(self, closely: bool) -> None:
        look = self._as_look()
        for law in OF_LOOKS:
            self._judge(law, look)
        if closely:
            self._judge(what_is_imagined_can_be_played_to_its_end, look)

    def _as_look(self, game: Game | None = None) -> Look:
        random = Random(self.random.getrandbits(32))  # noqa: S311  # laws do not change how it goes on
        return Look(
            self.games,
            self.rules,
            game or self.game,
            random,
            self._secret,
            self._now,
            list(self._seen),
            self._events,
        )

    def _judge(self, law: Callable[[T], Found], subject: T) -> None:
        if told := first_found(law, subject):
            self._tell(name_of(law), told)

    def _give_up(self, law: str, told: str) -> NoReturn:
        self._tell(law, told)
        raise Over


def told(event: Event) -> list[str]:
    """An event of a game in words; nothing for those that change no board."""
    match event:
        case Started():
            return []
        case MovePlayed() | ChoiceSealed():
            return [f"player {event.seat + 1}: {event.move}"]
        case ChanceDrawn():
            return [f"chance: {event.outcome}"]
        case TimedOut():
            return [f"player {event.seat + 1} ran out of time ({event.missed})"]
        case Resigned():
            return [f"player {event.seat + 1} resigned"]
        case SeatTaken() if event.ply:
            return [f"player {event.seat + 1} came in"]
    return []
