"""The snapshots that are in the store: which there are, whether they are sound, and pruning them."""

from typing import NamedTuple

from milena.domain.event import Aggregate
from milena.store.reading import Folded, Reading
from milena.store.snapshot import topic, unpack
from milena.store.store import Store


class StoredSnapshot(NamedTuple):
    """``topic`` is kind and schema number, ``size`` in bytes as stored."""

    stream: str
    version: int
    topic: str
    size: int


def snapshots(reading: Reading) -> list[StoredSnapshot]:
    """All of them, by stream and version."""
    sql = (
        "SELECT originator_id, originator_version, topic, length(state) FROM snapshots "
        "ORDER BY originator_id, originator_version"
    )
    return [StoredSnapshot(*row) for row in reading.rows(sql)]


def snapshots_of(reading: Reading, aggregate: Aggregate[object], key: str) -> dict[int, Folded | None]:
    """The snapshots of one stream that have the present schema number, by version: what is in them, and
    None for one that can't be read. Those of another schema number are passed over, here as always."""
    stream = f"{aggregate.kind}:{key}"
    found = reading.rows(
        "SELECT originator_version, state FROM snapshots WHERE originator_id = ? AND topic = ?",
        (stream, topic(aggregate.kind)),
    )
    states: dict[int, Folded | None] = {}
    for version, data in found:
        try:
            state = unpack(data, lambda sealed: reading.codec.unseal(sealed, stream))
            states[version] = Folded(version, aggregate.decode(state))
        except Exception:  # whatever is wrong with it, it is no snapshot
            states[version] = None
    return states


def prune(store: Store, keep: int = 0) -> int:
    """Remove snapshots, but for the last ``keep`` of each stream. Returns how many were removed."""
    with store.transaction() as transaction:
        transaction.rows(
            "DELETE FROM snapshots WHERE (originator_id, originator_version) IN ("
            "SELECT originator_id, originator_version FROM ("
            "SELECT originator_id, originator_version, row_number() OVER "
            "(PARTITION BY originator_id ORDER BY originator_version DESC) AS age FROM snapshots) "
            "WHERE age > ?)",
            (keep,),
        )
        removed: int = transaction.rows("SELECT changes()")[0][0]
    return removed


def remove(store: Store, keys: list[str], kind: str) -> None:
    """Remove all snapshots of these streams of one kind."""
    if keys:
        with store.transaction() as transaction:
            for key in keys:
                transaction.rows("DELETE FROM snapshots WHERE originator_id = ?", (f"{kind}:{key}",))
