"""What the tests of effects share: a moderator who asks for things."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from milena.aggregates import EFFECTS
from milena.domain.command import Invocation
from milena.domain.effect import Effect
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Engine
from milena.home import Home

sys.path.append(str(Path(__file__).parent))

Moderate = Callable[..., Effect]


@pytest.fixture
def moderate(home: Home, engine: Engine, ann: PlayerId) -> Moderate:
    """``moderate("kick", bob)``: ann does that, ``ago`` seconds ago; returns the effect that is wanted."""

    def ask(act: str, member: PlayerId, *, place: str = "811/4711", ago: float = 0, **options: Any) -> Effect:
        when = round((time.time() - ago) * 1000)
        asked = Invocation(
            InvocationId(new_id()),
            act,
            {"member": member, **options},
            ann,
            Place(place),
            when,
            moderator=True,
        )
        answer = engine.call(asked)
        assert answer.verdict == "accepted", answer
        cases = engine.read("case", place.partition("/")[0]).state.cases
        return home.store.fold(EFFECTS, cases[answer.result["case"]].effect).state

    return ask
