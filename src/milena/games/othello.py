"""Othello. Two players take turns to place a disc of their colour, black (player 1) first. A disc has to
outflank: in at least one of the eight directions it and another disc of its colour enclose an unbroken
row of the other colour's discs, and all discs enclosed so are turned over. Who can't outflank anything
passes, and only then; when neither can, it is over. Whoever has more discs on the board wins, or fewer
where ``goal`` says so. Discs are counted as they lie: the convention of tournaments that gives empty
squares to the winner is not applied.

Source: World Othello Federation, "Official Rules for the Game Othello", of the game that Goro Hasegawa
published in 1973; here also on boards of 6 x 6 (as in J. Feinstein, "Amenor Wins World 6x6
Championships!", British Othello Federation, 1993) and 4 x 4.
"""

from functools import lru_cache
from typing import Annotated, Literal

from msgspec import Meta, Struct

from milena.domain.refusal import Refused
from milena.domain.rules import Outcome, Rules, Seats
from milena.domain.view import Cell, Tone, View

NO_DISC = "pass"
SHORT = frozenset(("p", "pa", "ps", "--"))
MARKS = ("●", "○")
TONES: tuple[Tone, Tone] = ("first", "second")
TURNS = ((0,), (1,))

# A set of squares is 64 bits, eight a row whatever the size of the board, the lowest is a1, top left.
STRIDE = 8
BITS = {f"{'abcdefgh'[at % STRIDE]}{at // STRIDE + 1}": 1 << at for at in range(STRIDE * STRIDE)}
NAMES = {bit: name for name, bit in BITS.items()}
SIZES = (4, 6, 8)


def block(size: int, first: int, last: int) -> int:
    """The squares of the columns ``first`` to ``last`` of a board of this size."""
    return sum(1 << row * STRIDE + column for row in range(size) for column in range(first, last + 1))


BOARD = {size: block(size, 0, size - 1) for size in SIZES}
# Discs on the side columns can't be enclosed but along the column, and rows do not run on past them.
INNER = {size: block(size, 1, size - 2) for size in SIZES}
UPRIGHT, SLANTED = STRIDE, (1, STRIDE - 1, STRIDE + 1)


class Options(Struct, frozen=True):
    size: Annotated[Literal[4, 6, 8], Meta(description="Squares along each side of the board.")] = 8
    goal: Annotated[
        Literal["most", "fewest"], Meta(description="Whose discs win: the most or the fewest.")
    ] = "most"


class State(Struct, frozen=True):
    """The discs of each colour; ``turn`` also tells who has to pass."""

    black: int
    white: int
    turn: int = 0
    size: int = 8
    goal: str = "most"


@lru_cache(maxsize=1 << 14)
def moves(own: int, other: int, size: int) -> int:
    """The squares where a disc of ``own`` outflanks discs of ``other``. Kept, as each state asks for
    them several times: who may move, what is legal, whether it is over."""
    found = 0
    inner = other & INNER[size]
    for step, prey in ((UPRIGHT, other), *((step, inner) for step in SLANTED)):
        row = own << step & prey
        while row:
            row <<= step
            found |= row
            row &= prey
        row = own >> step & prey
        while row:
            row >>= step
            found |= row
            row &= prey
    return found & BOARD[size] & ~(own | other)


def outflanked(disc: int, own: int, other: int, size: int) -> int:
    """What ``disc`` of ``own`` turns over when it is placed."""
    turned = 0
    inner = other & INNER[size]
    for step, prey in ((UPRIGHT, other), *((step, inner) for step in SLANTED)):
        row, at = 0, disc << step
        while at & prey:
            row |= at
            at <<= step
        if at & own:
            turned |= row
        row, at = 0, disc >> step
        while at & prey:
            row |= at
            at >>= step
        if at & own:
            turned |= row
    return turned


def names(squares: int) -> list[str]:
    """In reading order."""
    found = []
    while squares:
        lowest = squares & -squares
        found.append(NAMES[lowest])
        squares ^= lowest
    return found


