"""The Member aggregate: cooldowns fold from the invocations, exact to the millisecond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.event import Event
from milena.domain.game.events import Started
from milena.domain.member import CommandInvoked, CommandThrottled, Member, Members, key

NOON = 1_767_268_800_000
MEMBERS = Members()


def invoked(command: str, ready: int = 0, verdict: str = "accepted") -> CommandInvoked:
    return CommandInvoked(command, {}, verdict, ready=ready)  # type: ignore[arg-type]


def member(*events: Event) -> Member:
    state = MEMBERS.initial("terminal:ann")
    for event in events:
        state = MEMBERS.evolve(state, event)
    return state


def test_a_member_is_a_player_in_a_guild() -> None:
    assert key("terminal", "ann") == "terminal:ann"
    assert member() == Member("terminal:ann", 0, {})


def test_every_invocation_is_counted_whatever_came_of_it() -> None:
    verdicts = ("accepted", "refused", "failed")
    assert member(*(invoked("open", verdict=verdict) for verdict in verdicts)).invocations == 3


def test_what_the_throttle_refused_is_counted_too() -> None:
    assert member(invoked("open"), CommandThrottled(41, NOON, NOON + 60_000)).invocations == 42


def test_the_last_accepted_use_counts_and_refused_ones_change_nothing() -> None:
    first, second = invoked("open", ready=NOON + 10), invoked("open", ready=NOON + 500)
    state = member(first, invoked("open", verdict="refused"), second, invoked("move"))
    assert state == Member("terminal:ann", 4, {"open": NOON + 500})


@given(
    st.lists(st.tuples(st.sampled_from(["open", "move", "join"]), st.integers(0, NOON)), max_size=20),
    st.integers(0, 20),
)
def test_a_snapshot_at_any_cut_gives_the_same_member(uses: list[tuple[str, int]], cut: int) -> None:
    events = [invoked(command, ready) for command, ready in uses]
    state = MEMBERS.decode(MEMBERS.encode(member(*events[:cut])))
    for event in events[cut:]:
        state = MEMBERS.evolve(state, event)
    assert state == member(*events)


def test_deciding_records_the_invocation_as_it_is() -> None:
    event = invoked("open", ready=NOON)
    changes = MEMBERS.decide(member(), event)
    assert changes.events == [event]
    assert changes.state == member(event)


def test_an_event_of_another_kind_is_a_bug() -> None:
    with pytest.raises(TypeError, match="a member knows no Started"):
        member(Started(2))
