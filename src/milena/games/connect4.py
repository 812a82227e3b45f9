"""Connect Four. Two players take turns to drop a disc into one of seven columns, where it falls onto
the topmost disc or to the floor; a column holds six. Whoever has four discs in a row, across, upright
or diagonally, wins; a full board without such a row is a draw. There are larger and smaller boards.

Pop out: instead of dropping a disc, a player may pop one of his or her own out of the floor of a column,
and all discs above it come down by one. A pop can make a row for the other player, who has won then; one
that makes a row for both is a draw, as it is when no move is left. After a hundred pops, which no game
needs, nobody may pop any more.

Source: Milton Bradley (now Hasbro), Connect Four, rules of 1974; PopOut, rules of 2008.
"""

from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from milena.domain.refusal import Refused
from milena.domain.rules import Outcome, Rules, Seats
from milena.domain.view import Cell, Tone, View

Size = Literal["5x4", "6x5", "7x6", "8x7", "9x6"]

MOST_POPS = 100
MARKS = ("●", "○")
TONES: tuple[Tone, Tone] = ("first", "second")


class Board(NamedTuple):
    """A set of discs has a bit for each place, from the floor of the leftmost column upward, and for one
    more above each column, which stays empty so that no row of four runs on from one column into the
    next. (The layout of John Tromp's Fhourstones.)

    ``floor``    the lowest place of each column
    ``ceiling``  the bit above it
    ``full``     all places
    ``steps``    from a place to the one above it, to the right, right and down, right and up
    """

    rows: int
    floor: dict[str, int]
    ceiling: dict[str, int]
    full: int
    steps: tuple[int, int, int, int]


def board(size: str) -> Board:
    columns, rows = map(int, size.split("x"))
    floor = {str(column + 1): 1 << (rows + 1) * column for column in range(columns)}
    ceiling = {column: bit << rows for column, bit in floor.items()}
    full = sum(ceiling[column] - bit for column, bit in floor.items())
    return Board(rows, floor, ceiling, full, (1, rows + 1, rows, rows + 2))


BOARDS = {size: board(size) for size in ("5x4", "6x5", "7x6", "8x7", "9x6")}

FIRST_WON = Outcome((1.0, 0.0), "four in a row")
SECOND_WON = Outcome((0.0, 1.0), "four in a row")
DRAWN = Outcome((0.5, 0.5), "board full")
BOTH = Outcome((0.5, 0.5), "four in a row for both")
STUCK = Outcome((0.5, 0.5), "no move left")


class Options(Struct, frozen=True):
    board: Annotated[Size, Meta(description="Columns and rows of the board.")] = "7x6"
    popout: Annotated[bool, Meta(description="Own discs may be popped out of the floor of a column.")] = False


class State(Struct, frozen=True):
    """The discs that each player has in the board, and how many were popped out of it."""

    first: int = 0
    second: int = 0
    board: str = "7x6"
    popout: bool = False
    pops: int = 0


def four(discs: int, steps: tuple[int, ...]) -> bool:
    """Whether these discs hold four in a row."""
    for step in steps:
        pairs = discs & discs >> step
        if pairs & pairs >> 2 * step:
            return True
    return False


def fours(discs: int, steps: tuple[int, ...]) -> int:
    """All discs that stand in a row of four."""
    found = 0
    for step in steps:
        pairs = discs & discs >> step
        starts = pairs & pairs >> 2 * step
        found |= starts | starts << step | starts << 2 * step | starts << 3 * step
    return found


def pops(state: State, seat: int) -> list[str]:
    """The columns that this player may pop a disc out of."""
    if not state.popout or state.pops == MOST_POPS:
        return []
    own = state.second if seat else state.first
    return [column for column, floor in BOARDS[state.board].floor.items() if own & floor]


def mover(state: State) -> int:
    """A drop adds a disc and a pop takes one: after an even number of either, the first player's turn."""
    return (state.first | state.second).bit_count() & 1


