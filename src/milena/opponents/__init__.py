"""The machines that play: each is a class of one file, and sees no more than a player in its seat.

>>> names()
['minimax', 'random']
"""

from typing import Any, Protocol

from milena.domain.refusal import Refused
from milena.domain.rules import Rules

AnyRules = Rules[Any, Any]

BOT = "bot"
"""What to ask for to get the best of them for a game."""


class Opponent(Protocol):
    """A machine. ``seed`` makes its play repeatable; None: a different game each time."""

    def __init__(self, seed: int | None = None) -> None: ...

    @staticmethod
    def plays(rules: AnyRules) -> bool:
        """Whether it can play this game."""

    def choose(self, rules: AnyRules, state: Any, seat: int) -> str:
        """A legal move of ``seat``. ``state`` is hidden for that seat. Raises Refused if it knows none."""


def names() -> list[str]:
    """The name of every machine, sorted."""
    return ["minimax", "random"]


def load(name: str) -> type[Opponent]:
    """The machine called ``name``. Raises Refused where there is none."""
    if name == "minimax":
        from milena.opponents.minimax import Minimax

        return Minimax
    if name == "random":
        from milena.opponents.random import Random

        return Random
    raise Refused(
        "unknown_opponent", f"There is no opponent {name[:40]!r}. There are: {BOT}, {', '.join(names())}."
    )


def choose_for(rules: AnyRules, seats: int, name: str) -> str:
    """The name of the machine to play a game with, where ``name`` may be "bot" for the best one.
    Raises Refused if that machine can't play it."""
    fits = {each: load(each).plays(rules) and (seats == 2 or each != "minimax") for each in names()}
    if name == BOT:
        return "minimax" if fits["minimax"] else "random"
    load(name)
    if not fits[name]:
        raise Refused(
            "unfit_opponent",
            f"{name} plays games of two that hide nothing and leave nothing to chance; "
            f"for {rules.title} take --with random.",
        )
    return name
