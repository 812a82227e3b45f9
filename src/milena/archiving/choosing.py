"""Which games can be archived: those that are over, and prove to be whole."""

from typing import Any, NamedTuple

from milena.domain.game import Games
from milena.domain.game.events import Ended
from milena.replay.report import Report
from milena.replay.streams import Streams
from milena.replay.verify import verify_stream
from milena.store import Damaged, Store
from milena.store.archive import Row, around, check_chain
from milena.store.lookup import InStream
from milena.store.reading import Reading


class Choice(NamedTuple):
    """A game that is over; ``time`` of its last event, in ms since 1970."""

    stream: str
    events: int
    time: int


def choose(reading: Reading, before: int) -> list[Choice]:
    """The games that ended and have not been touched since ``before`` (ms since 1970), the oldest first. The
    one that has the last event of the log stays, so that the log ends with an event."""
    sql = (
        "SELECT last.stream, last.version, last.time FROM events AS first JOIN events AS last "
        "ON last.stream = first.stream "
        "AND last.version = (SELECT max(version) FROM events WHERE stream = first.stream) "
        "WHERE first.version = 1 AND first.stream > 'game:' AND first.stream < 'game;' "
        "AND last.time < :before AND last.position < (SELECT max(position) FROM events) "
        "AND EXISTS (SELECT 1 FROM events WHERE stream = first.stream AND tag = :ended) "
        "ORDER BY last.time, last.position"
    )
    return [Choice(*row) for row in reading.rows(sql, {"before": before, "ended": Ended.tag})]


def objection(store: Store, games: Games, choice: Choice) -> str:
    """Why a game can't be archived: it is not what was written, or can't be replayed. Empty if it can."""
    report = verify_stream(store, [games], choice.stream)
    if report.findings:
        return str(report.findings[0])
    return "" if report.ended and report.events == choice.events else "it goes on."


def check_rows(store: Store, games: Games, stream: str, rows: list[Row]) -> None:
    """Whether what was read from an archive is what the chain of the log says, and can be replayed. Raises
    Damaged."""
    check_chain(rows, store.hashes(around(rows)))
    report = Report()
    streams = Streams(store, [games], report)
    streams.refold(stream, [_in_stream(row) for row in rows])
    streams.conclude()
    if report.findings:
        raise Damaged(str(report.findings[0]), report.findings[0].position)


def _in_stream(row: Any) -> InStream:
    position, stream, version, tag, payload, *_ = row
    return InStream(stream, version, position, tag, payload)
