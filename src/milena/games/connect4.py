"""Connect Four. Two players take turns to drop a disc into one of seven columns, where it falls onto
the topmost disc or to the floor; a column holds six. Whoever has four discs in a row, across, upright
or diagonally, wins; a full board without such a row is a draw.

Source: Milton Bradley (now Hasbro), Connect Four, rules of 1974.
"""

from msgspec import Struct

from milena.domain.refusal import Refused
from milena.domain.rules import NoOptions, Outcome, Rules, Seats
from milena.domain.view import Cell, Tone, View

ROWS, COLUMNS = 6, 7
MARKS = ("●", "○")
TONES: tuple[Tone, Tone] = ("first", "second")

# A set of discs is 49 bits, seven a column from the floor up, the leftmost column lowest. The seventh
# bit of a column is always empty, so that no row of four runs on from one column into the next.
# (The layout of John Tromp's Fhourstones.)
FLOOR = {str(column + 1): 1 << 7 * column for column in range(COLUMNS)}
CEILING = {column: floor << ROWS for column, floor in FLOOR.items()}
BOARD = sum(CEILING[column] - floor for column, floor in FLOOR.items())
DIRECTIONS = (1, 7, 6, 8)  # up, right, right and down, right and up

FIRST_WON = Outcome((1.0, 0.0), "four in a row")
SECOND_WON = Outcome((0.0, 1.0), "four in a row")
DRAWN = Outcome((0.5, 0.5), "board full")


class State(Struct, frozen=True):
    """The discs that each player has dropped."""

    first: int = 0
    second: int = 0


def four(discs: int) -> bool:
    """Whether these discs hold four in a row."""
    for step in DIRECTIONS:
        pairs = discs & discs >> step
        if pairs & pairs >> 2 * step:
            return True
    return False


def fours(discs: int) -> int:
    """All discs that stand in a row of four."""
    found = 0
    for step in DIRECTIONS:
        pairs = discs & discs >> step
        starts = pairs & pairs >> 2 * step
        found |= starts | starts << step | starts << 2 * step | starts << 3 * step
    return found


class ConnectFour(Rules[State, NoOptions]):
    name = "connect4"
    title = "Connect Four"
    seats = Seats(2, 2)
    bound = ROWS * COLUMNS
    notation = "Type the number of a column that is not full, 1 to 7 from the left."

    def start(self, seats: int, options: NoOptions) -> State:
        return State()

    def actors(self, state: State) -> tuple[int, ...]:
        first, second = state.first, state.second
        seat = first.bit_count() - second.bit_count()
        # Only the last to move can have won.
        if four(first if seat else second) or first | second == BOARD:
            return ()
        return (seat,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        taken = state.first | state.second
        return [column for column, ceiling in CEILING.items() if not taken & ceiling >> 1]

    def play(self, state: State, seat: int, move: str) -> State:
        taken = state.first | state.second
        floor = FLOOR.get(move)
        if floor is None or taken & CEILING[move] >> 1:
            columns = ", ".join(self.legal(state, seat))
            if floor:
                raise Refused("column_full", f"Column {move} is full. Not full: {columns}.")
            raise Refused("no_such_column", f"A move is the number of a column: {columns}.")
        # Added to a column filled from below, its lowest bit carries up to the first free place.
        disc = (taken + floor) & (CEILING[move] - floor)
        return State(state.first, state.second | disc) if seat else State(state.first | disc, state.second)

    def outcome(self, state: State) -> Outcome | None:
        if state.first.bit_count() > state.second.bit_count():
            return FIRST_WON if four(state.first) else None
        if four(state.second):
            return SECOND_WON
        return DRAWN if state.first | state.second == BOARD else None  # the second drops the last disc

    def view(self, state: State, seat: int | None) -> View:
        over = not self.actors(state)
        taken = state.first | state.second
        winning = fours(state.first) | fours(state.second)

        def cell(column: str, height: int) -> Cell:
            bit = FLOOR[column] << height
            move = "" if over or taken & CEILING[column] >> 1 else column
            for discs, mark, tone in zip((state.first, state.second), MARKS, TONES, strict=True):
                if discs & bit:
                    return Cell(mark, "good" if winning & bit else tone, move)
            return Cell(move=move)

        grid = tuple(tuple(cell(column, height) for column in FLOOR) for height in reversed(range(ROWS)))
        return View(grid=grid, columns=tuple(FLOOR))

    def marks(self, state: State) -> tuple[str, ...]:
        return MARKS


rules = ConnectFour()
