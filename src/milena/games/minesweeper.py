"""Minesweeper. Mines lie hidden in a field of covered cells. Opening a cell shows how many of the cells
around it are mined; where none is, all of them open too, and so on. Open every cell without a mine and
you win; open a mine and you have lost. A cell may be flagged as mined, which keeps it from being opened;
opening a number again whose mines are all flagged opens the other cells around it, mined or not.

The mines are laid by chance after the first opening, and so that it is safe: that cell and those around
it, or with ``safe`` "cell" that cell alone, stay free. The points are the cells opened without harm.

Source: R. Donner and C. Johnson, Minesweeper (Microsoft, 1990), with the levels of its later releases. A
game has as many flags as mines, and a flag can be set 999 times, so that it comes to an end.
"""

import re
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.grid import headings
from milena.domain.items import in_rows
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.view import Cell, Tone, View
from milena.games.minefields import BLOWN, COVERED, FLAG, Field, census, field, lay, pick_some

LEVELS = {"beginner": (9, 9, 10), "intermediate": (16, 16, 40), "expert": (30, 16, 99)}
NARROWEST, WIDEST, TALLEST = 4, 30, 16
ZONE = 9
"""So many cells at most are kept free of mines."""
MOST_MINES = 120
MOST_FLAGS = 999

OPEN = "open"
"""What chance brings once all mines lie: the first cell is opened, for all to see."""
UNKNOWN = -1
TYPED = re.compile(r"(?:(f|flag)\s+)?([a-z])\s*0*([0-9]{1,2})")
TONES: dict[str, Tone] = {BLOWN: "bad", "1": "first", "2": "good"}


class Options(Struct, frozen=True):
    level: Annotated[
        Literal["beginner", "intermediate", "expert"],
        Meta(description="The size of the field, and its mines."),
    ] = "beginner"
    width: Annotated[
        int, Meta(ge=0, le=WIDEST, description="Columns, 4 at least; 0 for those of the level.")
    ] = 0
    height: Annotated[
        int, Meta(ge=0, le=TALLEST, description="Rows, 4 at least; 0 for those of the level.")
    ] = 0
    mines: Annotated[int, Meta(ge=0, le=MOST_MINES, description="Mines; 0 for as dense as on the level.")] = 0
    safe: Annotated[
        Literal["around", "cell"],
        Meta(description="What is free of mines: the first cell and those around it, or that cell alone."),
    ] = "around"


class State(Struct, frozen=True):
    """``face``   what shows of each cell, in reading order: covered, flagged, blown up, or a number
    ``first``  the cell that was opened first, -1 before
    ``laid``   the cells with mines, as many as lie so far; hidden, each of them is -1
    ``flags``  how often a flag was set
    """

    width: int
    height: int
    mines: int
    safe: str
    face: str
    first: int = -1
    laid: tuple[int, ...] = ()
    flags: int = 0


def field_of(state: State) -> Field:
    return field(state.width, state.height)


def free(state: State) -> tuple[int, ...]:
    """The cells that stay free of mines."""
    zone = field_of(state).near[state.first] if state.safe == "around" else ()
    return (state.first, *zone)


def due(state: State) -> bool:
    """Whether mines are still being laid, or lie and the first cell has not been opened yet."""
    return state.first >= 0 and state.face[state.first] == COVERED


def covered(state: State) -> int:
    return state.face.count(COVERED) + state.face.count(FLAG)


def others(state: State, at: int) -> list[int]:
    """What opens with a number whose mines are all flagged: the covered cells around it."""
    if not state.face[at].isdigit():
        return []
    near = field_of(state).near[at]
    if sum(state.face[cell] == FLAG for cell in near) != int(state.face[at]):
        return []
    return [cell for cell in near if state.face[cell] == COVERED]


def opened(state: State, targets: list[int]) -> State:
    """The state with these cells open."""
    near = field_of(state).near
    mined = frozenset(state.laid)
    face = list(state.face)
    waiting = list(targets)
    while waiting:
        at = waiting.pop()
        if face[at] == COVERED:
            if at in mined:
                face[at] = BLOWN
                continue
            count = sum([cell in mined for cell in near[at]])
            face[at] = str(count)
            if not count:
                waiting.extend(near[at])
    return replace(state, face="".join(face))


