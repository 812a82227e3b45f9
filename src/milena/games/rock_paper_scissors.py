"""Rock, paper, scissors. Both players choose at once: rock beats scissors, scissors beat paper, paper
beats rock, and two alike are a draw that is played again. Whoever first wins more than half of the
agreed rounds wins the game; after three times as many rounds, draws included, the score decides. With lizard
and spock, each choice beats two others: rock and scissors beat lizard, lizard beats paper and spock, paper
beats spock, spock beats rock and scissors.

Source: traditional, as in D. and G. Walker, "The Official Rock Paper Scissors Strategy Guide" (2004);
lizard and spock are Sam Kass's and Karen Bryla's.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.items import either
from milena.domain.refusal import Refused
from milena.domain.rules import Outcome, Pick, Rules, Seats
from milena.domain.view import View

Choices = Literal["three", "five"]

BEATS = {
    "rock": ("scissors", "lizard"),
    "paper": ("rock", "spock"),
    "scissors": ("paper", "lizard"),
    "lizard": ("paper", "spock"),
    "spock": ("rock", "scissors"),
}
CHOICES: dict[Choices, tuple[str, ...]] = {"three": tuple(BEATS)[:3], "five": tuple(BEATS)}
MOST_ROUNDS = 3  # times best_of: two players who keep drawing come to an end
SHOWN_ROUNDS = 5


class Options(Struct, frozen=True):
    best_of: Annotated[
        Literal[1, 3, 5, 7, 9], Meta(description="Rounds agreed on: of 3, the first to win 2 wins the game.")
    ] = 3
    choices: Annotated[
        Choices, Meta(description="three: rock, paper, scissors; five: with lizard and spock.")
    ] = "three"


class State(Struct, frozen=True):
    """``choices`` are those of the round that is being played, ``rounds`` those of all before it, ``among``
    what there is to choose."""

    best_of: int
    won: tuple[int, int] = (0, 0)
    rounds: tuple[tuple[str, str], ...] = ()
    choices: tuple[str | None, str | None] = (None, None)
    among: Choices = "three"


def tell(number: int, round: tuple[str, str]) -> str:
    first, second = round
    if first == second:
        return f"Round {number}: {first} against {second}, a draw"
    seat, winner, loser = (1, first, second) if second in BEATS[first] else (2, second, first)
    return f"Round {number}: {winner} {'beat' if winner == 'scissors' else 'beats'} {loser}, to player {seat}"


class RockPaperScissors(Rules[State, Options]):
    name = "rock-paper-scissors"
    title = "Rock, paper, scissors"
    seats = Seats(2, 2)
    bound = 2 * 9 * MOST_ROUNDS
    notation = "Type rock, paper or scissors, or just r, p or s; where they count, lizard (l) or spock (sp)."
    simultaneous = True
    on_timeout = "random"

    def start(self, seats: int, options: Options) -> State:
        return State(options.best_of, among=options.choices)

    def actors(self, state: State) -> tuple[int, ...]:
        if self.outcome(state):
            return ()
        return tuple(seat for seat in (0, 1) if state.choices[seat] is None)

    def legal(self, state: State, seat: int) -> list[str]:
        return list(CHOICES[state.among]) if seat in self.actors(state) else []

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower()
        meant = [move for move in CHOICES[state.among] if typed and move.startswith(typed)]
        return meant[0] if len(meant) == 1 else typed

    def play(self, state: State, seat: int, move: str) -> State:
        among = CHOICES[state.among]
        if move not in among:
            raise Refused("no_such_choice", f"Choose {either(among)}.")
        first, second = (state.choices[0], move) if seat else (move, state.choices[1])
        if first is None or second is None:
            return replace(state, choices=(first, second))
        ours, theirs = state.won
        won = (ours + (second in BEATS[first]), theirs + (first in BEATS[second]))
        return replace(state, won=won, rounds=(*state.rounds, (first, second)), choices=(None, None))

    def outcome(self, state: State) -> Outcome | None:
        first, second = state.won
        if max(first, second) <= state.best_of // 2 and len(state.rounds) < MOST_ROUNDS * state.best_of:
            return None
        if first == second:
            return Outcome((0.5, 0.5), f"level after {len(state.rounds)} rounds", state.won)
        reason = f"{max(first, second)} : {min(first, second)} rounds"
        return Outcome((1.0, 0.0) if first > second else (0.0, 1.0), reason, state.won)

    def hide(self, state: State, seat: int | None) -> State:
        # There is nothing to imagine then: a choice that is hidden looks as if it were not made yet.
        first, second = state.choices
        own = (first if seat == 0 else None, second if seat == 1 else None)
        return state if own == state.choices else replace(state, choices=own)

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        """A choice that was made is as good as one that is still to be made."""
        return state

    def view(self, state: State, seat: int | None) -> View:
        recent = list(enumerate(state.rounds, start=1))[-SHOWN_ROUNDS:]
        choice = None if seat is None else state.choices[seat]
        return View(
            lines=(
                *(tell(number, round) for number, round in recent),
                f"Rounds won: {state.won[0]} : {state.won[1]}, and {state.best_of // 2 + 1} win the game",
            ),
            hand=(choice,) if choice else (),
        )


rules = RockPaperScissors()
