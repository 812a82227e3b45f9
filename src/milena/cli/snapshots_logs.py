"""What milena snapshots does with recorded logs."""

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from milena.home import Home
    from milena.replay.recorded_reading import Digests


def check(root: "Traversable", problems: list[str]) -> tuple[int, int]:
    """How many logs, and streams in them, a corpus has; what is wrong is added to ``problems``."""
    from milena.aggregates import AGGREGATES
    from milena.replay import recorded_log, recorded_reading
    from milena.replay.corpus import Difference

    logs = streams = 0
    for name, file in recorded_log.recorded_logs(root):
        logs += 1
        try:
            recording = recorded_log.read(file.read_bytes())
            recorded_reading.check(AGGREGATES, recording)  # before anything is made of it
            streams += recorded_reading.check(AGGREGATES, recording, made_anew(recorded_log.rows(recording)))
        except Difference as difference:
            problems.append(f"{name}, {difference}")
    return logs, streams


def is_one(data: bytes) -> bool:
    return b'"milena":' in data.partition(b"\n")[0]


def again(name: str, data: bytes) -> bytes:
    """A recorded log with states and read models as they are now. Raises Refused."""
    from milena.aggregates import AGGREGATES
    from milena.domain.refusal import Refused
    from milena.replay import recorded_log, recorded_reading
    from milena.replay.corpus import Difference

    try:
        recording = recorded_log.read(data)
        return recorded_log.write(
            recorded_reading.again(AGGREGATES, recording, made_anew(recorded_log.rows(recording)))
        )
    except Difference as difference:
        raise Refused(
            "differs", f"{name}, {difference} What was released is read as it was: bring it up to date."
        ) from None


def record(home: "Home") -> bytes:
    """The whole log of ``home``. Raises Refused."""
    from msgspec.structs import astuple

    from milena.aggregates import AGGREGATES
    from milena.domain.refusal import Refused
    from milena.replay import recorded_log, recorded_reading
    from milena.replay.corpus import Difference
    from milena.store.sealing import owner_of

    envelopes = list(home.store.scan())
    owners = {owner for row in envelopes if (owner := owner_of(row.stream)) is not None}
    keys = {owner: key for owner in sorted(owners) if (key := home.vault.key(owner)) is not None}
    digests = made_anew([astuple(row)[1:-1] for row in envelopes])
    try:
        return recorded_log.write(recorded_reading.record(AGGREGATES, envelopes, keys, digests))
    except Difference as difference:
        raise Refused("differs", f"The log can't be recorded: {difference}") from None


def made_anew(rows: list[tuple[Any, ...]]) -> "Digests":
    """What the read models that ship with Milena make of the ``rows`` of a log, as
    :meth:`milena.store.Transaction.append` takes them: in a directory that is thrown away."""
    from milena.home import Home

    with tempfile.TemporaryDirectory(prefix="milena-recorded-") as aside, Home(Path(aside)) as home:
        with home.store.transaction() as transaction:
            transaction.append(rows)
        return _digests(home)


def _digests(home: "Home") -> "Digests":
    from milena.readside.digest import digest
    from milena.readside.disk import look
    from milena.readside.model import shipped
    from milena.readside.shelf import Shelf

    readside = home.readside()
    names = shipped()
    readside.catch_up(names)
    found = {}
    for name in names:
        live = Shelf(readside.directory, name).live()
        assert live is not None, "it was made just now"
        with closing(look(live)) as db:
            found[name] = (readside.models[name].fingerprint, digest(db))
    return found