class Othello(Rules[State, Options]):
    name = "othello"
    title = "Othello"
    seats = Seats(2, 2)
    # 60 squares are free at first and each move but a pass fills one. After a pass the other can move
    # (else it would be over), so that each pass is followed by a disc: there are at most as many.
    bound = 2 * 60
    notation = "Type a square such as d3, its column and row, or pass where you can't turn any disc."
    draws = True

    def start(self, seats: int, options: Options) -> State:
        corner = options.size // 2 - 1
        first = 1 << corner * STRIDE + corner  # the top left of the four squares in the middle
        white, black = first | first << STRIDE + 1, first << 1 | first << STRIDE
        return State(black, white, 0, options.size, options.goal)

    def actors(self, state: State) -> tuple[int, ...]:
        black, white, size = state.black, state.white, state.size
        if moves(black, white, size) or moves(white, black, size):
            return TURNS[state.turn]
        return ()

    def legal(self, state: State, seat: int) -> list[str]:
        if seat != state.turn:
            return []
        own, other = (state.white, state.black) if seat else (state.black, state.white)
        squares = moves(own, other, state.size)
        if squares:
            return names(squares)
        return [NO_DISC] if moves(other, own, state.size) else []

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower()
        return NO_DISC if typed in SHORT else typed

    def play(self, state: State, seat: int, move: str) -> State:
        own, other = (state.white, state.black) if seat else (state.black, state.white)
        squares = moves(own, other, state.size)
        disc = BITS.get(move, 0)
        if disc & squares:
            turned = outflanked(disc, own, other, state.size)
            own, other = own | disc | turned, other ^ turned
        elif squares or move != NO_DISC:
            raise refusal(state, move, squares)
        black, white = (other, own) if seat else (own, other)
        return State(black, white, 1 - seat, state.size, state.goal)

    def outcome(self, state: State) -> Outcome | None:
        black, white, size = state.black, state.white, state.size
        if moves(black, white, size) or moves(white, black, size):
            return None
        points = (black.bit_count(), white.bit_count())
        most, least = max(points), min(points)
        if most == least:
            return Outcome((0.5, 0.5), f"{most} discs each", points)
        best, told = (most, f"{most} discs to {least}")
        if state.goal == "fewest":
            best, told = (least, f"{least} discs to {most}, the fewest win")
        return Outcome((float(points[0] == best), float(points[1] == best)), told, points)

    def view(self, state: State, seat: int | None) -> View:
        own, other = (state.white, state.black) if state.turn else (state.black, state.white)
        squares = moves(own, other, state.size)

        def cell(name: str) -> Cell:
            bit = BITS[name]
            for discs, mark, tone in zip((state.black, state.white), MARKS, TONES, strict=True):
                if discs & bit:
                    return Cell(mark, tone)
            return Cell("·", "dim", move=name) if bit & squares else Cell()

        columns = tuple("abcdefgh"[: state.size])
        rows = tuple(str(row + 1) for row in range(state.size))
        counts = f"{MARKS[0]} {state.black.bit_count()}   {MARKS[1]} {state.white.bit_count()}"
        lines = [counts + ("   The fewest discs win." if state.goal == "fewest" else "")]
        if not squares and moves(other, own, state.size):
            lines.append(f"Player {state.turn + 1} can't turn any disc and has to pass.")
        grid = tuple(tuple(cell(column + row) for column in columns) for row in rows)
        return View(grid, columns, rows, tuple(lines))

    def marks(self, state: State) -> tuple[str, ...]:
        return MARKS


def refusal(state: State, move: str, squares: int) -> Refused:
    """Why ``move`` is not one of ``squares``, or not a pass where there are none."""
    if not squares:
        return Refused("must_pass", f"You can't turn any disc now: the only move is {NO_DISC}.")
    possible = f"Possible: {', '.join(names(squares))}."
    bit = BITS.get(move, 0) & BOARD[state.size]
    if move == NO_DISC:
        return Refused("no_pass", f"You may pass only where you can't turn any disc. {possible}")
    if not bit:
        return Refused("no_such_square", f"A move is a square, its column and row. {possible}")
    if bit & (state.black | state.white):
        return Refused("occupied", f"There is a disc on {move}. {possible}")
    return Refused("turns_nothing", f"A disc on {move} would turn none over. {possible}")


rules = Othello()
