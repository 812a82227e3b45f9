"""2048. Move all tiles up, down, left or right: they slide as far as they can, and two equal tiles that
meet merge into one of twice the value, each tile once a move. Then a 2 (nine times of ten) or a 4
appears in an empty cell. Make the target tile and you win; when nothing can move, you have lost. An
endless game goes on until nothing can move, and counts as won if it made 2048. The points are the
values of all merged tiles.

Source: Gabriele Cirulli, 2048 (2014), MIT licence.
"""

from functools import lru_cache
from typing import Annotated, Literal

from msgspec import Meta, Struct

from milena.domain.items import in_rows, put
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Rules, Seats
from milena.domain.view import Cell, Tone, View

ENDLESS = 0
WEIGHTS = ((2, 9), (4, 1))
MOVES = ("up", "down", "left", "right")
SHORT = {move[0]: move for move in MOVES}

Cells = tuple[int, ...]
"""The value in each cell in reading order, 0 where it is empty."""


class Options(Struct, frozen=True):
    size: Annotated[int, Meta(ge=3, le=6, description="Cells along each side of the board.")] = 4
    target: Annotated[
        Literal[0, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072],
        Meta(description="The tile that wins the game; 0 to play on until nothing can move."),
    ] = 2048


class State(Struct, frozen=True):
    """``due`` is how many tiles are to appear before the next move."""

    size: int
    target: int
    cells: Cells
    due: int
    points: int = 0


@lru_cache(maxsize=1 << 16)
def slide(line: Cells) -> tuple[Cells, int]:
    """A line after its tiles have slid to its front, and the points made."""
    merged: list[int] = []
    points = 0
    free = False  # whether the last tile may still merge
    for tile in filter(None, line):
        if free and merged[-1] == tile:
            merged[-1] += tile
            points += merged[-1]
            free = False
        else:
            merged.append(tile)
            free = True
    return (*merged, *(0,) * (len(line) - len(merged))), points


@lru_cache(maxsize=1024)
def shift(cells: Cells, size: int, move: str) -> tuple[Cells, int]:
    """The board after ``move``, and the points made; the same board where nothing moves. Kept, as each state
    is asked several times which moves change it."""
    upright = move in ("up", "down")
    way = 1 if move in ("up", "left") else -1
    if upright:
        lines = [cells[at::size] for at in range(size)]
    else:
        lines = [cells[at : at + size] for at in range(0, size * size, size)]
    slid = [slide(line[::way]) for line in lines]
    moved = [line[::way] for line, _ in slid]
    rows = zip(*moved, strict=True) if upright else moved
    return tuple([tile for row in rows for tile in row]), sum([points for _, points in slid])


def stuck(cells: Cells, size: int) -> bool:
    """Whether no move changes the board: it is full, and no two neighbours are equal."""
    if 0 in cells:
        return False
    for at, tile in enumerate(cells):
        if (at + 1) % size and cells[at + 1] == tile:
            return False
        if at + size < size * size and cells[at + size] == tile:
            return False
    return True


class TwentyFortyEight(Rules[State, Options]):
    name = "2048"
    title = "2048"
    seats = Seats(1, 1)
    # The largest tile of a board of n cells is 2^(n+1): with one cell it is a drawn 4, and to double a
    # tile, its like must be made in the n-1 cells beside it. So all tiles together stay below n 2^(n+1).
    # A move leaves their sum as it is and a draw adds 2 or more, so there are fewer draws than half of
    # that, and as each move is followed by a draw (but for a winning one), not more moves than draws.
    bound = 36 * 2**37
    notation = "Type up, down, left or right, or just u, d, l or r."
    on_timeout = "forfeit"  # nobody waits for the only player: a board that is left behind is over

    def start(self, seats: int, options: Options) -> State:
        cells = options.size**2
        if options.target > 2 ** (cells + 1):
            raise Refused(
                "target_too_high",
                f"The largest tile that fits this board is {2 ** (cells + 1)}: "
                "choose a target up to that, 0 for an endless game, or a larger board.",
            )
        return State(options.size, options.target, (0,) * cells, due=2)

    def actors(self, state: State) -> tuple[int, ...]:
        if state.due:
            return (CHANCE,)
        return () if self.outcome(state) else (0,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        return [move for move in MOVES if shift(state.cells, state.size, move)[0] != state.cells]

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower()
        return SHORT.get(typed, typed)

    def play(self, state: State, seat: int, move: str) -> State:
        if move not in MOVES:
            raise Refused("no_such_move", f"A move is one of: {', '.join(self.legal(state, seat))}.")
        cells, points = shift(state.cells, state.size, move)
        if cells == state.cells:
            possible = ", ".join(self.legal(state, seat))
            raise Refused("nothing_moves", f"No tile can move {move}. Possible: {possible}.")
        won = state.target != ENDLESS and state.target in cells
        return State(state.size, state.target, cells, 0 if won else 1, state.points + points)

    def chances(self, state: State) -> list[tuple[str, int]]:
        """``7=4``: a 4 appears in the seventh cell in reading order."""
        if not state.due:
            return []
        empty = [at for at, tile in enumerate(state.cells, start=1) if not tile]
        return [(f"{at}={tile}", weight) for at in empty for tile, weight in WEIGHTS]

    def resolve(self, state: State, outcome: str) -> State:
        number, _, tile = outcome.partition("=")
        at = int(number) - 1
        cells = put(state.cells, at, int(tile))
        return State(state.size, state.target, cells, state.due - 1, state.points)

    def outcome(self, state: State) -> Outcome | None:
        if state.due:
            return None
        if state.target != ENDLESS and state.target in state.cells:
            return Outcome((1.0,), f"made {state.target}", (state.points,))
        if not stuck(state.cells, state.size):
            return None
        best = max(state.cells)
        won = state.target == ENDLESS and best >= 2048
        return Outcome((float(won),), f"no move left, largest tile {best}", (state.points,))

    def view(self, state: State, seat: int | None) -> View:
        goal = f"Make {state.target}" if state.target else "Endless"
        cells = [Cell(str(tile), tone(tile)) if tile else Cell() for tile in state.cells]
        return View(
            grid=in_rows(cells, state.size),
            lines=(f"{goal}. Points: {state.points}",),
        )


def tone(tile: int) -> Tone:
    if tile < 8:
        return "dim"
    if tile < 64:
        return "first"
    if tile < 512:
        return "second"
    return "accent" if tile < 2048 else "good"


rules = TwentyFortyEight()
