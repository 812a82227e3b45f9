"""Reading the log: rows, streams, and the state that a stream folds to."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import msgspec

from milena.domain.event import Aggregate, Event
from milena.store import archive
from milena.store.envelope import HEAD, Envelope, Head, envelope, head
from milena.store.errors import Damaged, Unreplayable
from milena.store.mapper import Mapper
from milena.store.snapshot import topic, unpack

Params = Sequence[Any] | dict[str, Any]
MAX = 2**63 - 1


class Folded(NamedTuple):
    """A state, and the version of the stream that it stands for (0: no event yet)."""

    version: int
    state: Any


class Reading(Protocol):
    """Everything that can be asked of the log, over one ``rows`` method.

    A stream is in the table of events as a whole, or as a whole in an archive, one of those in the folder
    ``archives``. What asks for a stream or a position finds it in both; what reads on from a position sees
    what is in the table. (:func:`milena.store.whole.whole` is a log with everything in its table.)
    """

    codec: Mapper
    archives: Path

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """All rows of a query. Each call sees a consistent state of the log."""

    # ------------------------------------------------------------------------------------ the log

    def head(self) -> Head:
        """The last position and its hash."""
        found = self.rows(HEAD)
        return head(found[0] if found else None)

    def scan(self, after: int = 0, upto: int = MAX, page: int = 1000) -> Iterator[Envelope]:
        """All events in the table behind position ``after``, in order, read a page at a time."""
        while True:
            found = self.rows(
                "SELECT * FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?",
                (after, upto, page),
            )
            for row in found:
                yield envelope(row)
            if len(found) < page:
                return
            after = found[-1][0]

    def at(self, position: int) -> Envelope | None:
        found = self._one("SELECT * FROM events WHERE position = ?", (position,))
        if found is None:
            sql = "SELECT stream FROM archived JOIN archived_games USING (game) WHERE position = ?"
            for (stream,) in self.rows(sql, (position,)):
                return next(each for each in self.archived(stream) if each.position == position)
        return found

    def hash(self, position: int) -> bytes | None:
        """The hash of an event, wherever that is; None where there is none."""
        return self.hashes([position]).get(position)

    def hashes(self, positions: Sequence[int]) -> dict[int, bytes]:
        """The hashes of events by their positions, as far as there are any."""
        sql = (
            "WITH wanted AS (SELECT value FROM json_each(?)) "
            "SELECT position, hash FROM events JOIN wanted ON position = value UNION ALL "
            "SELECT position, hash FROM archived JOIN wanted ON position = value"
        )
        return {row[0]: row[1] for row in self.rows(sql, (msgspec.json.encode(positions).decode(),))}

    def invocation(self, invocation: str) -> Envelope | None:
        """The ``command.invoked`` event of an invocation."""
        return self._one("SELECT * FROM events WHERE invocation = ?", (invocation,))

    def followed(self, correlation: str) -> list[Envelope]:
        """The ``command.invoked`` events of the invocations that followed from another one."""
        sql = (
            "SELECT * FROM events WHERE correlation = ? AND invocation IS NOT NULL "
            "AND correlation <> invocation ORDER BY position"
        )
        return [envelope(row) for row in self.rows(sql, (correlation,))]

    # ---------------------------------------------------------------------------------- one stream

    def stream(self, stream: str, after: int = 0, upto: int = MAX) -> list[Envelope]:
        """The events of a stream with ``after < version <= upto``, in order."""
        sql = "SELECT * FROM events WHERE stream = ? AND version > ? AND version <= ? ORDER BY version"
        found = [envelope(row) for row in self.rows(sql, (stream, after, upto))]
        return found or [each for each in self.archived(stream) if after < each.version <= upto]

    def last(self, stream: str) -> Envelope | None:
        """The last event of a stream."""
        found = self._one("SELECT * FROM events WHERE stream = ? ORDER BY version DESC LIMIT 1", (stream,))
        return found or next(reversed(self.archived(stream)), None)

    def archived(self, stream: str) -> list[Envelope]:
        """The events of a stream that was moved to an archive; none where it was not. Raises Damaged."""
        packed = self.packed(stream) if stream.startswith("game:") else None  # nothing else is ever moved
        if packed is None:
            return []
        rows = archive.read(self.archives, packed)
        hashes = self.hashes([row[0] for row in rows])
        if len(hashes) < len(rows):
            raise Damaged(f"The log has lost what it knew of {stream}, which is in {packed.file}.")
        return [Envelope(*row, hashes[row[0]]) for row in rows]

    def packed(self, stream: str) -> archive.Packed | None:
        """Where a stream was moved to."""
        found = self.rows(f"{archive.PACKED} WHERE stream = ?", (stream,))
        return archive.Packed(*found[0]) if found else None

    def touched(self, stream: str) -> int:
        """The time of the last event of a stream, in ms since 1970; 0 if it has none."""
        last = self.last(stream)
        return last.time if last else 0

    def streams(self, kind: str) -> list[str]:
        """The keys of all streams of this kind, oldest first."""
        low, high = f"{kind}:", f"{kind};"
        sql = (
            "SELECT stream FROM events WHERE version = 1 AND stream > :low AND stream < :high UNION "
            "SELECT stream FROM archived_games WHERE stream > :low AND stream < :high ORDER BY stream"
        )
        return [row[0].removeprefix(low) for row in self.rows(sql, {"low": low, "high": high})]

    def event(self, envelope: Envelope) -> Event:
        """The event of a row; see :meth:`Mapper.decode` for what it raises."""
        return self.codec.decode(envelope.tag, envelope.payload, envelope.stream)

    def fold(self, aggregate: Aggregate[Any], key: str, upto: int = MAX, *, snapshots: bool = True) -> Folded:
        """The state of a stream after version ``upto``, from the last good snapshot if there is one.

        Raises Unreplayable, naming the first event that does not follow from those before it.
        """
        stream = f"{aggregate.kind}:{key}"
        version, state = 0, aggregate.initial(key)
        if snapshots:
            version, state = self._snapshot(aggregate, key, upto) or (version, state)
        found = self.rows(
            "SELECT version, tag, payload FROM events WHERE stream = ? AND version > ? AND version <= ? "
            "ORDER BY version",
            (stream, version, upto),
        ) or [
            (each.version, each.tag, each.payload)
            for each in self.archived(stream)
            if version < each.version <= upto
        ]
        evolve, decode = aggregate.evolve, self.codec.decode
        try:
            for version, tag, payload in found:  # noqa: B007  # the last one is the version of the state
                state = evolve(state, decode(tag, payload, stream))
        except Exception as error:
            sentence = f"{stream}: event {version} ({tag}) can't be replayed: {error}"
            raise Unreplayable(sentence, version, tag, state) from error
        return Folded(version, state)

    def _snapshot(self, aggregate: Aggregate[Any], key: str, upto: int) -> Folded | None:
        stream = f"{aggregate.kind}:{key}"
        found = self.rows(
            "SELECT originator_version, state FROM snapshots WHERE originator_id = ? AND topic = ? "
            "AND originator_version <= ? ORDER BY originator_version DESC LIMIT 1",
            (stream, topic(aggregate.kind), upto),
        )
        for version, data in found:
            try:
                state = unpack(data, lambda sealed: self.codec.unseal(sealed, stream))
                return Folded(version, aggregate.decode(state))
            except Exception:  # whatever is wrong with a snapshot, the events tell the state without it
                return None
        return None

    def _one(self, sql: str, params: Sequence[Any]) -> Envelope | None:
        found = self.rows(sql, params)
        return envelope(found[0]) if found else None
