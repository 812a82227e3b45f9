"""Effects: wanted once, ended once."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from milena.domain.effect import Details, Effect, Effects, Fail, Finish, Intend
from milena.domain.ids import Place, PlayerId
from milena.domain.refusal import Refused

EFFECTS = Effects()
KICK = Intend("kick", "case:811:1", Place("811/4711"), Details(PlayerId("bob")))
REQUESTS = st.sampled_from([KICK, Finish({"removed": 3}), Fail("unknown_member", "Gone.")])


def after(state: Effect, request: Any) -> tuple[Effect, str]:
    """What comes of a request, and the tag of its event; empty where it was refused."""
    try:
        changes = EFFECTS.decide(state, request)
    except Refused:
        return state, ""
    [event] = changes.events
    return changes.state, event.tag


@given(st.lists(REQUESTS, max_size=8))
def test_whatever_is_asked_it_is_wanted_first_and_has_one_end(requests: list[Any]) -> None:
    state, tags = EFFECTS.initial("e"), []
    for request in requests:
        state, tag = after(EFFECTS.decode(EFFECTS.encode(state)), request)
        tags += [tag] if tag else []
    wanted = requests.index(KICK) if KICK in requests else len(requests)
    end = next((each for each in requests[wanted:] if each != KICK), None)
    expected = ["effect.intended"] * (KICK in requests)
    if end is not None:
        expected.append("effect.done" if isinstance(end, Finish) else "effect.failed")
    assert tags == expected
    assert state.status == {0: "", 1: "pending"}.get(
        len(tags), "done" if isinstance(end, Finish) else "failed"
    )


def test_it_says_what_came_of_it() -> None:
    wanted = EFFECTS.decide(EFFECTS.initial("e"), KICK).state
    assert (wanted.what, wanted.about, wanted.place) == ("kick", "case:811:1", "811/4711")
    assert wanted.data.member == "bob"
    assert EFFECTS.decide(wanted, Finish({"removed": 3})).state.result == {"removed": 3}
    failed = EFFECTS.decide(wanted, Fail("unknown_member", "Gone.")).state
    assert (failed.code, failed.sentence) == ("unknown_member", "Gone.")
