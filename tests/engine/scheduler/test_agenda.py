"""The agenda of the scheduler: one entry a stream, the earliest first."""

from hypothesis import given
from hypothesis import strategies as st

from milena.engine.agenda import SPARE, Agenda

STREAMS = st.sampled_from("abcdef")
STEPS = st.lists(st.tuples(st.sampled_from(["put", "no later", "take"]), STREAMS, st.integers(0, 50)))


def test_nothing_to_wait_for() -> None:
    assert Agenda().first() is None


@given(STEPS)
def test_the_first_of_the_agenda_is_the_earliest_time_of_all(steps: list[tuple[str, str, int]]) -> None:
    agenda, expected = Agenda(), dict[str, int]()
    for step, stream, when in steps:
        if step == "put":
            agenda.put(stream, when)
            expected = {**expected, stream: when}
        elif step == "no later" and when:
            agenda.no_later(stream, when)
            expected[stream] = min(when, expected.get(stream) or when)
        elif (first := agenda.first()) is not None:
            agenda.put(first[1], 0)
            expected[first[1]] = 0
        expected = {stream: when for stream, when in expected.items() if when}
        assert agenda.first() == min(((when, stream) for stream, when in expected.items()), default=None)
        assert len(agenda) == len(expected)


def test_a_stream_that_is_put_off_for_ever_takes_no_more_room() -> None:
    agenda = Agenda()
    for when in range(1, 10_000):
        agenda.put("game:a", when)
        agenda.put("game:b", 20_000 - when)
    assert len(agenda) == 2
    assert len(agenda._heap) <= 2 * 2 + SPARE
    assert agenda.first() == (9_999, "game:a")
