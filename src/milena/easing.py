"""What Milena does where a budget is crossed, so that she uses less; and how each is undone.

Nothing of it touches a game that somebody plays.
"""

import logging
from collections.abc import Callable

from msgspec.structs import replace

from milena.engine import Engine, Scheduler
from milena.guarding import Do
from milena.ops.budgets import Action
from milena.ops.logs_lines import AUDIT

FEWER = 20
"""This part of the states is kept in memory, while it is short."""
SOONER = 10
"""In this part of the time a game counts as abandoned."""
SLOWER = 2.0
"""Seconds between two looks at what boards have to be drawn."""


def actions(
    engine: Engine, scheduler: Scheduler, slow_boards: Callable[[float], None] = lambda seconds: None
) -> dict[Action, Do]:
    """``slow_boards`` is told the seconds between two looks at the boards, 0: as usual."""
    usual = engine.house.limits.idle

    def shrink(title: str) -> None:
        engine.keep_states(max(1, engine.limits.cache // FEWER) if title else engine.limits.cache)

    def refuse(title: str) -> None:
        engine.house = replace(engine.house, closed=f"Milena is short of room: {title}" if title else "")

    def slow(title: str) -> None:
        slow_boards(SLOWER if title else 0.0)

    def close(title: str) -> None:
        idle = max(1, usual // SOONER) if title and usual else usual
        engine.house = replace(engine.house, limits=replace(engine.house.limits, idle=idle))
        scheduler.give_up_after(idle)

    def less(title: str) -> None:
        logging.getLogger("milena").setLevel(AUDIT if title else logging.NOTSET)

    return {
        "shrink caches": shrink,
        "refuse new games": refuse,
        "slow boards": slow,
        "close abandoned games": close,
        "log less": less,
    }
