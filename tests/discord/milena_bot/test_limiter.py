"""The law of a bucket: whoever goes when it says, is never one too many."""

import heapq
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from milena.discord.limiter import Bucket
from milena.discord.routes import Route, route_of


class Discord:
    """What Discord's side of one bucket does: a window begins with the first call."""

    def __init__(self, limit: int, period: float) -> None:
        self.limit, self.period = limit, period
        self.left, self.resets = limit, -1.0

    def take(self, now: float) -> dict[str, str]:
        if now >= self.resets:
            self.left, self.resets = self.limit, now + self.period
        assert self.left > 0, "one too many"
        self.left -= 1
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": f"{self.resets + 1000:.3f}",
            "X-RateLimit-Reset-After": f"{self.resets - now:.3f}",
        }


latency = st.floats(0.001, 0.4)


@given(
    limit=st.integers(1, 6),
    period=st.floats(0.5, 6.0),
    calls=st.lists(st.tuples(st.floats(0.0, 2.0), latency, latency), min_size=1, max_size=60),
)
def test_a_bucket_never_lets_one_too_many_through(
    limit: int, period: float, calls: list[tuple[float, float, float]]
) -> None:
    discord, bucket = Discord(limit, period), Bucket()
    number = count()
    wanted = 0.0
    events: list[tuple[float, int, str, object]] = []
    for pause, there, back in calls:
        wanted += pause
        heapq.heappush(events, (wanted, next(number), "wants", (there, back)))
    queue: list[tuple[float, float]] = []
    served = 0
    while events:
        now, _, what, data = heapq.heappop(events)
        if what == "wants":
            queue.append(data)  # type: ignore[arg-type]
        elif what == "arrives":
            headers = discord.take(now)
            heapq.heappush(events, (now + data, next(number), "answered", headers))  # type: ignore[operator]
        elif what == "answered":
            bucket.answered(now, data)  # type: ignore[arg-type]
            served += 1
        while queue and bucket.delay(now) <= 0:
            there, back = queue.pop(0)
            bucket.go()
            heapq.heappush(events, (now + there, next(number), "arrives", back))
        if queue and not any(each[2] == "looks" and each[0] > now for each in events):
            delay = bucket.delay(now)
            if delay < 1000:
                heapq.heappush(events, (now + delay + 1e-6, next(number), "looks", None))
    assert served == len(calls), "and none waits for ever"


def test_a_bucket_without_limits_lets_all_through() -> None:
    bucket = Bucket()
    bucket.go()
    assert bucket.delay(0.0) > 0, "while nothing is known, one finds out"
    bucket.answered(1.0, {})
    assert bucket.delay(1.0) == 0


def test_routes_are_known_by_their_shape_and_major_id() -> None:
    assert route_of("PATCH", "/channels/12/messages/34") == Route("PATCH /channels/*/messages/*", "12")
    assert route_of("POST", "/channels/12/messages?x=1") == Route("POST /channels/*/messages", "12")
    assert route_of("GET", "/users/@me") == Route("GET /users/@me")
    hook = route_of("PATCH", "/webhooks/1/abc/messages/@original")
    assert (hook.major, hook.exempt) == ("1/abc", True)
    assert "abc" not in hook.name
    answer = route_of("POST", "/interactions/1/abc/callback")
    assert answer.exempt
    assert "abc" not in answer.name
