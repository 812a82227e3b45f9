"""The whole log as JSON Lines, and back, without loss.

The first line is a header: the number of this format, the release that wrote it, how many events follow
and the hash of the last one. Then comes one line an event, with all columns of :class:`Envelope`; the
hash in hex, the payload as the text that was hashed.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, BinaryIO, TypeVar

import msgspec
from msgspec import Meta, Struct

from milena import __version__
from milena.replay.report import Progress
from milena.store import GENESIS, Damaged, Head, Store, Transaction, Unavailable
from milena.store.copying import unheard
from milena.store.envelope import link
from milena.store.loading import Taken, load
from milena.store.reading import MAX
from milena.store.whole import whole

FORMAT = 1
PAGE = 1000
LONGEST = 16 * 1024 * 1024
"""Bytes of a line; whatever is longer is no export."""

Count = Annotated[int, Meta(ge=0, le=MAX)]
Number = Annotated[int, Meta(ge=-MAX, le=MAX)]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
L = TypeVar("L", bound=Struct)


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """``head``: the hash of the last event, in hex. ``milena``: the release that wrote it."""

    format: Count
    milena: str
    events: Count
    head: Hash


class _Numbered(Struct):
    format: Count
    milena: str


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """An Envelope, with its hash in hex."""

    position: Count
    stream: str
    version: Count
    tag: str
    payload: str
    time: Number
    player: str
    place: str
    correlation: str
    causation: Count | None
    invocation: str | None
    hash: Hash


class BadLine(Damaged):
    """A file can't be imported, and the line that is to blame. Nothing was written."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}; nothing was imported.")
        self.line = line


def export(store: Store, out: BinaryIO, upto: int = MAX, progress: Progress | None = None) -> Header:
    """Write the log, up to position ``upto``, with what was moved to archives. Raises Damaged where an event
    is missing."""
    with whole(store, tell=progress or unheard) as log:
        return _export(log, out, upto, progress)


def _export(store: Store, out: BinaryIO, upto: int, progress: Progress | None) -> Header:
    head = _head(store, upto)
    header = Header(FORMAT, __version__, head.position, head.hash.hex())
    encode = msgspec.json.Encoder().encode
    out.write(encode(header) + b"\n")
    lines: list[bytes] = []
    for position, envelope in enumerate(store.scan(0, head.position, PAGE), start=1):
        if envelope.position != position:
            raise Damaged(f"position {position} is missing; run 'milena verify'.", position)
        lines.append(encode({**msgspec.structs.asdict(envelope), "hash": envelope.hash.hex()}))
        if len(lines) == PAGE:
            out.write(b"\n".join(lines) + b"\n")
            lines.clear()
            if progress:
                progress(position, head.position)
    out.writelines(line + b"\n" for line in lines)
    return header


def _head(store: Store, upto: int) -> Head:
    head = store.head()
    if upto >= head.position:
        return head
    last = store.at(upto)
    if upto < 1:
        return Head(0, GENESIS)
    if last is None:
        raise Damaged(f"position {upto} is missing; run 'milena verify'.", upto)
    return Head(last.position, last.hash)


def import_(store: Store, source: BinaryIO, progress: Progress | None = None) -> Head:
    """Write an export into the log of ``store``, which has to be empty: all of it, or nothing.

    Each line has to follow from the one before it. Raises BadLine, naming the first that does not, and
    Unavailable where the log can't take it.
    """
    lines = _numbered(source)
    number, first = next(lines, (1, b""))
    numbered = _decode(msgspec.json.Decoder(_Numbered).decode, number, first)
    if numbered.format > FORMAT:
        raise Unavailable(
            f"Milena {numbered.milena[:20]} wrote it in format {numbered.format}, and this release knows "
            f"{FORMAT}: import it with that one, or a newer one; nothing was imported."
        )
    header = _decode(msgspec.json.Decoder(Header).decode, number, first)
    if header.format != FORMAT:
        raise BadLine(1, f"there is no format {header.format}")
    with store.transaction() as transaction:
        if transaction.head().position:
            raise Unavailable(
                "The log has events already, and an import needs an empty one: "
                "give a new directory with --data."
            )
        _append_all(transaction, lines, header, progress)
        head = transaction.head()
        if head.position != header.events:
            raise BadLine(head.position + 2, f"the file ends here, and {header.events} events were promised")
        if head.hash.hex() != header.head:
            raise BadLine(head.position + 1, "the last event is not the one that the header names")
    return head


def _append_all(
    transaction: Transaction, lines: Iterator[tuple[int, bytes]], header: Header, progress: Progress | None
) -> None:
    decode = msgspec.json.Decoder(Line).decode
    previous, expected = GENESIS, 1
    rows: list[tuple[object, ...]] = []
    for number, text in lines:
        line = _decode(decode, number, text)
        fields = msgspec.structs.astuple(line)[:-1]
        if line.position != expected:
            raise BadLine(number, f"it has position {line.position}, and {expected} is due")
        if line.position > header.events:
            raise BadLine(number, f"{header.events} events were promised, and there are more")
        previous = link(previous, fields)
        if previous.hex() != line.hash:
            raise BadLine(number, "its hash does not follow: it was changed, or one before it was removed")
        expected += 1
        rows.append(fields[1:])
        if len(rows) == PAGE:
            _load(transaction, rows)
            rows.clear()
            if progress:
                progress(line.position, header.events)
    _load(transaction, rows)


def _load(transaction: Transaction, rows: list[tuple[object, ...]]) -> None:
    try:
        load(transaction, rows)
    except Taken as taken:
        raise BadLine(
            taken.position + 1, f"its version or invocation id was there before ({taken})"
        ) from taken


def _numbered(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line with its number, from 1."""
    number = 0
    while line := source.readline(LONGEST):
        number += 1
        if len(line) == LONGEST:
            raise BadLine(number, f"it is longer than {LONGEST >> 20} MiB, so this is no export")
        yield number, line


def _decode(decode: Callable[[bytes], L], number: int, line: bytes) -> L:
    try:
        return decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadLine(number, f"it is not what 'milena export' writes ({error})") from None
