"""What a law is, and what it looks at."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, NamedTuple, TypeVar

from milena.domain.event import Event
from milena.domain.game import Game, Games, Play
from milena.domain.ids import PlayerId
from milena.domain.rules import AnyRules
from milena.domain.view import View

T = TypeVar("T")
Found = Iterator[str]
"""What is wrong, in sentences; nothing where the law is kept."""


class Board(NamedTuple):
    """A state of the rules' own, of so many seats."""

    rules: AnyRules
    state: Any
    seats: int


@dataclass(eq=False)
class Look:
    """A position of a play-out in which players are to move, or that is the last one.

    ``seen``    moves that were legal at some time in this play-out
    ``events``  all that has happened so far
    """

    games: Games
    rules: AnyRules
    game: Game
    random: Random
    seed: bytes
    now: int
    seen: Sequence[str]
    events: Sequence[Event]

    @property
    def state(self) -> Any:
        return self.game.board

    @cached_property
    def views(self) -> dict[int | None, View]:
        """What each seat and a spectator see."""
        return {seat: self.games.view(self.game, seat) for seat in self.watchers}

    @property
    def seats(self) -> range:
        return range(len(self.game.seats))

    @property
    def watchers(self) -> list[int | None]:
        return [None, *self.seats]

    @cached_property
    def movers(self) -> tuple[int, ...]:
        return self.games.actors(self.game)

    def play(self, seat: int, move: str) -> Play:
        return Play(player(seat), move, self.seed, now=self.now)

    def some(self, items: Sequence[Any], most: int) -> list[Any]:
        """All of these, or so many of them, picked by chance."""
        return list(items) if len(items) <= most else self.random.sample(items, most)


GameLaw = Callable[[AnyRules], Found]
BoardLaw = Callable[[Board], Found]
LookLaw = Callable[[Look], Found]


def name_of(law: Callable[..., Found]) -> str:
    """The law in words: what its function is called."""
    return law.__name__.replace("_", " ")


def first_found(law: Callable[[T], Found], subject: T) -> str | None:
    """The first thing that is wrong with it by this law, if anything is."""
    try:
        return next(law(subject), None)
    except Exception as error:  # whatever the rules raise
        return explain(error)


def explain(error: Exception) -> str:
    """What the rules raised, and where."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"{at.filename}, line {at.lineno}, in {at.name}, raises {type(error).__name__}: {error}"


def player(seat: int) -> PlayerId:
    return PlayerId(f"player{seat + 1}")


def who(seat: int | None) -> str:
    return "a spectator" if seat is None else f"player {seat + 1}"
