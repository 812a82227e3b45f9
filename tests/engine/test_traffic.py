"""The throttle's memory: a batch that is not written leaves nothing behind in it."""

from hypothesis import given
from hypothesis import strategies as st

from milena.domain.command import Invocation
from milena.domain.refusal import Refused
from milena.domain.throttle import Throttle
from milena.engine.traffic import Traffic

MEMBERS = st.sampled_from(["ann", "bob"])
CALLS = st.lists(st.tuples(MEMBERS, st.integers(0, 100_000)), max_size=12)


def call(player: str, time: int) -> tuple[Invocation, tuple[str, str]]:
    invocation = Invocation(f"{player}{time}", "ping", {}, player, "g/c", time)  # type: ignore[arg-type]
    return invocation, (f"member:g:{player}", "g")


def give(traffic: Traffic, calls: list[tuple[str, int]]) -> None:
    for player, time in calls:
        invocation, counted = call(player, time)
        if lets_in(traffic, player, time):
            traffic.count(invocation, counted)
        elif (flood := traffic.flood(invocation, counted)) is None:
            traffic.begin(invocation, counted, 1)
        else:
            traffic.add(flood)


def lets_in(traffic: Traffic, player: str, time: int) -> bool:
    try:
        traffic.check(*call(player, time))
    except Refused:
        return False
    return True


def remembered(traffic: Traffic) -> list[object]:
    floods = {stream: (flood.first.id, flood.refused) for stream, flood in traffic.floods.items()}
    times = [lets_in(traffic, player, time) for player in ("ann", "bob") for time in range(0, 170_000, 500)]
    return [floods, times]


@given(CALLS, CALLS)
def test_what_is_rolled_back_was_never_there(
    before: list[tuple[str, int]], undone: list[tuple[str, int]]
) -> None:
    traffic = Traffic(Throttle(member=2, guild=3))
    give(traffic, sorted(before, key=lambda each: each[1]))
    traffic.commit(10)
    state = remembered(traffic)
    give(traffic, undone)
    traffic.rollback()
    assert remembered(traffic) == state


@given(CALLS)
def test_there_are_never_more_in_a_minute_than_allowed(calls: list[tuple[str, int]]) -> None:
    traffic = Traffic(Throttle(member=2, guild=3))
    taken: list[tuple[str, int]] = []
    for player, time in sorted(calls, key=lambda each: each[1]):
        if lets_in(traffic, player, time):
            traffic.count(*call(player, time))
            taken.append((player, time))
    for _, start in taken:
        window = [player for player, time in taken if start <= time < start + 60_000]
        assert len(window) <= 3
        assert all(window.count(player) <= 2 for player in window)
