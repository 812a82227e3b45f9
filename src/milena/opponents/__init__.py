"""The machines that play: each is a class of one file, and sees no more than a player in its seat.

>>> names()
['mcts', 'minimax', 'random']

``mcts`` has levels, from ``mcts1`` to ``mcts5``; without a number it is the middle one.
"""

from typing import Any, ClassVar, Protocol

from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules

BOT = "bot"
"""What to ask for to get the best of them for a game."""
LEVELS = ("mcts1", "mcts2", "mcts3", "mcts4", "mcts5")
"""The levels of mcts, the weakest first."""


class Opponent(Protocol):
    """A machine. ``seed`` makes its play repeatable; None: a different game each time."""

    where: ClassVar[str]
    """What it plays, in words."""

    def __init__(self, seed: int | None = None) -> None: ...

    @staticmethod
    def plays(rules: AnyRules) -> bool:
        """Whether it can play this game."""

    def choose(self, rules: AnyRules, state: Any, seat: int) -> str:
        """A legal move of ``seat``. ``state`` is hidden for that seat. Raises Refused if it knows none."""


def names() -> list[str]:
    """The name of every machine, sorted, without levels."""
    return ["mcts", "minimax", "random"]


def kinds() -> list[str]:
    """Every name that :func:`load` knows: that of each machine, and of each level."""
    return sorted([*names(), *LEVELS])


def load(name: str) -> type[Opponent]:
    """The machine called ``name``, such as "mcts" or "mcts1". Raises Refused where there is none."""
    if name == "minimax":
        from milena.opponents.minimax import Minimax

        return Minimax
    if name == "random":
        from milena.opponents.random import Random

        return Random
    if name == "mcts" or name in LEVELS:
        from milena.opponents import mcts

        return mcts.LEVELS[name] if name in LEVELS else mcts.Mcts
    raise Refused(
        "unknown_opponent",
        f"There is no opponent {name[:40]!r}. There are: {BOT}, {', '.join(names())}; "
        f"the levels of mcts are {LEVELS[0]} to {LEVELS[-1]}.",
    )


def choose_for(rules: AnyRules, seats: int, name: str) -> str:
    """The name of the machine to play a game with, where ``name`` may be "bot" for the best one: minimax
    for a game small enough to be seen to its end, else mcts where it can play, else random. Raises Refused
    if that machine can't play it."""
    if name == BOT:
        return _best(rules, seats)
    machine = load(name)
    if not _fits(name, rules, seats):
        raise Refused(
            "unfit_opponent",
            f"{name} plays {machine.where}; for {rules.title} take --with {_best(rules, seats)}.",
        )
    return name


def _best(rules: AnyRules, seats: int) -> str:
    if _fits("minimax", rules, seats):
        from milena.opponents.minimax import small

        if small(rules):
            return "minimax"
    return "mcts" if _fits("mcts", rules, seats) else "random"


def _fits(name: str, rules: AnyRules, seats: int) -> bool:
    return load(name).plays(rules) and (seats == 2 or name != "minimax")
