"""Recorded logs: whole logs of the corpus, which every release must read as the one that wrote them.

A file is JSON Lines. First a header: the release that wrote it, how many events follow and the hash of the
last one, and the keys of private texts, by player: the people in it are made up. Then an event a line, with
the columns of the log, its payload to the letter; ``defaults`` are the fields that are not in it, with the
values that they have. Then what each stream folds to, every field of it, with the schema number of its kind
(see ``policy.toml``); games have recordings of their own, see :mod:`milena.replay.corpus`. At last the read
models: the digest of the rows that each made of this log, and for which version of it.
"""

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any

import msgspec
from msgspec import Struct

from milena.replay.corpus import FORMAT, SUFFIX, Difference

FOLDER = "logs"


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """``head``: the hash of the last event; ``keys`` of private texts by player; both in hex."""

    format: int
    milena: str
    events: int
    head: str
    keys: dict[str, str]


class Line(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An event; its position is the number of the line, from 1."""

    stream: str
    version: int
    tag: str
    payload: msgspec.Raw
    time: int
    player: str
    place: str
    correlation: str
    causation: int | None = None
    invocation: str | None = None
    defaults: dict[str, Any] = {}


class State(Struct, frozen=True, forbid_unknown_fields=True):
    """What a stream folds to; ``schema``: in which shape."""

    stream: str
    schema: int
    state: Any


class Rows(Struct, frozen=True, forbid_unknown_fields=True):
    """The rows of a read model, as one number."""

    model: str
    fingerprint: str
    digest: str


class RecordedLog(Struct, frozen=True):
    header: Header
    lines: list[Line]
    states: list[State]
    rows: list[Rows]


def recorded_logs(root: Traversable) -> Iterator[tuple[str, Traversable]]:
    """The recorded logs of a corpus with their names, such as ``logs/0.3.jsonl``, in order."""
    folder = root / FOLDER
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(SUFFIX):
                yield f"{FOLDER}/{file.name}", file


def read(data: bytes) -> RecordedLog:
    """Raises Difference where a line can't be read."""
    number, found = 1, RecordedLog(Header(0, "", 0, "", {}), [], [], [])
    try:
        for number, text in enumerate(data.splitlines(), start=1):
            if number == 1:
                found = RecordedLog(msgspec.json.decode(text, type=Header), [], [], [])
            elif len(found.lines) < found.header.events:
                found.lines.append(msgspec.json.decode(text, type=Line))
            elif b'"model":' in text[:10]:
                found.rows.append(msgspec.json.decode(text, type=Rows))
            else:
                found.states.append(msgspec.json.decode(text, type=State))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Difference(number, f"it can't be read ({error}).") from None
    if found.header.format != FORMAT:
        raise Difference(1, f"it is no recorded log in format {FORMAT}.")
    return found


def write(recording: RecordedLog) -> bytes:
    parts = (recording.header, *recording.lines, *recording.states, *recording.rows)
    return b"".join(msgspec.json.encode(part) + b"\n" for part in parts)


def rows(recording: RecordedLog) -> list[tuple[Any, ...]]:
    """The events as :meth:`milena.store.Transaction.append` takes them."""
    return [fields(position, line)[1:] for position, line in enumerate(recording.lines, start=1)]


def fields(position: int, line: Line) -> tuple[Any, ...]:
    """All columns of an event but its hash."""
    return (
        position, line.stream, line.version, line.tag, bytes(line.payload).decode(), line.time, line.player,
        line.place, line.correlation, line.causation, line.invocation,
    )  # fmt: skip
