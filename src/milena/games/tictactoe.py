"""Tic-tac-toe. Two players take turns to claim one free cell of a 3 x 3 board, X first. Whoever has
three cells in a row, across, down or diagonally, wins, or loses where ``misere`` says so; a full board
without such a row is a draw.

Source: traditional, as in Berlekamp, Conway and Guy, "Winning Ways", vol. 3, chapter 22.
"""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.refusal import Refused
from milena.domain.rules import Outcome, Rules, Seats
from milena.domain.view import Cell, Tone, View

MARKS = ("X", "O")
TONES: tuple[Tone, Tone] = ("first", "second")

# A set of cells is nine bits; the lowest is cell 1, the top left one.
BITS = {str(cell): 1 << (cell - 1) for cell in range(1, 10)}
FULL = 0b111_111_111
LINES = (
    *(0b000_000_111, 0b000_111_000, 0b111_000_000),
    *(0b001_001_001, 0b010_010_010, 0b100_100_100),
    *(0b100_010_001, 0b001_010_100),
)
WON = tuple(any(cells & line == line for line in LINES) for cells in range(FULL + 1))

X_WON = Outcome((1.0, 0.0), "three in a row")
O_WON = Outcome((0.0, 1.0), "three in a row")
X_LOST = Outcome((0.0, 1.0), "three in a row lose")
O_LOST = Outcome((1.0, 0.0), "three in a row lose")
DRAWN = Outcome((0.5, 0.5), "board full")


class Options(Struct, frozen=True):
    misere: Annotated[bool, Meta(description="Whoever makes three in a row loses.")] = False


class State(Struct, frozen=True):
    """The cells that each player holds."""

    x: int = 0
    o: int = 0
    misere: bool = False


class TicTacToe(Rules[State, Options]):
    name = "tictactoe"
    title = "Tic-tac-toe"
    seats = Seats(2, 2)
    bound = 9
    notation = "Type the number of a free cell, 1 to 9, counted in reading order."
    draws = True

    def start(self, seats: int, options: Options) -> State:
        return State(misere=options.misere)

    def actors(self, state: State) -> tuple[int, ...]:
        x, o = state.x, state.o
        if WON[x] or WON[o] or x | o == FULL:
            return ()
        return (x.bit_count() - o.bit_count(),)  # X moves when both hold as many

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        taken = state.x | state.o
        return [cell for cell, bit in BITS.items() if not taken & bit]

    def play(self, state: State, seat: int, move: str) -> State:
        bit = BITS.get(move, 0)
        if not bit & ~(state.x | state.o):
            free = ", ".join(self.legal(state, seat))
            if bit:
                raise Refused("occupied", f"Cell {move} is taken. Free: {free}.")
            raise Refused("no_such_cell", f"A move is the number of a free cell: {free}.")
        x, o = (state.x, state.o | bit) if seat else (state.x | bit, state.o)
        return State(x, o, state.misere)

    def outcome(self, state: State) -> Outcome | None:
        if WON[state.x]:
            return X_LOST if state.misere else X_WON
        if WON[state.o]:
            return O_LOST if state.misere else O_WON
        return DRAWN if state.x | state.o == FULL else None

    def view(self, state: State, seat: int | None) -> View:
        over = not self.actors(state)
        rows = 0
        for line in LINES:
            if line in (state.x & line, state.o & line):
                rows |= line  # the last move can complete two of them
        striking: Tone = "bad" if state.misere else "good"

        def cell(number: str) -> Cell:
            bit = BITS[number]
            for held, mark, tone in zip((state.x, state.o), MARKS, TONES, strict=True):
                if held & bit:
                    return Cell(mark, striking if rows & bit else tone)
            return Cell() if over else Cell(number, "dim", move=number)

        cells = [cell(number) for number in BITS]
        lines = ("Three in a row lose.",) if state.misere else ()
        return View(grid=(tuple(cells[:3]), tuple(cells[3:6]), tuple(cells[6:])), lines=lines)

    def marks(self, state: State) -> tuple[str, ...]:
        return MARKS


rules = TicTacToe()
