"""What is stored of an event, and the chain that ties each one to the one before.

The hash of an event is::

    SHA-256(hash of the previous position ‖ JSON array of the fields below, in this order)

with the JSON as ``json.dumps(fields, ensure_ascii=False, separators=(",", ":"))`` writes it, in UTF-8.
The first event follows 32 zero bytes. Whoever edits, inserts, removes or swaps a row has to change
every hash after it, and the heads that were kept elsewhere tell on it.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from milena.store.errors import Damaged

GENESIS = bytes(32)


class Head(NamedTuple):
    """The end of the log: ``position`` 0 and GENESIS when it is empty."""

    position: int
    hash: bytes


class Envelope(Struct, frozen=True):
    """One row of the log.

    ``position``     its place in the whole log, from 1, without gaps
    ``stream``       ``kind:key`` of the aggregate
    ``version``      its place in the stream, from 1, without gaps
    ``payload``      the event's fields as a JSON object
    ``time``         ms since 1970
    ``correlation``  id of the invocation that everything goes back to
    ``causation``    position of the event that led to this one, None where a person did
    ``invocation``   on ``command.invoked`` only: the invocation's id, unique in the log
    """

    position: int
    stream: str
    version: int
    tag: str
    payload: str
    time: int
    player: str
    place: str
    correlation: str
    causation: int | None
    invocation: str | None
    hash: bytes


FIELDS = Envelope.__struct_fields__
INSERT = f"INSERT INTO events VALUES ({','.join('?' * len(FIELDS))})"  # noqa: S608
HEAD = "SELECT position, hash FROM events ORDER BY position DESC LIMIT 1"
"""For :func:`head`."""
_TYPES = (int, str, int, str, str, int, str, str, str, int | None, str | None, bytes)


def head(row: Sequence[Any] | None) -> Head:
    """The head from a row of position and hash, None where there is none. Raises Damaged."""
    if row is None:
        return Head(0, GENESIS)
    if not isinstance(row[1], bytes):
        raise Damaged(f"Position {row[0]} can't be read as an event; run 'milena verify'.", row[0])
    return Head(row[0], row[1])


def envelope(row: Sequence[Any]) -> Envelope:
    """The event of a row. A damaged file can have anything in it: then it raises Damaged."""
    if not all(map(isinstance, row, _TYPES)):
        raise Damaged(f"Position {row[0]} can't be read as an event; run 'milena verify'.", row[0])
    return Envelope(*row)


line = msgspec.json.Encoder().encode
"""The text of an event that is hashed: its ``fields`` are those of an Envelope, ``hash`` left out."""


def link(previous: bytes, fields: tuple[Any, ...]) -> bytes:
    """The hash of an event, see :data:`line`."""
    return sha256(previous + line(fields)).digest()


def expected_hash(previous: bytes, envelope: Envelope) -> bytes:
    """The hash that ``envelope`` must have behind ``previous``."""
    return link(previous, msgspec.structs.astuple(envelope)[:-1])
