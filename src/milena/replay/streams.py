"""Every stream from its first event on: versions, payloads, rules, draws, and the snapshots on the way."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import Any, NamedTuple

from milena.domain import urn
from milena.domain.event import Aggregate, Event
from milena.domain.game import Game, Games
from milena.domain.game.events import Ended, Opened
from milena.domain.urn import Urns
from milena.replay.chain import PAGE
from milena.replay.referee import Referee
from milena.replay.report import Progress, Report
from milena.store import Envelope, Folded, Store, StoreError
from milena.store.lookup import InStream, by_stream
from milena.store.sealing import SealError
from milena.store.snapshot_table import snapshots_of


class Wrong(Exception):
    """An event can't stand where it stands."""


class NotHere(Exception):
    """A stream can't be followed further with what is installed, or known, here."""


class Some(NamedTuple):
    """How many there are, and one of them."""

    many: int = 0
    one: str = ""

    def add(self, text: str) -> "Some":
        return Some(self.many + 1, self.one or text)


class Streams:
    """Refolds streams and counts what it does into ``report``.

    Of all damage it keeps what is at the lowest position; :meth:`conclude` reports that, and the rest.
    """

    def __init__(self, store: Store, aggregates: Iterable[Aggregate[Any]], report: Report) -> None:
        self._store = store
        self._aggregates = {aggregate.kind: aggregate for aggregate in aggregates}
        self._report = report
        self._at = 0  # the position that is being looked at
        self._damage: tuple[int, str] | None = None
        self._unknown, self._foreign, self._stale = Some(), Some(), Some()

    def refold_all(self, upto: int, progress: Progress) -> None:
        """All streams, as far as they go up to position ``upto``."""
        rows = _counted(by_stream(self._store, upto), upto, progress)
        for stream, events in groupby(rows, key=lambda row: row.stream):
            self.refold(stream, events)

    def refold(self, stream: str, rows: Iterable[InStream]) -> None:
        """One stream: its rows in order, from the first."""
        try:
            self._refold(stream, rows)
        except NotHere:
            pass
        except StoreError:
            raise
        except Exception as error:  # whatever it is that evolve, or the rules, stumbled over
            sentence = str(error) if isinstance(error, Wrong) else f"it can't be replayed: {error}"
            if self._damage is None or self._at < self._damage[0]:
                self._damage = (self._at, f"{stream}: {sentence}")

    def _refold(self, stream: str, rows: Iterable[InStream]) -> None:
        rows = iter(rows)
        first = next(rows)
        self._at = first.position
        kind, _, key = stream.partition(":")
        self._report.streams[kind] = self._report.streams.get(kind, 0) + 1
        aggregate = self._aggregates.get(kind)
        if aggregate is None:
            raise Wrong("this release knows no such kind of stream.")
        referee = Referee(aggregate, self._seeds(stream, key)) if isinstance(aggregate, Games) else None
        kept = snapshots_of(self._store, aggregate, key)
        version, state = 0, aggregate.initial(key)
        for row in chain((first,), rows):
            self._at = row.position
            if row.version != version + 1:
                raise Wrong(f"it has the version {row.version}, and {version + 1} is due.")
            version = row.version
            event = self._decode(row, referee)
            if referee is not None and (objection := referee.objection(state, event)):
                raise Wrong(objection)
            if isinstance(aggregate, Urns) and (objection := urn.objection(state, event)):
                raise Wrong(objection)
            state = aggregate.evolve(state, event)
            if version in kept:
                self._report.snapshots += 1
                if kept.pop(version) != Folded(version, state):
                    self._stale = self._stale.add(f"{stream} at version {version}")
            if referee is not None and isinstance(event, Opened):
                self._prepare(referee, state, stream)
        for version in kept:
            if not self._store.stream(stream, version - 1, version):
                self._stale = self._stale.add(f"{stream} at version {version}")
        if referee is not None:
            self._report.draws += referee.draws
            self._report.seeds += referee.revealed
            self._report.ended += state.status == "ended"

    def _decode(self, row: InStream, referee: Referee | None) -> Event:
        try:
            event = self._store.codec.decode(row.tag, row.payload, row.stream)
        except SealError as error:
            if referee is None or referee.seed is None:  # written with another vault
                raise NotHere from None
            raise Wrong(f"{error}.") from None
        self._report.sealed += bool(event.sealed)
        return event

    def _prepare(self, referee: Referee, game: Game, stream: str) -> None:
        """Find out, as soon as a game is open, whether all that is needed to follow it is here."""
        try:
            referee.games.rules(game)
        except Exception as error:  # a version of the rules, or a package with them, that is not installed
            self._unknown = self._unknown.add(f"{stream}: {error}")
            raise NotHere from None
        if referee.seed is None:
            ended = self._end(stream)
            if ended is not None:
                self._at = ended.position
                raise Wrong("the seed revealed is not the one that was committed to.")
            self._foreign = self._foreign.add(stream)

    def _seeds(self, stream: str, key: str) -> Iterator[bytes]:
        """What the seed of a game may be: that of this vault, or the one that its end revealed."""
        yield self._store.vault.seed(key)
        ended = self._end(stream)
        if ended is not None:
            event = self._store.event(ended)
            assert isinstance(event, Ended)
            yield bytes.fromhex(event.seed)

    def _end(self, stream: str) -> Envelope | None:
        """The end of a game, where it has come to one."""
        ends = [envelope for envelope in self._store.stream(stream) if envelope.tag == Ended.tag]
        return ends[0] if ends else None

    def conclude(self) -> None:
        """Report what was found in all the streams."""
        found = self._report.found
        if self._damage is not None:
            found("damage", *self._damage)
        if self._unknown.many:
            found("doubt", None, f"{_games(self._unknown)} not replayed ({self._unknown.one})")
        if self._stale.many:
            some = "1 snapshot is" if self._stale.many == 1 else f"{self._stale.many} snapshots are"
            remedy = "'milena snapshots prune' empties that cache, and nothing is lost."
            found("doubt", None, f"{some} not what the log gives ({self._stale.one}); {remedy}")
        if self._foreign.many:
            why = "its seed is in another vault, so its draws and sealed choices can be checked when it ends"
            found("note", None, f"{_games(self._foreign)} not fully checked ({self._foreign.one}): {why}.")


def _games(some: Some) -> str:
    return "1 game is" if some.many == 1 else f"{some.many} games are"


def _counted(rows: Iterator[InStream], total: int, progress: Progress) -> Iterator[InStream]:
    for count, row in enumerate(rows, start=1):
        yield row
        if count % PAGE == 0:
            progress(count, total)
