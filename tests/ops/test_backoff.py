"""Pauses grow, end growing, and are never in step."""

from hypothesis import given
from hypothesis import strategies as st

from milena.ops.backoff import SPREAD, Backoff


@given(st.floats(0.01, 10), st.floats(10, 1000), st.integers(0, 2000))
def test_a_pause_is_about_twice_the_one_before_and_has_a_limit(
    first: float, longest: float, tries: int
) -> None:
    backoff = Backoff(first, longest)
    pauses = [backoff.pause() for _ in range(tries + 1)]
    wanted = min(longest, first * 2.0**tries if tries < 50 else longest)
    assert wanted * (1 - SPREAD) <= pauses[-1] <= wanted * (1 + SPREAD)
    backoff.over()
    assert backoff.pause() <= first * (1 + SPREAD)


def test_two_that_failed_together_do_not_come_back_together() -> None:
    assert len({Backoff(1, 10).pause() for _ in range(100)}) > 90
