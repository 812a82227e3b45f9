"""New game. By turns, each player adds 1, 2 or 3 to a sum that begins at 0. Whoever makes the sum 21 wins.

Source: replace this by where your rules are written. (These are those of "21", a game of taking away, as in
Berlekamp, Conway and Guy, "Winning Ways", vol. 1.)
"""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.refusal import Refused
from milena.domain.rules import Outcome, Rules, Seats
from milena.domain.view import View

HIGHEST = 100


class Options(Struct, frozen=True):
    """What can be chosen when the game is opened: each has a default, its limits and a line of help."""

    goal: Annotated[int, Meta(ge=4, le=HIGHEST, description="The sum that wins.")] = 21
    most: Annotated[int, Meta(ge=2, le=9, description="What one may add at most.")] = 3


class State(Struct, frozen=True):
    """Plain data, from which all the rest follows: numbers, texts, tuples, other frozen Structs."""

    options: Options
    sum: int = 0
    turn: int = 0


class NewGame(Rules[State, Options]):
    name = "new-game"
    title = "New game"
    seats = Seats(2, 2)  # the fewest and the most
    bound = HIGHEST  # no game takes more moves and draws than this
    notation = "Type the number to add."  # how a move is written, for players

    def start(self, seats: int, options: Options) -> State:
        return State(options)

    def actors(self, state: State) -> tuple[int, ...]:
        """Who may move now: seats count from 0; nobody when it is over."""
        return (state.turn,) if state.sum < state.options.goal else ()

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        left = state.options.goal - state.sum
        return [str(number) for number in range(1, min(state.options.most, left) + 1)]

    def play(self, state: State, seat: int, move: str) -> State:
        """A new state; or a refusal, which says what would be possible."""
        if move not in self.legal(state, seat):
            raise Refused("no_such_number", f"Add one of {', '.join(self.legal(state, seat))}.")
        return State(state.options, state.sum + int(move), 1 - state.turn)

    def outcome(self, state: State) -> Outcome | None:
        """How it ended: 1 for who has won, 0 for who has lost, 0.5 for a draw."""
        if state.sum < state.options.goal:
            return None
        winner = 1 - state.turn  # who has moved last
        return Outcome((float(winner == 0), float(winner == 1)), f"{state.sum} is reached")

    def view(self, state: State, seat: int | None) -> View:
        """What a seat (None: a spectator) sees: a grid of cells, lines, a hand."""
        return View(lines=(f"Sum: {state.sum} of {state.options.goal}",))


rules = NewGame()  # this is what Milena plays