class Minesweeper(Rules[State, Options]):
    name = "minesweeper"
    title = "Minesweeper"
    seats = Seats(1, 1)
    # Each mine is one draw, and each opening opens one of the other cells at least: no more than the cells
    # together. Besides, one draw opens the first cell, and one opening may end the game on a mine. A flag
    # is set so often at most, and none is taken away that was not set.
    bound = WIDEST * TALLEST + 2 + 2 * MOST_FLAGS
    notation = (
        "Type a cell such as B7 (row B, column 7) to open it, flag B7 to set a flag or take it away, "
        "and a number again to open what is not flagged around it."
    )

    def start(self, seats: int, options: Options) -> State:
        width, height, mines = LEVELS[options.level]
        density = Fraction(mines, width * height)
        width, height = options.width or width, options.height or height
        if min(width, height) < NARROWEST:
            raise Refused("too_small", f"A field has {NARROWEST} columns and {NARROWEST} rows at least.")
        mines = options.mines or max(1, int(width * height * density))
        most = min(MOST_MINES, width * height - (ZONE if options.safe == "around" else 1))
        if mines > most:
            raise Refused("too_many_mines", f"A field of {width} x {height} has room for 1 to {most} mines.")
        return State(width, height, mines, options.safe, COVERED * (width * height))

    def actors(self, state: State) -> tuple[int, ...]:
        if due(state):
            return (CHANCE,)
        return () if BLOWN in state.face or covered(state) == state.mines else (0,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        openings, flags = [], []
        more = state.first >= 0 and state.face.count(FLAG) < state.mines and state.flags < MOST_FLAGS
        for at, (name, shown) in enumerate(zip(field_of(state).names, state.face, strict=True)):
            if shown == COVERED or others(state, at):
                openings.append(name)
            if shown == FLAG or (shown == COVERED and more):
                flags.append(f"flag {name}")
        return openings + flags

    def read(self, state: State, seat: int, text: str) -> str:
        found = TYPED.fullmatch(text.strip().lower())
        if found is None:
            return text.strip()
        flag, row, column = found.groups()
        return f"{'flag ' if flag else ''}{row.upper()}{column}"

    def play(self, state: State, seat: int, move: str) -> State:
        name = move.removeprefix("flag ")
        at = field_of(state).places.get(name)
        if at is None:
            last = field_of(state).names[-1]
            raise Refused("no_such_cell", f"Type a cell from A1 to {last} to open it, or flag A1 to flag it.")
        shown = state.face[at]
        if move != name:
            return self.flag_cell(state, at, name)
        if shown == FLAG:
            raise Refused("flagged", f"{name} is flagged: to open it, take the flag away with flag {name}.")
        if state.first < 0:
            return replace(state, first=at)
        targets = [at] if shown == COVERED else others(state, at)
        if not targets:
            raise Refused(
                "already_open",
                f"{name} is open. Open a covered cell, or a number with covered cells around it and as many "
                "flags as it says.",
            )
        return opened(state, targets)

    def flag_cell(self, state: State, at: int, name: str) -> State:
        face, shown, flags = state.face, state.face[at], state.flags
        if shown == FLAG:
            return replace(state, face=face[:at] + COVERED + face[at + 1 :])
        if shown != COVERED:
            raise Refused("already_open", f"{name} is open: flag a covered cell.")
        if state.first < 0:
            raise Refused(
                "nothing_laid", "The mines are laid after the first opening: open a cell, such as A1."
            )
        # There are always fewer flags than covered cells, so that something can be opened.
        if face.count(FLAG) == state.mines:
            raise Refused("no_flag_left", f"All {state.mines} flags are set: take one away, or open a cell.")
        if flags == MOST_FLAGS:
            raise Refused("flags_spent", f"A flag was set {flags} times, the most there is: open a cell.")
        return replace(state, face=face[:at] + FLAG + face[at + 1 :], flags=flags + 1)

    def chances(self, state: State) -> list[tuple[str, int]]:
        if not due(state):
            return []
        if len(state.laid) == state.mines:
            return [(OPEN, 1)]
        taken = {*free(state), *state.laid}
        return [one for at, one in enumerate(field_of(state).draws) if at not in taken]

    def resolve(self, state: State, outcome: str) -> State:
        if outcome == OPEN:
            return opened(state, [state.first])
        return replace(state, laid=(*state.laid, field_of(state).places[outcome]))

    def secret(self, state: State) -> bool:
        return due(state) and len(state.laid) < state.mines

    def outcome(self, state: State) -> Outcome | None:
        if due(state):
            return None
        hidden = covered(state)
        points = (len(state.face) - hidden - state.face.count(BLOWN),)
        if BLOWN in state.face:
            name = field_of(state).names[state.face.index(BLOWN)]
            return Outcome((0.0,), f"a mine went off at {name}", points)
        return Outcome((1.0,), "all mines found", points) if hidden == state.mines else None

    def hide(self, state: State, seat: int | None) -> State:
        return replace(state, laid=(UNKNOWN,) * len(state.laid)) if self.actors(state) else state

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        """Each field that fits what is seen is alike likely, as it is in truth."""
        if UNKNOWN not in state.laid:
            return state
        if due(state):
            where = [at for at in range(len(state.face)) if at not in free(state)]
            return replace(state, laid=tuple(pick_some(where, len(state.laid), pick)))
        found = census(state.face, state.width, state.height)
        return replace(state, laid=tuple(lay(state.mines, found, pick)))

    def view(self, state: State, seat: int | None) -> View:
        playing = bool(self.actors(state))
        width, flags = state.width, state.face.count(FLAG)

        def cell(at: int, name: str) -> Cell:
            shown = state.face[at]
            if shown == FLAG:
                wrong = not playing and at not in state.laid
                return Cell("x", "bad") if wrong else Cell(FLAG, "accent", f"flag {name}" if playing else "")
            if shown == COVERED:
                mined = not playing and at in state.laid
                return Cell(BLOWN, "accent") if mined else Cell("■", move=name if playing else "")
            again = name if playing and others(state, at) else ""
            return Cell("" if shown == "0" else shown, TONES.get(shown, "second"), again)

        drawn = [cell(at, name) for at, name in enumerate(field_of(state).names)]
        lines = [f"Mines: {state.mines}   Flags: {flags}   To open: {covered(state) - state.mines}"]
        if state.first < 0:
            lines.append("The mines are laid once you open a first cell, which is safe.")
        columns, rows = headings(width, state.height)
        if width > 24:  # numbers of two digits would make it wider than a terminal
            columns = tuple(column[-1] for column in columns)
        return View(in_rows(drawn, width), columns, rows, tuple(lines))


rules = Minesweeper()
