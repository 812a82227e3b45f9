"""The numbers behind the charts of usage, from the read model ``usage``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from milena.readside import Asking

if TYPE_CHECKING:
    from milena.web.site import Site

HOUR, DAY = 3_600_000, 86_400_000
WINDOWS = {
    "day": ("24 hours", DAY),
    "week": ("7 days", 7 * DAY),
    "month": ("30 days", 30 * DAY),
    "all": ("all", 0),
}
"""How far back the charts go: what that is called, and its ms; 0: to the first command."""
SPANS = {
    HOUR: "hour", 3 * HOUR: "3 hours", 6 * HOUR: "6 hours", DAY: "day", 7 * DAY: "7 days",
    28 * DAY: "28 days", 364 * DAY: "364 days",
}  # fmt: skip
"""What one column may stand for, in ms, and what that is called."""
COLUMNS = 180
"""As many as there is room for."""
FEW = 12
"""Reasons and commands, the most frequent."""

_EDGES = "SELECT min(time), max(time) FROM hours"
_HOURS = """
SELECT time - (time - :first) % :span AS begins, sum(accepted), sum(refused), sum(failed)
FROM hours WHERE time >= :first GROUP BY begins ORDER BY begins
"""
_REFUSALS = """
SELECT code, sum(times) AS times FROM refusals WHERE time >= :since GROUP BY code ORDER BY times DESC, code
LIMIT :limit
"""


class Span(Struct):
    """How many commands were called from ``time`` on, in one column of the chart."""

    time: int
    accepted: int = 0
    refused: int = 0
    failed: int = 0

    @property
    def called(self) -> int:
        return self.accepted + self.refused + self.failed


class Latency(Struct):
    """How long a command takes, in µs: half of them, nine of ten, 99 of 100, all."""

    command: str
    times: int
    half: int
    nine: int
    most: int
    all: int


class Usage(Struct):
    """What happened in a window; ``span`` is what a column of ``spans`` stands for."""

    window: str
    span: str
    spans: list[Span]
    refusals: list[tuple[str, int]]
    latencies: list[Latency]
    people: list[tuple[int, int]]


def gather(site: "Site", window: str, now: int) -> Usage | None:
    """The usage in one of WINDOWS; None where there never was any. Raises Behind, or Refused where it takes
    too long."""
    questions = site.readside.model("usage").questions
    with site.readside.asking("usage", None) as asking:
        first, last = asking.select(_EDGES, ()).rows[0]
        if first is None:
            return None
        length = WINDOWS[window][1]
        if length:
            first, last = (now - length) // HOUR * HOUR, max(now, last)
        since = {"since": first // DAY * DAY}
        span = next((ms for ms in SPANS if (last - first) // ms < COLUMNS), max(SPANS))
        latencies = asking.ask(questions["latency"], since, limit=FEW).rows
        people = asking.ask(questions["active"], since, limit=COLUMNS).rows
        return Usage(
            window=window,
            span=SPANS[span],
            spans=list(_spans(asking, first, last, span)),
            refusals=[(row[0], row[1]) for row in asking.select(_REFUSALS, {**since, "limit": FEW}).rows],
            latencies=[Latency(*row) for row in latencies],
            people=_every_day({row[0]: row[1] for row in people}, first, last),
        )


def _spans(asking: Asking, first: int, last: int, span: int) -> Iterator[Span]:
    """Every span from the first to the last, those without a command too."""
    found = asking.select(_HOURS, {"first": first, "span": span}).rows
    called: dict[int, Any] = {row[0]: Span(*row) for row in found}
    for time in range(first, last + 1, span):
        yield called.get(time) or Span(time)


def _every_day(people: dict[int, int], first: int, last: int) -> list[tuple[int, int]]:
    """Each day from the first to the last, as many as there is room for."""
    days = range(first // DAY * DAY, last + 1, DAY)
    return [(day, people.get(day, 0)) for day in days[-COLUMNS:]]
