"""The snapshots in the store against what the log gives."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Literal

from milena.domain.event import Aggregate
from milena.store import Store, Unreplayable
from milena.store.snapshot import topic
from milena.store.snapshot_table import StoredSnapshot, snapshots, snapshots_of

Verdict = Literal["good", "damaged", "other schema", "wrong", "unknown"]
"""``other schema``: passed over, as its number is not that of policy.toml · ``wrong``: not the state that
the log folds to · ``unknown``: of a kind, or of events, that are not there"""


def judged(
    store: Store, aggregates: Iterable[Aggregate[Any]], *, refold: bool
) -> Iterator[tuple[StoredSnapshot, Verdict]]:
    """Every snapshot in the store; ``refold`` compares what can be read with a fold from zero."""
    kinds = {aggregate.kind: aggregate for aggregate in aggregates}
    for stream, group in groupby(snapshots(store), key=lambda snapshot: snapshot.stream):
        kind, _, key = stream.partition(":")
        aggregate = kinds.get(kind)
        states = snapshots_of(store, aggregate, key) if aggregate else {}
        for snapshot in group:
            if aggregate is None:
                yield snapshot, "unknown"
                continue
            if snapshot.topic != topic(kind):
                yield snapshot, "other schema"
                continue
            state = states.get(snapshot.version)
            if state is None:
                yield snapshot, "damaged"
            elif refold:
                yield snapshot, _compare(store, aggregate, key, state)
            else:
                yield snapshot, "good"


def _compare(store: Store, aggregate: Aggregate[Any], key: str, state: Any) -> Verdict:
    try:
        folded = store.fold(aggregate, key, state.version, snapshots=False)
    except Unreplayable:
        return "wrong"
    if folded.version != state.version:
        return "unknown"
    return "good" if folded == state else "wrong"