class ConnectFour(Rules[State, Options]):
    name = "connect4"
    title = "Connect Four"
    seats = Seats(2, 2)
    # The largest board holds 56 discs; a pop makes room for one more drop.
    bound = 8 * 7 + 2 * MOST_POPS
    notation = (
        "Type the number of a column that is not full, counted from the left; "
        "where popping out was agreed on, also pop 3."
    )
    draws = True

    def start(self, seats: int, options: Options) -> State:
        return State(board=options.board, popout=options.popout)

    def actors(self, state: State) -> tuple[int, ...]:
        if state.popout:
            return () if self.outcome(state) else (mover(state),)
        first, second = state.first, state.second
        full, steps = BOARDS[state.board][3:]
        seat = first.bit_count() - second.bit_count()
        # Only the last to move can have won.
        if four(first if seat else second, steps) or first | second == full:
            return ()
        return (seat,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        taken = state.first | state.second
        ceilings = BOARDS[state.board].ceiling.items()
        drops = [column for column, ceiling in ceilings if not taken & ceiling >> 1]
        return drops + [f"pop {column}" for column in pops(state, seat)] if state.popout else drops

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower()
        if typed.startswith("p"):
            return f"pop {typed.removeprefix('pop').removeprefix('p').strip()}"
        return typed

    def play(self, state: State, seat: int, move: str) -> State:
        if state.popout and move.startswith("pop "):
            return self.pop(state, seat, move[4:])
        board = BOARDS[state.board]
        taken = state.first | state.second
        floor = board.floor.get(move)
        if floor is None or taken & board.ceiling[move] >> 1:
            possible = ", ".join(self.legal(state, seat))
            if floor:
                others = "Possible" if state.popout else "Not full"
                raise Refused("column_full", f"Column {move} is full. {others}: {possible}.")
            raise Refused("no_such_column", f"A move is the number of a column: {possible}.")
        # Added to a column filled from below, its lowest bit carries up to the first free place.
        disc = (taken + floor) & (board.ceiling[move] - floor)
        first, second = (state.first, state.second | disc) if seat else (state.first | disc, state.second)
        return State(first, second, state.board, state.popout, state.pops)

    def pop(self, state: State, seat: int, column: str) -> State:
        """The disc on the floor goes, and what stood above it comes down."""
        if column not in pops(state, seat):
            raise Refused(
                "no_pop", f"You can't pop out a disc there. Possible: {', '.join(self.legal(state, seat))}."
            )
        board = BOARDS[state.board]
        places = board.ceiling[column] - board.floor[column]
        first, second = (
            discs & ~places | (discs & places) >> 1 & places for discs in (state.first, state.second)
        )
        return State(first, second, state.board, state.popout, state.pops + 1)

    def outcome(self, state: State) -> Outcome | None:
        full, steps = BOARDS[state.board][3:]
        if state.popout:
            first, second = four(state.first, steps), four(state.second, steps)
            if first or second:
                return BOTH if first and second else FIRST_WON if first else SECOND_WON
            stuck = state.first | state.second == full and not pops(state, mover(state))
            return STUCK if stuck else None
        if state.first.bit_count() > state.second.bit_count():
            won = FIRST_WON if four(state.first, steps) else None
        else:
            won = SECOND_WON if four(state.second, steps) else None
        return won or (DRAWN if state.first | state.second == full else None)

    def view(self, state: State, seat: int | None) -> View:
        board = BOARDS[state.board]
        actors = self.actors(state)
        taken = state.first | state.second
        winning = fours(state.first, board.steps) | fours(state.second, board.steps)
        popped = pops(state, actors[0]) if actors else []

        def cell(column: str, height: int) -> Cell:
            bit = board.floor[column] << height
            move = "" if not actors or taken & board.ceiling[column] >> 1 else column
            if not height and column in popped:
                move = f"pop {column}"
            if not taken & bit:
                return Cell(move=move)
            player = 0 if state.first & bit else 1
            return Cell(MARKS[player], "good" if winning & bit else TONES[player], move)

        grid = tuple(
            tuple(cell(column, height) for column in board.floor) for height in reversed(range(board.rows))
        )
        lines = (f"Discs popped out: {state.pops} of at most {MOST_POPS}",) if state.popout else ()
        return View(grid=grid, columns=tuple(board.floor), lines=lines)

    def marks(self, state: State) -> tuple[str, ...]:
        return MARKS


rules = ConnectFour()
