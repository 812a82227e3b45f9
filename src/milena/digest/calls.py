"""How often each command was called in some time, to the millisecond.

The read model ``usage`` has sums of full hours. Of the two that are cut by the ends of a span, it knows where
in the log they are, and there they are counted.
"""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from milena.commands import commands
from milena.readside import ReadSide
from milena.store import Store

HOUR = 3_600_000
MOST = 1000
"""Commands that are told apart."""
VERDICTS = ("accepted", "refused", "failed")

_SPAN = "SELECT min(first), max(last) FROM hours WHERE time = ?"
_COUNTED = """
SELECT payload ->> '$.command', payload ->> '$.verdict', count(*) FROM events
WHERE position BETWEEN :first AND :last AND tag = 'command.invoked' AND time >= :since AND time < :until
GROUP BY 1, 2
UNION ALL
SELECT '', 'refused', payload ->> '$.refused' FROM events
WHERE position BETWEEN :first AND :last AND tag = 'command.throttled'
  AND payload ->> '$.since' >= :since AND payload ->> '$.since' < :until
"""


class Calls(Struct, frozen=True):
    """How often people called a command, by its verdict. Those beyond the throttle have no name."""

    command: str
    accepted: int
    refused: int
    failed: int


def called(store: Store, readside: ReadSide, since: int, until: int) -> list[Calls]:
    """The most frequent first. ``since`` and ``until`` (not included) in ms since 1970. Raises StoreError,
    and Refused where the read model can't be asked."""
    begin = min(-(-since // HOUR) * HOUR, until)
    end = max(until // HOUR * HOUR, begin)
    counted: Counter[tuple[str, str]] = Counter()
    with readside.asking("usage", None) as asking:
        question = readside.question("usage", "commands")
        for name, _, *verdicts in asking.ask(question, {"since": begin, "until": end}, limit=MOST).rows:
            counted.update(
                {(name, verdict): times for verdict, times in zip(VERDICTS, verdicts, strict=True)}
            )
        for low, high in ((since, begin), (end, until)):
            if low == high:
                continue
            hour = low // HOUR * HOUR
            for first, last in asking.select(_SPAN, (hour,)).rows:
                span = {"first": first, "last": last, "since": low, "until": high}
                for name, verdict, times in store.rows(_COUNTED, span):
                    counted[name, verdict] += times
    return sorted(
        _calls(counted), key=lambda each: (-each.accepted - each.refused - each.failed, each.command)
    )


def _calls(counted: Counter[tuple[str, str]]) -> Iterator[Calls]:
    hers = {name for name, command in commands().items() if command.internal}
    for name in {name for name, _ in counted} - hers:
        calls = Calls(name, *(counted[name, verdict] for verdict in VERDICTS))
        if calls.accepted or calls.refused or calls.failed:
            yield calls
