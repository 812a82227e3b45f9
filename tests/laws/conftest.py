"""A random session of any game, played through the Game aggregate: what the laws are tried on.

Every test of this folder that asks for ``game`` runs once for each game that is installed.
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import strategies as st
from msgspec import Struct, inspect

from milena import games
from milena.domain.event import Event
from milena.domain.game import Abort, Game, Games, LeaveSeat, Open, Play, Resign, TakeSeat
from milena.domain.game.events import ChanceDrawn
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.rules import Rules

GAMES = Games(games.load)
KEY = "1g5k2m9xq4"
SHRINKABLE = 30
"""So many moves are drawn one by one, so that a counterexample gets small; the others come from a seed."""


class Step(NamedTuple):
    """One command and what decide made of it: ``after`` is its own state, not a fold."""

    before: Game
    command: Struct
    events: tuple[Event, ...]
    after: Game


class Moment(NamedTuple):
    """One event, with the states around it as a fold from zero has them."""

    before: Game
    event: Event
    after: Game


class Session:
    """A game from its opening on. ``game`` is the state it has come to."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.rules: Rules[Any, Any] = games.load(name)
        self.seed = seed
        self.game = GAMES.initial(KEY)
        self.steps: list[Step] = []

    def do(self, command: Struct) -> None:
        changes = GAMES.decide(self.game, command)
        self.steps.append(Step(self.game, command, tuple(changes.events), changes.state))
        self.game = changes.state

    @property
    def events(self) -> list[Event]:
        return [event for step in self.steps for event in step.events]

    @property
    def seats(self) -> range:
        return range(len(self.game.seats))

    def moments(self) -> Iterator[Moment]:
        game = GAMES.initial(KEY)
        for event in self.events:
            before, game = game, GAMES.evolve(game, event)
            yield Moment(before, event, game)

    def states(self) -> list[Game]:
        """What players came to see: the state after each command."""
        return [step.after for step in self.steps]

    def boards(self) -> list[Game]:
        """Those of the states that have a board, the last one over where the game has ended."""
        return [game for game in self.states() if game.board is not None]

    def play(self, seat: int, move: str) -> Play:
        return Play(player(seat), move, self.seed)

    def __repr__(self) -> str:
        told = (str(msgspec.to_builtins(step.command) | {"seed": "..."}) for step in self.steps)
        return f"{self.rules.name}, seed {self.seed.hex()}:\n  " + "\n  ".join(told)


def player(seat: int) -> PlayerId:
    return PlayerId(f"player{seat}")


def plain_values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Plain values that an option of this type allows; none for types that no game has used so far."""
    match kind:
        case inspect.Metadata():
            return plain_values(kind.type)
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType():
            low = kind.ge if kind.ge is not None else kind.gt + 1 if kind.gt is not None else 0
            high = kind.le if kind.le is not None else kind.lt - 1 if kind.lt is not None else low + 10
            return st.integers(low, high)
        case inspect.UnionType():
            return st.one_of(*(plain_values(each) for each in kind.types))
        case inspect.NoneType():
            return st.none()
    return st.nothing()


def plain_options(options: type[Struct]) -> st.SearchStrategy[dict[str, Any]]:
    info = inspect.type_info(options)
    assert isinstance(info, inspect.StructType)
    values = {field.encode_name: plain_values(field.type) for field in info.fields}
    return st.fixed_dictionaries(
        {}, optional={name: value for name, value in values.items() if not value.is_empty}
    )


@st.composite
def _sessions(draw: st.DrawFn, name: str, moves: int = 60, quits: bool = True) -> Session:
    """A session of ``name`` with random options, up to so many moves. ``quits``: now and then someone
    leaves a seat, resigns or aborts."""

    def rarely() -> bool:
        return quits and draw(st.integers(0, 9)) == 9

    session = Session(name, draw(st.binary(min_size=32, max_size=32)))
    rules, seed = session.rules, session.seed
    seats = draw(st.integers(*rules.seats))
    try:
        session.do(Open(player(0), name, draw(plain_options(rules.options_type)), seats, seed))
    except Refused:  # these options do not go together
        session.do(Open(player(0), name, {}, seats, seed))
    for seat in draw(st.permutations(range(seats))):
        if rarely() and session.game.seat_of(player(0)) is not None:
            session.do(LeaveSeat(player(0), seed))
            session.do(TakeSeat(player(0), "again", seed, 0))
        if rarely() and rarely():
            session.do(Abort(player(0), seed))
            return session
        salt = draw(st.text("abcdefXYZ0189", min_size=1, max_size=6))
        session.do(TakeSeat(player(seat), salt, seed, seat))

    interruptions = draw(st.dictionaries(st.integers(0, 15), st.booleans(), max_size=2)) if quits else {}
    random = Random(draw(st.integers(0, 2**32 - 1)))
    for turn in range(moves):
        if session.game.status != "playing":
            break
        if turn in interruptions:
            seat = draw(st.sampled_from(session.game.still_in))
            early = len(session.game.moved) < len(session.seats)  # later it is refused
            abort = interruptions[turn] and early
            session.do(Abort(player(seat), seed) if abort else Resign(player(seat), seed))
            continue
        possible = _possible(session)
        at = draw(st.integers(0, len(possible) - 1)) if turn < SHRINKABLE else random.randrange(len(possible))
        session.do(session.play(*possible[at]))
    return session


def _possible(session: Session) -> list[tuple[int, str]]:
    """What can be played now, as (seat, move); where input is open, what chance brought is among it."""
    rules, game = session.rules, session.game
    movers = GAMES.actors(game)
    moves = [(seat, move) for seat in movers for move in rules.legal(game.board, seat)]
    if rules.open_input:
        drawn = {event.outcome: None for event in session.events if isinstance(event, ChanceDrawn)}
        for seat in movers:
            moves += [(seat, outcome) for outcome in drawn if _fits(session, seat, outcome)]
    return moves


def _fits(session: Session, seat: int, move: str) -> bool:
    try:
        GAMES.decide(session.game, session.play(seat, move))
    except Refused:
        return False
    return True


@pytest.fixture(scope="session")
def sessions() -> Callable[..., st.SearchStrategy[Session]]:
    """``data.draw(sessions(game))``: see ``_sessions``."""
    return _sessions


@pytest.fixture(scope="session")
def aggregate() -> Games:
    return GAMES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "game" in metafunc.fixturenames:
        metafunc.parametrize("game", games.names())
