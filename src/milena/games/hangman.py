"""Hangman. A word is drawn, and only its length is shown. All players guess together, whenever they
like: a letter, which then shows wherever it stands, or the whole word. Each wrong guess draws one part
of the hanged man; when he is complete all have lost, and when the word is found before, all who are
still playing have won. The points are the places that each player has uncovered.

Source: traditional, first described as "Birds, Beasts and Fishes" in A. B. Gomme, "The Traditional
Games of England, Scotland, and Ireland" (1894).
"""

from functools import cache
from importlib.resources import files
from string import ascii_lowercase
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Rules, Seats
from milena.domain.view import View

Category = Literal["any", "animals", "countries", "food", "science", "sports"]
Difficulty = Literal["easy", "medium", "hard"]

CATEGORIES = ("animals", "countries", "food", "science", "sports")
COMMON = frozenset("etaoinsrlu")
PARTS = "O|/\\/\\"  # head, body, arms, legs
GALLOWS = (
    "+---+",
    "|   |",
    "|   {0}",
    "|  {2}{1}{3}",
    "|  {4} {5}",
    "+------",
)


class Options(Struct, frozen=True):
    category: Annotated[Category, Meta(description="What the word is about.")] = "any"
    difficulty: Annotated[Difficulty, Meta(description="How hard the word is to guess.")] = "medium"
    wrong: Annotated[int, Meta(ge=1, le=12, description="Wrong guesses until the man hangs.")] = 6


class State(Struct, frozen=True):
    """``word``    empty until it is drawn; hidden, it has ``_`` for each letter not yet found
    ``found``   the letters guessed right, in that order
    ``wrong``   the wrong guesses, letters and words
    ``points``  places uncovered, one number a seat
    ``out``     the seats that gave up
    """

    options: Options
    points: tuple[int, ...]
    word: str = ""
    found: str = ""
    wrong: tuple[str, ...] = ()
    out: tuple[int, ...] = ()


def difficulty(word: str) -> Difficulty:
    """Each rare letter makes a word harder to guess, and length makes it easier: more letters to hit,
    and more of the word to recognise it by."""
    hardness = 2 * len(set(word) - COMMON) - len(word) // 2
    return "easy" if hardness < 0 else "medium" if hardness < 2 else "hard"


@cache
def words(category: Category, level: Difficulty) -> tuple[str, ...]:
    """The words that may be drawn, in the order of the alphabet. Whoever changes a list raises the
    version of the rules: past draws are checked against the words there were."""
    folder = files("milena.games") / "words"
    lists = CATEGORIES if category == "any" else (category,)
    every = {word for name in lists for word in (folder / f"{name}.txt").read_text("ascii").split()}
    return tuple(sorted(word for word in every if difficulty(word) == level))


def solved(state: State) -> bool:
    return bool(state.word) and all(letter in state.found for letter in state.word)


def unguessed(state: State) -> list[str]:
    return [letter for letter in ascii_lowercase if letter not in state.found and letter not in state.wrong]


def ways(state: State) -> str:
    return f"Guess one of {', '.join(unguessed(state))}, or a word of {len(state.word)} letters."


class Hangman(Rules[State, Options]):
    name = "hangman"
    title = "Hangman"
    seats = Seats(1, 8)
    bound = 1 + 26 + 12 + 8  # the draw, each letter found, each wrong guess, each player giving up
    notation = "Type one letter, or the whole word."
    open_input = True

    def start(self, seats: int, options: Options) -> State:
        return State(options, points=(0,) * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if self.outcome(state):
            return ()
        if not state.word:
            return (CHANCE,)
        return tuple(seat for seat in range(len(state.points)) if seat not in state.out)

    def legal(self, state: State, seat: int) -> list[str]:
        return unguessed(state) if seat in self.actors(state) else []

    def play(self, state: State, seat: int, move: str) -> State:
        if not (move.isascii() and move.isalpha() and move.islower()):
            raise Refused("not_a_guess", f"That is not made of the letters a to z. {ways(state)}")
        if len(move) not in (1, len(state.word)):
            raise Refused("wrong_length", f"That has {len(move)} letters. {ways(state)}")
        if move in state.found or move in state.wrong:
            raise Refused("repeated", f"{move.capitalize()} was guessed before. {ways(state)}")
        if move == state.word:
            new = "".join(dict.fromkeys(letter for letter in move if letter not in state.found))
        elif len(move) == 1 and move in state.word:
            new = move
        else:
            return replace(state, wrong=(*state.wrong, move))
        uncovered = sum(letter in new for letter in state.word)
        points = tuple(n + uncovered * (at == seat) for at, n in enumerate(state.points))
        return replace(state, found=state.found + new, points=points)

    def chances(self, state: State) -> list[tuple[str, int]]:
        if state.word:
            return []
        return [(word, 1) for word in words(state.options.category, state.options.difficulty)]

    def resolve(self, state: State, outcome: str) -> State:
        return replace(state, word=outcome)

    def secret(self, state: State) -> bool:
        return not state.word

    def outcome(self, state: State) -> Outcome | None:
        seats = range(len(state.points))
        if solved(state):
            scores = tuple(float(seat not in state.out) for seat in seats)
            return Outcome(scores, f"the word was {state.word}", state.points)
        if len(state.wrong) < state.options.wrong and len(state.out) < len(seats):
            return None
        reason = "hanged" if len(state.wrong) >= state.options.wrong else "nobody is left"
        return Outcome((0.0,) * len(seats), f"{reason}, the word was {state.word}", state.points)

    def resign(self, state: State, seat: int) -> State:
        return replace(state, out=(*state.out, seat))

    def hide(self, state: State, seat: int | None) -> State:
        if self.outcome(state):
            return state
        pattern = "".join(letter if letter in state.found else "_" for letter in state.word)
        return replace(state, word=pattern)

    def view(self, state: State, seat: int | None) -> View:
        misses, limit = len(state.wrong), state.options.wrong
        drawn = len(PARTS) * misses // limit  # complete with the last wrong guess, and not before
        parts = PARTS[:drawn].ljust(len(PARTS))
        about = "" if state.options.category == "any" else f", {state.options.category}"
        over = self.outcome(state) is not None
        pattern = " ".join(letter if over or letter in state.found else "_" for letter in state.word)
        return View(
            lines=(
                *(line.format(*parts).rstrip() for line in GALLOWS),
                pattern or "The word is being drawn.",
                f"Wrong: {', '.join(state.wrong) or 'nothing yet'} ({misses} of {limit})",
                f"{state.options.difficulty.capitalize()}{about}",
            )
        )


rules = Hangman()
