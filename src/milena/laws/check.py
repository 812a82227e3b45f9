"""Try all laws on a game."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from milena.domain.rules import AnyRules, Rules
from milena.laws.boards import OF_BOARDS
from milena.laws.contract import OF_GAMES
from milena.laws.law import Found, first_found, name_of
from milena.laws.leaving import OF_LEAVING
from milena.laws.moves import OF_MOVES
from milena.laws.playout import OF_DRAWS, OF_PLAYOUTS, Playout
from milena.laws.secrets import OF_SECRETS, hides, what_is_imagined_can_be_played_to_its_end
from milena.laws.views import OF_VIEWS

_ALL: tuple[Callable[[Any], Found], ...] = (
    *OF_GAMES, *OF_BOARDS, *OF_MOVES, *OF_DRAWS, *OF_VIEWS, *OF_SECRETS,
    what_is_imagined_can_be_played_to_its_end, *OF_LEAVING,
)  # fmt: skip
LAWS = (*map(name_of, _ALL), *OF_PLAYOUTS)
"""All of them, in words."""

PLAYOUTS = 300


class Position(Struct, frozen=True):
    """Where something was found: the same ``seed`` leads there again. ``story``: what has happened so far."""

    seed: int
    seats: int
    options: dict[str, Any]
    story: tuple[str, ...]


class Violation(Struct, frozen=True):
    """``position`` None: it was found before anybody played."""

    law: str
    found: str
    position: Position | None = None


class Report(Struct, frozen=True):
    """``violations``: for each law that is broken the first one that was found; ``notes``: what is no
    violation, and good to know; ``plies`` of all ``playouts`` together."""

    game: str
    version: int
    playouts: int
    plies: int
    violations: list[Violation]
    notes: list[str]


def check(
    rules: AnyRules,
    playouts: int = PLAYOUTS,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Try all laws on a game: on what it says of itself, then on so many random play-outs. The first has
    this ``seed``, the next one the next. Play-outs need a game that says of itself what it has to."""
    broken: dict[str, Violation] = {}

    def tell(law: str, found: str, where: Position | None = None) -> None:
        if all(found != violation.found for violation in broken.values()):
            # One mistake may break several laws: only the first of them is told.
            broken.setdefault(law, Violation(law, found, where))

    for law in OF_GAMES:
        if found := first_found(law, rules):
            tell(name_of(law), found)
    plies = done = 0
    if not broken:
        for done in range(1, playouts + 1):
            plies += _play(rules, seed + done - 1, tell)
            progress(done, playouts)
    name, version = str(getattr(rules, "name", "?")), getattr(rules, "version", 0)
    return Report(name, version, done, plies, list(broken.values()), _notes(rules))


def _play(rules: AnyRules, seed: int, tell: Callable[[str, str, Position], None]) -> int:
    """One play-out; how many plies it had."""

    def found(law: str, told: str) -> None:
        seats = len(playout.game.seats)
        tell(law, told, Position(seed, seats, playout.options, tuple(playout.story)))

    playout = Playout(rules, seed, found)
    playout.run()
    return playout.game.ply


def _notes(rules: AnyRules) -> list[str]:
    if hides(rules) and type(rules).imagine is Rules.imagine:
        return ["It hides something and has no imagine: no machine that thinks ahead can play it."]
    return []
