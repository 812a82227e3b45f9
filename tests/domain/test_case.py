"""Cases: numbered without a gap, amended and never edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.case import MOST_AMENDMENTS, AllCases, AmendCase, Cases, OpenCase, found
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused

CASES = AllCases()
ANN, BOB, CAT = map(PlayerId, ("ann", "bob", "cat"))
REASONS = st.sampled_from(["spam", "noise", "  being\n rude ", "other"])
STEPS = st.one_of(
    st.builds(OpenCase, st.sampled_from(["warn", "kick"]), st.just(ANN), st.just(1), st.just(BOB), REASONS),
    st.builds(AmendCase, st.integers(1, 3), st.sampled_from([ANN, CAT]), st.just(2), REASONS, st.booleans()),
)


def opened(*reasons: str) -> Cases:
    state = CASES.initial("811")
    for reason in reasons:
        state = CASES.decide(state, OpenCase("warn", ANN, 1, BOB, reason)).state
    return state


@given(st.lists(STEPS, max_size=25))
def test_numbers_have_no_gap_and_no_reason_is_ever_lost(steps: list[OpenCase | AmendCase]) -> None:
    state, refused = CASES.initial("811"), []
    told: list[list[str]] = []  # the reasons of each case, in the order of time
    for step in steps:
        reason = " ".join(step.reason.split())
        try:
            state = CASES.decide(CASES.decode(CASES.encode(state)), step).state
        except Refused as refusal:
            refused.append((step, len(told), refusal.code))
            continue
        if isinstance(step, OpenCase):
            told.append([reason])
        else:
            told[step.number - 1].append(reason)
    for step, count, code in refused:
        may = step.by == ANN or step.chief
        assert code == ("unknown_case" if step.number > count else "unchanged" if may else "not_yours")
    assert list(state.cases) == list(range(1, len(told) + 1))
    for case, reasons in zip(state.cases.values(), told, strict=True):
        assert [*(each.before for each in case.amendments), case.reason] == reasons


def test_only_whose_case_it_is_amends_it_and_admins() -> None:
    cases = opened("spam")
    with pytest.raises(Refused, match="<ann>") as refused:
        CASES.decide(cases, AmendCase(1, CAT, 2, "noise"))
    assert refused.value.code == "not_yours"
    assert CASES.decide(cases, AmendCase(1, CAT, 2, "noise", chief=True)).state.cases[1].reason == "noise"


@pytest.mark.parametrize("reason", ["x" * 201, "a\x00b", "\u202e"])
def test_a_reason_is_a_short_line_that_can_be_read(reason: str) -> None:
    with pytest.raises(Refused) as refused:
        CASES.decide(opened(), OpenCase("warn", ANN, 1, BOB, reason))
    assert refused.value.code == "bad_reason"
    assert CASES.decide(opened(), OpenCase("warn", ANN, 1, BOB, "x" * 200)).state.cases[1].reason == "x" * 200


def test_a_case_is_amended_so_many_times_and_no_more() -> None:
    cases = opened("0")
    for number in range(MOST_AMENDMENTS):
        cases = CASES.decide(cases, AmendCase(1, ANN, 2, str(number + 1))).state
    with pytest.raises(Refused) as refused:
        CASES.decide(cases, AmendCase(1, ANN, 2, "once more"))
    assert refused.value.code == "too_many_amendments"


def test_a_case_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(Refused, match="no case 3 here; there are 1 to 2"):
        found(opened("a", "b"), 3)
    with pytest.raises(Refused, match="there are none yet"):
        found(opened(), 1)
