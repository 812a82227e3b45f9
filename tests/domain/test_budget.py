"""A budget is crossed and kept in turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.budget import Budget, Budgets, Cross, Keep
from milena.domain.refusal import Refused

BUDGETS = Budgets()


@given(st.lists(st.booleans()))
def test_the_log_tells_each_crossing_once(said: list[bool]) -> None:
    state, expected, crossings = Budget("memory"), False, 0
    for crossed in said:
        command = Cross(600.0, 512.0) if crossed else Keep(100.0, 512.0)
        if crossed == expected:
            with pytest.raises(Refused, match="known"):
                BUDGETS.decide(state, command)
            continue
        changes = BUDGETS.decide(state, command)
        assert [event.tag for event in changes.events] == ["budget.crossed" if crossed else "budget.kept"]
        state, expected, crossings = changes.state, crossed, crossings + crossed
    assert state == Budget("memory", expected, crossings)
    assert BUDGETS.decode(BUDGETS.encode(state)) == state
