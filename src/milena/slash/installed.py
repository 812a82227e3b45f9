"""The slashes of all commands, games and machines that are installed."""

import logging
from functools import cache

from milena import games, opponents
from milena.commands import offered
from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules
from milena.slash.model import Slash
from milena.slash.offering import slashes

log = logging.getLogger(__name__)


@cache
def installed() -> tuple[Slash, ...]:
    """All of them, by their words. A game that can't be loaded is logged, and left out."""
    found: list[AnyRules] = []
    for name in games.names():
        try:
            found.append(games.load(name))
        except games.BadGame as error:
            log.error("%s", error)
    return tuple(slashes(offered(), found, machines))


def machines(rules: AnyRules) -> list[str]:
    """The machines that can play a game: the best, then all by name. One with levels is named by those."""
    seats = max(rules.seats.min, min(2, rules.seats.max))
    named = [name for name in opponents.kinds() if f"{name}1" not in opponents.LEVELS]
    return [opponents.BOT, *(name for name in named if _plays(rules, seats, name))]


def _plays(rules: AnyRules, seats: int, name: str) -> bool:
    try:
        opponents.choose_for(rules, seats, name)
    except Refused:
        return False
    return True
