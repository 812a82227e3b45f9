"""Counting."""

from hypothesis import given
from hypothesis import strategies as st

from milena.ops.meter import MOST, OTHER, SECONDS, Histogram, Meter


@given(st.lists(st.floats(0, 10)))
def test_a_histogram_counts_each_value_in_the_first_bucket_that_holds_it(values: list[float]) -> None:
    found = Histogram(SECONDS)
    for value in values:
        found.add(value)
    for number, bound in enumerate(SECONDS):
        assert sum(found.counts[: number + 1]) == sum(value <= bound for value in values)
    assert sum(found.counts) == len(values)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=200))
def test_95_of_100_took_at_most_that(values: list[float]) -> None:
    meter = Meter()
    for value in values:
        meter.command("ping", "accepted", value)
    slowest = meter.slowest()
    assert slowest in values
    assert sum(value <= slowest for value in values) >= 0.95 * len(values)
    assert sum(value < slowest for value in values) < 0.95 * len(values)
    assert meter.slowest() == 0.0, "each is counted once"


def test_nobody_can_fill_the_memory_with_routes() -> None:
    meter = Meter()
    for number in range(2 * MOST):
        meter.call(f"GET /{number}", 200, 1, 2)
    meter.call("GET /0", 429, 0, 0)
    assert len(meter.calls) <= MOST + 2
    assert meter.calls[OTHER, "2xx"] == MOST
    assert (sum(meter.calls.values()), meter.limited) == (2 * MOST + 1, 1)
    assert (meter.sent, meter.received) == (2 * MOST, 4 * MOST)
