"""Budgets: what Milena may use, and what she does about it when she uses more.

A budget is crossed when what is measured stays beyond its limit for a while, and kept again when it stays
well within it for a while: a peak is no reason to act, and nothing flickers around the limit. Pure.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from milena.ops.config import BudgetLimits

Action = Literal["shrink caches", "refuse new games", "slow boards", "close abandoned games", "log less"]

BACK = 0.9
"""The part of a limit within which a budget is kept again."""


class Budget(Struct, frozen=True):
    """``limit`` in ``unit``, 0 is none. ``least``: what is measured must not be less, instead of more."""

    name: str
    title: str
    unit: str
    limit: float
    actions: tuple[Action, ...]
    least: bool = False

    def is_beyond(self, value: float) -> bool:
        if not self.limit:
            return False
        return value < self.limit if self.least else value > self.limit

    def is_well(self, value: float) -> bool:
        if not self.limit:
            return True
        return value >= self.limit / BACK if self.least else value <= self.limit * BACK


def budgets(limits: BudgetLimits) -> tuple[Budget, ...]:
    """Every budget. The names are those of the settings, and of the samples that are held against them."""
    return (
        Budget("command", "a command", "ms", limits.command, ("slow boards",)),
        Budget("memory", "memory", "MB", limits.memory, ("shrink caches", "close abandoned games")),
        Budget("cpu", "processor", "%", limits.cpu, ("slow boards",)),
        Budget("network", "network", "MB/s", limits.network, ("slow boards",)),
        Budget("store", "store", "MB", limits.store, ("refuse new games", "close abandoned games")),
        Budget("logs", "logs", "MB/day", limits.logs, ("log less",)),
        Budget("disk", "free disk", "MB", limits.disk, ("refuse new games", "log less"), least=True),
    )


REMEDIES = {"store": "'milena archive' moves ended games out of the log"}
"""What the operator can do where a budget is crossed, beside raising its limit."""


class Watch(Struct, frozen=True):
    """How a budget stands. ``since``: when what was measured began to say otherwise, in seconds; None: it
    does not."""

    budget: Budget
    crossed: bool = False
    since: float | None = None


def watch(state: Watch, value: float, now: float, patience: float) -> Watch:
    """How it stands when ``value`` is measured. What says otherwise for ``patience`` seconds turns it."""
    otherwise = state.budget.is_well(value) if state.crossed else state.budget.is_beyond(value)
    if not otherwise:
        return replace(state, since=None)
    since = now if state.since is None else state.since
    if now - since >= patience:
        return Watch(state.budget, not state.crossed)
    return replace(state, since=since)


def wanted(watches: Mapping[str, Watch]) -> dict[Action, str]:
    """What is to be done now, and the title of the first budget that asks for it."""
    found: dict[Action, str] = {}
    for each in watches.values():
        if each.crossed:
            for action in each.budget.actions:
                found.setdefault(action, each.budget.title)
    return found
