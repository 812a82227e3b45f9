"""The house: what commands may know of where they are called, beside the log."""

from collections.abc import Callable

from msgspec import Struct

from milena.domain.limits import GameLimits
from milena.domain.refusal import Refused
from milena.domain.throttle import Throttle


def _no_machine(game: str, seats: int, name: str) -> str:
    raise Refused("unknown_opponent", f"There is no machine {name[:40]!r} here.")


class House(Struct, frozen=True):
    """``machines``  (game, seats, name) -> the machine to play it; raises Refused where there is none
    ``ratings``   (guild, game, player) -> rating, None where there is none
    ``closed``    why no new games are opened now; empty where they are
    """

    limits: GameLimits = GameLimits()
    machines: Callable[[str, int, str], str] = _no_machine
    ratings: Callable[[str, str, str], float | None] = lambda guild, game, player: None
    throttle: Throttle = Throttle()
    closed: str = ""
