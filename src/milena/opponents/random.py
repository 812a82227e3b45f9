"""A machine that plays any legal move, all alike likely."""

import random
from typing import Any, ClassVar

from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules


class Random:
    where: ClassVar = "every game"

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311  # it plays; it keeps no secret

    @staticmethod
    def plays(rules: AnyRules) -> bool:
        return True

    def choose(self, rules: AnyRules, state: Any, seat: int) -> str:
        moves = rules.legal(state, seat)
        if not moves:
            raise Refused("no_move_known", f"The random opponent knows no move in {rules.title} now.")
        return self._random.choice(moves)
