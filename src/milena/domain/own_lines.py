"""The Collections aggregate: jokes and quotes that a guild has added to those that ship, each credited."""

from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from milena.domain.collection import Entry
from milena.domain.event import Changes, Event
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.texts import one_line

Kind = Literal["joke", "quote"]

LONGEST_TEXT, LONGEST_CREDIT, LONGEST_CATEGORY = 300, 100, 20
MOST = 500
"""Lines of one guild."""
LONGEST_FILE = 1 << 16
"""Characters, and bytes."""
FORM = "category|text|credit"


class Line(Struct, frozen=True):
    """``credit``: whose it is, or where it is from."""

    category: str
    text: str
    credit: str


class LinesAdded(Event, frozen=True):
    """``lines`` are numbered from ``first`` on."""

    tag: ClassVar[str] = "collection.lines_added"
    kind: Kind
    first: int
    lines: tuple[Line, ...]
    by: PlayerId


class LineRemoved(Event, frozen=True):
    tag: ClassVar[str] = "collection.line_removed"
    number: int
    by: PlayerId


class Collection(Struct, frozen=True, omit_defaults=True):
    """``kinds`` and ``lines`` by number; ``last``: the highest number that there ever was."""

    key: str
    kinds: dict[int, Kind] = {}
    lines: dict[int, Line] = {}
    last: int = 0

    def of(self, kind: str) -> dict[int, Line]:
        return {number: line for number, line in self.lines.items() if kind in ("", self.kinds[number])}


class AddLines(Struct, frozen=True):
    kind: Kind
    lines: tuple[Line, ...]
    by: PlayerId


class RemoveLine(Struct, frozen=True):
    number: int
    by: PlayerId


class Collections:
    """The aggregate of every guild's lines; the key is the guild's id."""

    kind = "collection"
    events: tuple[type[Event], ...] = (LinesAdded, LineRemoved)

    def initial(self, key: str) -> Collection:
        return Collection(key)

    def evolve(self, state: Collection, event: Event) -> Collection:
        match event:
            case LinesAdded():
                new = dict(enumerate(event.lines, event.first))
                return replace(
                    state,
                    kinds=state.kinds | dict.fromkeys(new, event.kind),
                    lines=state.lines | new,
                    last=event.first + len(new) - 1,
                )
            case LineRemoved():
                left = {number: line for number, line in state.lines.items() if number != event.number}
                return replace(state, lines=left, kinds={number: state.kinds[number] for number in left})
            case _:
                raise TypeError(f"a collection knows no {type(event).__name__}")

    def decide(self, state: Collection, command: Any) -> Changes[Collection]:
        changes = Changes(self, state)
        match command:
            case AddLines():
                lines = tuple(_checked(line) for line in command.lines)
                _check_new(state, command.kind, lines)
                changes.add(LinesAdded(command.kind, state.last + 1, lines, command.by))
            case RemoveLine():
                if command.number not in state.lines:
                    raise Refused(
                        "unknown_line",
                        f"This server has no line {command.number}; /collection list shows which it has.",
                    )
                changes.add(LineRemoved(command.number, command.by))
            case _:
                raise TypeError(f"a collection knows no {type(command).__name__}")
        return changes

    def deadline(self, state: Collection) -> int:
        return 0

    def secret(self, state: Collection) -> bool:
        return False

    def encode(self, state: Collection) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Collection:
        return msgspec.json.decode(data, type=Collection)


def read_file(text: str) -> tuple[Line, ...]:
    """The lines of a file: ``category|text|credit`` each, remarks behind ``#``. Raises Refused, naming the
    line that is wrong."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")]
        if len(parts) < 3:
            raise Refused("bad_file", f"Line {number} of the file has to be {FORM}.")
        category, said, *credit = parts
        try:
            found.append(_checked(Line(category, said, ": ".join(credit))))
        except Refused as refusal:
            raise Refused("bad_file", f"Line {number} of the file: {refusal.sentence}") from None
    if not found:
        raise Refused("bad_file", f"There is nothing in that file; each line has to be {FORM}.")
    return tuple(found)


def entries(state: Collection, kind: Kind) -> list[Entry]:
    """The lines as those that ship are read."""
    return [Entry(line.category, line.text, (line.credit,)) for line in state.of(kind).values()]


def _checked(line: Line) -> Line:
    return Line(
        one_line(line.category, LONGEST_CATEGORY, "A category").lower(),
        one_line(line.text, LONGEST_TEXT, "The text"),
        one_line(line.credit, LONGEST_CREDIT, "The credit"),
    )


def _check_new(state: Collection, kind: Kind, lines: tuple[Line, ...]) -> None:
    known = {line.text for line in state.of(kind).values()}
    for line in lines:
        if line.text in known:
            raise Refused("unchanged", f"This server has it already: {line.text[:80]!r}.")
        known.add(line.text)
    if len(state.lines) + len(lines) > MOST:
        raise Refused(
            "too_many_lines",
            f"A server can have {MOST} lines, and this one has {len(state.lines)}; "
            "/collection remove makes room.",
        )
