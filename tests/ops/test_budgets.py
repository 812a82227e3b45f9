"""When a budget counts as crossed, and as kept again."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from milena.ops.budgets import BACK, Budget, Watch, budgets, wanted, watch
from milena.ops.config import BudgetLimits
from milena.ops.sample import UNITS

LIMIT, PATIENCE = 100.0, 30.0
MOST = Budget("x", "x", "MB", LIMIT, ("slow boards",))
LEAST = replace(MOST, least=True)
KINDS = st.sampled_from([MOST, LEAST])
STEPS = st.lists(st.tuples(st.floats(0.1, 20), st.floats(0, 200)), max_size=60)


def told(budget: Budget, steps: list[tuple[float, float]]) -> list[tuple[float, float, Watch]]:
    """(time, value, how it stands then) of each step."""
    state, now, found = Watch(budget), 0.0, []
    for pause, value in steps:
        now += pause
        state = watch(state, value, now, PATIENCE)
        found.append((now, value, state))
    return found


@given(KINDS, STEPS)
def test_it_turns_only_after_patience_of_nothing_but_the_other(
    budget: Budget, steps: list[tuple[float, float]]
) -> None:
    before, values = False, []
    for now, value, state in told(budget, steps):
        values.append((now, value))
        if state.crossed != before:
            other = budget.is_beyond if state.crossed else budget.is_well
            last = []
            for when, each in reversed(values):
                if not other(each):
                    break
                last.append(when)
            assert now - last[-1] >= PATIENCE
            values.clear()
        before = state.crossed


@given(KINDS, STEPS, st.floats(0, 200))
def test_what_stays_decides_in_the_end(
    budget: Budget, steps: list[tuple[float, float]], value: float
) -> None:
    found = told(budget, [*steps, *[(10.0, value)] * 5])
    crossed = found[-1][2].crossed
    if budget.is_beyond(value):
        assert crossed
    elif budget.is_well(value):
        assert not crossed
    else:  # between the two it stays as it was
        assert crossed == (found[-6][2].crossed if len(found) > 5 else False)


@given(KINDS, STEPS)
def test_between_well_and_beyond_nothing_flickers(budget: Budget, steps: list[tuple[float, float]]) -> None:
    assert not any(budget.is_beyond(value) and budget.is_well(value) for _, value in steps)
    between = (1 + BACK) / 2
    value = LIMIT / between if budget.least else LIMIT * between
    assert not budget.is_beyond(value)
    assert not budget.is_well(value)


def test_a_peak_is_no_reason_to_act() -> None:
    steps = [(5.0, 150.0)] * 6 + [(5.0, 50.0)] + [(5.0, 150.0)] * 6
    assert not any(state.crossed for _, _, state in told(MOST, steps))
    assert [state.crossed for _, _, state in told(MOST, [(5.0, 150.0)] * 8)] == [False] * 6 + [True] * 2


def test_without_patience_it_turns_at_once_and_without_a_limit_never() -> None:
    assert watch(Watch(MOST), 101.0, 0.0, 0.0).crossed
    free = replace(MOST, limit=0.0)
    assert not watch(Watch(free), 1e9, 0.0, 0.0).crossed
    # The operator took the limit away while it was crossed
    assert not watch(Watch(free, crossed=True), 1e9, 0.0, 0.0).crossed


def test_every_budget_is_a_setting_and_a_sample_and_leads_to_something() -> None:
    found = budgets(BudgetLimits())
    assert {each.name for each in found} == {*BudgetLimits.__struct_fields__} - {"every", "patience"}
    for each in found:
        assert each.unit == UNITS[each.name]
        assert each.limit == getattr(BudgetLimits(), each.name)
        assert each.actions


def test_an_action_is_wanted_while_any_budget_asks_for_it() -> None:
    one, other = replace(MOST, title="one"), replace(MOST, title="other", actions=("log less", "slow boards"))
    both = {"one": Watch(one, crossed=True), "other": Watch(other, crossed=True)}
    assert wanted(both) == {"slow boards": "one", "log less": "other"}
    assert wanted(both | {"one": Watch(one)}) == {"log less": "other", "slow boards": "other"}
    assert wanted({"one": Watch(one)}) == {}
