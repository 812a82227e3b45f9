"""The log in the order in which it was written: positions, the chain of hashes, and causes."""

from collections.abc import Iterator

from milena.domain.member import CommandInvoked
from milena.replay.report import Finding, Progress
from milena.store import GENESIS, Envelope, Reading, StoreError
from milena.store.envelope import expected_hash
from milena.store.reading import MAX

PAGE = 1000


def check_chain(reading: Reading, upto: int, progress: Progress) -> Finding | None:
    """Read all events up to position ``upto``; returns the first that is not what was written. Where an event
    is in an archive that can't be read, its hash is taken from the stub that is left of it."""
    previous, expected = GENESIS, 1
    cause: Envelope | None = None
    try:
        for envelope in _readable(reading, upto):
            position = envelope.position
            if position != expected and (stubs := _stubs(reading, expected, position - 1)):
                expected, previous = position, stubs[-1]
            if position != expected:
                return Finding("damage", expected, f"it is missing; the next one is {position}.")
            if expected_hash(previous, envelope) != envelope.hash:
                return Finding("damage", position, "its hash does not follow: it was changed or put there.")
            objection = _objection(reading, envelope, cause)
            if objection:
                return Finding("damage", position, objection)
            if envelope.invocation is not None:
                cause = envelope
            previous = envelope.hash
            expected += 1
            if position % PAGE == 0:
                progress(position, upto)
    except StoreError as error:
        return Finding(
            "damage", expected, f"it can't be read, all before it can: {error.__cause__ or error}."
        )
    if expected <= upto < MAX:
        return Finding("damage", expected, f"it is missing, and so are all up to {upto}.")
    return None


def _readable(reading: Reading, upto: int) -> Iterator[Envelope]:
    """All events that can be read; then raises where one can't. A page that can't be read as a whole is
    read event by event."""
    last = 0
    try:
        for envelope in reading.scan(0, upto, PAGE):
            yield envelope
            last = envelope.position
    except StoreError:
        yield from reading.scan(last, upto, page=1)


def _stubs(reading: Reading, first: int, last: int) -> list[bytes]:
    """The hashes that are left of these events, where they are left of all."""
    sql = "SELECT hash FROM archived WHERE position BETWEEN ? AND ? ORDER BY position"
    found = [row[0] for row in reading.rows(sql, (first, last))]
    return found if len(found) == last - first + 1 else []


def _objection(reading: Reading, envelope: Envelope, cause: Envelope | None) -> str | None:
    """What is wrong with the causes of an event; ``cause`` is the last invocation before it."""
    invoked = envelope.invocation is not None
    if invoked != (envelope.tag == CommandInvoked.tag):
        return f"an event {envelope.tag} {'has an' if invoked else 'lacks its'} invocation id."
    if invoked and envelope.causation is None:
        return None if envelope.correlation == envelope.invocation else "its correlation is not its own."
    if invoked:
        assert envelope.causation is not None
        earlier = reading.at(envelope.causation) if envelope.causation < envelope.position else None
        if earlier is None or earlier.correlation != envelope.correlation:
            return f"it can't have followed from position {envelope.causation}."
        return None
    if cause is None or envelope.causation != cause.position:
        return "no invocation led to it: an event stands behind the one that caused it."
    if (
        envelope.correlation != cause.correlation
        or envelope.player != cause.player
        or envelope.time != cause.time
        or envelope.place != cause.place
    ):
        return f"it is not of the same invocation as position {cause.position}, which led to it."
    return None
