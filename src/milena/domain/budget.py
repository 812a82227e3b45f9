"""The Budget aggregate: when a resource went beyond what it may use, and when it came back.

Its key is what the budget is of (``memory``), with the shards of the process where several share a log.
"""

from typing import Any, ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from milena.domain.event import Changes, Event
from milena.domain.refusal import Refused


class BudgetCrossed(Event, frozen=True):
    """``value`` is beyond ``limit``, and was for a while; both in the unit of the budget."""

    tag: ClassVar[str] = "budget.crossed"
    value: float
    limit: float


class BudgetKept(Event, frozen=True):
    """It is within its limit again."""

    tag: ClassVar[str] = "budget.kept"
    value: float
    limit: float


class Budget(Struct, frozen=True, omit_defaults=True):
    """``crossed``: now; ``times``: so often until now."""

    key: str
    crossed: bool = False
    times: int = 0


class Cross(Struct, frozen=True):
    value: float
    limit: float


class Keep(Struct, frozen=True):
    value: float
    limit: float


class Budgets:
    """The aggregate of every budget."""

    kind = "budget"
    events: tuple[type[Event], ...] = (BudgetCrossed, BudgetKept)

    def initial(self, key: str) -> Budget:
        return Budget(key)

    def evolve(self, state: Budget, event: Event) -> Budget:
        match event:
            case BudgetCrossed():
                return Budget(state.key, True, state.times + 1)
            case BudgetKept():
                return Budget(state.key, False, state.times)
            case _:
                raise TypeError(f"a budget knows no {type(event).__name__}")

    def decide(self, state: Budget, command: Any) -> Changes[Budget]:
        changes = Changes(self, state)
        match command:
            case Cross() | Keep():
                crosses = isinstance(command, Cross)
                if state.crossed == crosses:
                    raise Refused("unchanged", f"That is known of the budget {state.key} already.")
                changes.add((BudgetCrossed if crosses else BudgetKept)(**asdict(command)))
            case _:
                raise TypeError(f"a budget knows no {type(command).__name__}")
        return changes

    def deadline(self, state: Budget) -> int:
        return 0

    def secret(self, state: Budget) -> bool:
        return False

    def encode(self, state: Budget) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Budget:
        return msgspec.json.decode(data, type=Budget)
