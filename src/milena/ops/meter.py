"""What Milena has done since she began, in numbers that only grow: for budgets and metrics.

Counting costs no lock: each number is written by one thread, and read by others as it happens to be.
"""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Sequence

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
MOST = 200
"""Names that are counted apart; further ones together, as ``other``: nobody can fill the memory with them."""
OTHER = "other"
RECENT = 10_000


class Histogram:
    """How often a value was at most as high as each of ``bounds``; the last count is of those above."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


class Meter:
    """``commands`` by name and verdict, and the seconds until they were ``answered``; ``commits`` by their
    number of ``events``; ``calls`` of Discord by route and status, those that its rate limit refused, and
    their bytes."""

    def __init__(self) -> None:
        self.commands: Counter[tuple[str, str]] = Counter()
        self.answered = Histogram(SECONDS)
        self.commits = Histogram(SIZES)
        self.calls: Counter[tuple[str, str]] = Counter()
        self.limited = 0
        self.sent = 0
        self.received = 0
        self._recent: deque[float] = deque(maxlen=RECENT)

    @property
    def events(self) -> int:
        return round(self.commits.sum)

    def command(self, name: str, verdict: str, seconds: float) -> None:
        """``name`` is that of a command that there is."""
        self.commands[name, verdict] += 1
        self.answered.add(seconds)
        self._recent.append(seconds)

    def commit(self, events: int) -> None:
        self.commits.add(events)

    def call(self, route: str, status: int, sent: int, received: int) -> None:
        """``status`` 0: there was no answer. ``route`` without ids."""
        key = (route, f"{status // 100}xx" if status else "none")
        if key not in self.calls and len(self.calls) >= MOST:
            key = (OTHER, key[1])
        self.calls[key] += 1
        self.limited += status == 429
        self.sent += sent
        self.received += received

    def slowest(self) -> float:
        """The seconds that 95 of 100 commands took at most, of those since it was asked last; 0 for none."""
        taken = sorted(self._recent.popleft() for _ in range(len(self._recent)))
        return taken[(len(taken) * 95 + 99) // 100 - 1] if taken else 0.0
