"""Recording a log for the corpus, and reading a recorded one anew: see :mod:`milena.replay.recorded_log`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from milena import __version__
from milena.domain.event import Aggregate, Event
from milena.replay.corpus import FORMAT, Difference
from milena.replay.recorded_log import Header, Line, RecordedLog, Rows, State, fields
from milena.replay.spelling import agrees, spell
from milena.store import GENESIS
from milena.store.envelope import Envelope, link
from milena.store.mapper import Mapper
from milena.store.sealing import owner_of
from milena.store.snapshot import policies

GAME = "game"
Digests = Mapping[str, tuple[str, str]]
"""Of read models, by name: the fingerprint, and the digest of the rows."""


def record(
    aggregates: Sequence[Aggregate[Any]],
    envelopes: Iterable[Envelope],
    keys: Mapping[str, bytes],
    digests: Digests,
) -> RecordedLog:
    """Record a whole log. ``keys`` of private texts, by player. Raises Difference where it can't be read."""
    found = list(envelopes)
    head = found[-1].hash if found else GENESIS
    spelled = {player: key.hex() for player, key in keys.items()}
    header = Header(FORMAT, __version__, len(found), head.hex(), spelled)
    lines = [_line(each) for each in found]
    for number, line, event in _events(aggregates, RecordedLog(header, lines, [], [])):
        given = msgspec.json.decode(line.payload)
        left_out = {name: getattr(event, name) for name in event.__struct_fields__ if name not in given}
        lines[number - 2] = msgspec.structs.replace(line, defaults=spell(left_out))
    return again(aggregates, RecordedLog(header, lines, [], []), digests)


def _line(row: Envelope) -> Line:
    return Line(
        row.stream, row.version, row.tag, msgspec.Raw(row.payload), row.time, row.player, row.place,
        row.correlation, row.causation, row.invocation,
    )  # fmt: skip


def again(aggregates: Sequence[Aggregate[Any]], recording: RecordedLog, digests: Digests) -> RecordedLog:
    """The same log, with states and rows as they are now: where their shape was changed on purpose, and the
    schema number raised with it. Raises Difference where an event, or a state of the same shape, differs."""
    check(aggregates, recording, old_shapes=True)
    states = [
        State(stream, policies()[_kind(stream)].schema, spell(state))
        for stream, state in sorted(_folded(aggregates, recording).items())
    ]
    models = [Rows(name, *told) for name, told in sorted(digests.items())]
    return RecordedLog(recording.header, recording.lines, states, models)


# ----------------------------------------------------------------------------------------- checking


def check(
    aggregates: Sequence[Aggregate[Any]],
    recording: RecordedLog,
    digests: Digests | None = None,
    *,
    old_shapes: bool = False,
) -> int:
    """Read a recorded log anew; returns how many streams fold. ``digests``: what read models make of it
    now; None: they are not looked at. ``old_shapes``: states of another schema number are passed over.

    Raises Difference where the chain is another one, an event or a state is read otherwise than it was
    recorded, or a read model makes other rows of it.
    """
    for number, line, event in _events(aggregates, recording):
        given = msgspec.json.decode(line.payload)
        if given.pop("class_version", 1) != event.class_version:
            continue  # it was brought up to date, and what is recorded of it is its old shape
        given.pop(event.sealed, None)
        for name, value in {**given, **line.defaults}.items():
            if not agrees(value, getattr(event, name, None)) or not hasattr(event, name):
                raise Difference(number, f"{line.tag} is read with another {name} than it was recorded with.")
    folded = _folded(aggregates, recording)
    before = 1 + len(recording.lines)
    for number, state in enumerate(recording.states, start=before + 1):
        _check_state(number, state, folded, old_shapes)
    before += len(recording.states)
    for number, each in enumerate(recording.rows if digests is not None else (), start=before + 1):
        _check_rows(number, each, digests or {})
    return len(folded)


def _check_state(number: int, recorded: State, folded: Mapping[str, Any], old_shapes: bool) -> None:
    schema = policies()[_kind(recorded.stream)].schema
    if recorded.schema != schema:
        if not old_shapes:
            raise Difference(
                number,
                f"the state of {recorded.stream} has schema {recorded.schema}, and it is {schema} now: "
                "record the file again.",
            )
    elif recorded.stream not in folded or not agrees(recorded.state, folded[recorded.stream]):
        raise Difference(number, f"{recorded.stream} folds to another state than the recorded one.")


def _check_rows(number: int, recorded: Rows, digests: Digests) -> None:
    fingerprint, digest = digests.get(recorded.model, ("", ""))
    if fingerprint != recorded.fingerprint:
        raise Difference(
            number, f"{recorded.model} has another version or schema now: record the file again."
        )
    if digest != recorded.digest:
        raise Difference(number, f"{recorded.model} makes other rows of the log, and has the same version.")


def _events(
    aggregates: Sequence[Aggregate[Any]], recording: RecordedLog
) -> Iterator[tuple[int, Line, Event]]:
    """Each event with the number of its line, but for those of games, whose secrets their ends reveal. Raises
    Difference where one can't be read."""
    keys = {player: bytes.fromhex(key) for player, key in recording.header.keys.items()}
    events = [event for aggregate in aggregates for event in aggregate.events]
    mapper = Mapper(events, lambda stream: [keys[player] for player in [owner_of(stream)] if player in keys])
    previous = GENESIS
    for position, line in enumerate(recording.lines, start=1):
        previous = link(previous, fields(position, line))
        if _kind(line.stream) == GAME:
            continue
        try:
            event = mapper.decode(line.tag, bytes(line.payload).decode(), line.stream)
        except Exception as error:  # whatever this release makes of it
            raise Difference(position + 1, f"{line.tag} can't be read: {error}") from error
        yield position + 1, line, event
    if len(recording.lines) != recording.header.events or previous.hex() != recording.header.head:
        raise Difference(len(recording.lines) + 1, "the chain does not end with the hash in the header.")


def _folded(aggregates: Sequence[Aggregate[Any]], recording: RecordedLog) -> dict[str, Any]:
    """What each stream folds to."""
    known = {aggregate.kind: aggregate for aggregate in aggregates}
    states: dict[str, Any] = {}
    for number, line, event in _events(aggregates, recording):
        kind, _, key = line.stream.partition(":")
        try:
            aggregate = known[kind]
            state = states[line.stream] if line.stream in states else aggregate.initial(key)
            states[line.stream] = aggregate.evolve(state, event)
        except Exception as error:
            raise Difference(number, f"{line.tag} can't be replayed: {error}") from error
    return states


def _kind(stream: str) -> str:
    return stream.partition(":")[0]
