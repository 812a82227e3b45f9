"""Less usual questions to the log: those of whoever audits it."""

from collections.abc import Iterator
from typing import NamedTuple

from milena.store.errors import Damaged
from milena.store.reading import MAX, Reading

PAGE = 1000


class InStream(NamedTuple):
    """A row of the log as far as its stream needs it."""

    stream: str
    version: int
    position: int
    tag: str
    payload: str


def by_stream(reading: Reading, upto: int = MAX) -> Iterator[InStream]:
    """All events with ``position <= upto``, one stream after the other, read a page at a time.

    Raises Damaged where a broken index gives more of them than there can be.
    """
    last = ("", 0, 0)
    seen = 0
    while True:
        found = reading.rows(
            "SELECT stream, version, position, tag, payload FROM events "
            "WHERE (stream, version, position) > (?, ?, ?) AND position <= ? "
            "ORDER BY stream, version, position LIMIT ?",
            (*last, upto, PAGE),
        )
        seen += len(found)
        if seen > upto:
            raise Damaged("The index events_stream leads in a circle; restore a backup.")
        for row in found:
            yield InStream(*row)
        if len(found) < PAGE:
            return
        last = found[-1][:3]


def unfinished(reading: Reading, kind: str, end: str) -> list[str]:
    """The keys of the streams of this kind whose last event is not an ``end`` (a tag), oldest first."""
    low, high = f"{kind}:", f"{kind};"
    sql = (
        "SELECT stream FROM events AS first WHERE version = 1 AND stream > ? AND stream < ? AND ? <> ("
        "SELECT tag FROM events WHERE stream = first.stream ORDER BY version DESC LIMIT 1) ORDER BY stream"
    )
    return [row[0].removeprefix(low) for row in reading.rows(sql, (low, high, end))]


def begun_only(reading: Reading, kind: str) -> list[str]:
    """The keys of the streams of this kind that have one event and no more, oldest first."""
    low, high = f"{kind}:", f"{kind};"
    sql = (  # +position: in the order of the log, but not by reading all of it
        "SELECT stream FROM events AS first WHERE version = 1 AND stream > ? AND stream < ? AND NOT EXISTS ("
        "SELECT 1 FROM events WHERE stream = first.stream AND version = 2) ORDER BY +position"
    )
    return [row[0].removeprefix(low) for row in reading.rows(sql, (low, high))]


def guilds(reading: Reading) -> list[str]:
    """Where commands were called: the guilds of all members. Looks once for each guild, however many
    members it has."""
    sql = (
        "WITH RECURSIVE found (stream) AS ("
        "SELECT min(stream) FROM events WHERE stream > 'member:' AND stream < 'member;' UNION ALL "
        "SELECT (SELECT min(stream) FROM events WHERE stream < 'member;' AND stream > "
        "'member:' || substr(found.stream, 8, instr(substr(found.stream, 8), ':') - 1) || ';') "
        "FROM found WHERE stream IS NOT NULL) SELECT stream FROM found WHERE stream IS NOT NULL"
    )
    return [row[0].split(":")[1] for row in reading.rows(sql)]


def repeated_invocation(reading: Reading, upto: int = MAX) -> tuple[int, str] | None:
    """The first position with an invocation id that was there before, and the id; None if all differ."""
    found = reading.rows(
        "SELECT position, invocation FROM ("
        "SELECT position, invocation, row_number() OVER (PARTITION BY invocation ORDER BY position) AS nth "
        "FROM events WHERE invocation IS NOT NULL AND position <= ?) WHERE nth > 1 ORDER BY position LIMIT 1",
        (upto,),
    )
    return (found[0][0], found[0][1]) if found else None


def invocations_like(reading: Reading, text: str, limit: int) -> list[str]:
    """Up to ``limit`` invocation ids that begin or end with ``text``."""
    begin = reading.rows(
        "SELECT invocation FROM events WHERE invocation >= ? AND invocation < ? ORDER BY invocation LIMIT ?",
        (text, text + "\U0010ffff", limit),
    )
    end = reading.rows(
        "SELECT invocation FROM events WHERE invocation IS NOT NULL AND substr(invocation, ?) = ? LIMIT ?",
        (-len(text), text, limit),
    )
    return sorted({row[0] for row in begin + end})[:limit]
