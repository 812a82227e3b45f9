"""Hangman. A word is drawn, or set by the first player, and only its length is shown. All others guess
together, whenever they like: a letter, which then shows wherever it stands, or the whole word. Each wrong
guess, and each time that nobody guesses before the time is up, draws one part of the hanged man; when he
is complete all guessers have lost, and whoever set the word has won; when the word is found before, all
guessers who are still playing have won. The points are the places that each player has uncovered.

Source: traditional, first described as "Birds, Beasts and Fishes" in A. B. Gomme, "The Traditional
Games of England, Scotland, and Ireland" (1894).
"""

import re
from itertools import islice, product
from string import ascii_lowercase
from textwrap import wrap
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.items import add
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.view import View
from milena.games.words import Category, Difficulty, every_word, words

TOO_LATE = "too late"
WIDTH = 70
SHORTEST, LONGEST = 3, 20
IDEAS = 24
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
    word: Annotated[
        Literal["drawn", "set"],
        Meta(description="drawn by chance, or set by the first player for the others."),
    ] = "drawn"


class State(Struct, frozen=True):
    """``word``    empty until it is drawn or set; hidden, it has ``_`` for each letter not yet found
    ``found``   the letters guessed right, in that order
    ``wrong``   the wrong guesses, letters and words, and ``TOO_LATE`` for each time that was up
    ``points``  places uncovered, one number a seat
    ``out``     the seats that gave up
    ``passed``  the seats whose time is up, until somebody else has guessed
    """

    options: Options
    points: tuple[int, ...]
    word: str = ""
    found: str = ""
    wrong: tuple[str, ...] = ()
    out: tuple[int, ...] = ()
    passed: tuple[int, ...] = ()


def ideas(options: Options) -> list[str]:
    """A few words for whoever can't think of one."""
    listed = words(options.category, options.difficulty)
    return list(listed[:: -(-len(listed) // IDEAS)])


def fitting(state: State) -> list[str]:
    """Words that the hidden one may be, as far as the guesses tell: those of the lists, and if it is on none,
    some that nobody has heard of."""
    free = unguessed(state)
    listed = every_word() if setter(state) == 0 else words(state.options.category, state.options.difficulty)
    fits = re.compile(state.word.replace("_", f"[{''.join(free)}]")).fullmatch
    fit = [word for word in listed if fits(word) and word not in state.wrong]
    if not fit:
        pattern = state.word.replace("_", "{}")
        fills = (pattern.format(*letters) for letters in product(free, repeat=state.word.count("_")))
        fit = list(islice((word for word in fills if word not in state.wrong), IDEAS))
    return fit


def solved(state: State) -> bool:
    return bool(state.word) and all(letter in state.found for letter in state.word)


def setter(state: State) -> int | None:
    """The seat that sets the word."""
    return 0 if state.options.word == "set" else None


def guessers(state: State) -> list[int]:
    """The seats that guess and have not given up."""
    return [seat for seat in range(len(state.points)) if seat != setter(state) and seat not in state.out]


def settled(state: State) -> State:
    """A miss, where nobody is left who has time to guess."""
    if not state.word or any(seat not in state.passed for seat in guessers(state)):
        return state
    return replace(state, wrong=(*state.wrong, TOO_LATE), passed=())


def unguessed(state: State) -> list[str]:
    return [letter for letter in ascii_lowercase if letter not in state.found and letter not in state.wrong]


def ways(state: State) -> str:
    return f"Guess one of {', '.join(unguessed(state))}, or a word of {len(state.word)} letters."


class Hangman(Rules[State, Options]):
    name = "hangman"
    title = "Hangman"
    seats = Seats(1, 8)
    # The word; 26 letters found and 12 misses at most, each after every seat has let its time pass once at
    # most; and each seat may come in late, and give up, once.
    bound = 1 + (26 + 12) * (1 + 8) + 2 * 8
    notation = "Type one letter, or the whole word."
    open_input = True
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        if options.word == "set" and seats < 2:
            raise Refused("nobody_to_guess", "Whoever sets the word needs another player to guess it.")
        return State(options, points=(0,) * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if self.outcome(state):
            return ()
        if not state.word:
            return (CHANCE,) if setter(state) is None else (0,)
        return tuple([seat for seat in guessers(state) if seat not in state.passed])

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        return unguessed(state) if state.word else ideas(state.options)

    def play(self, state: State, seat: int, move: str) -> State:
        plain = move.isascii() and move.isalpha() and move.islower()
        if not state.word:
            if not (plain and SHORTEST <= len(move) <= LONGEST):
                wanted = f"Set a word of {SHORTEST} to {LONGEST} letters a to z, for the others to guess."
                raise Refused("not_a_word", wanted)
            return replace(state, word=move)
        if not plain:
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
            return replace(state, wrong=(*state.wrong, move), passed=())
        uncovered = sum(letter in new for letter in state.word)
        points = add(state.points, seat, uncovered)
        return replace(state, found=state.found + new, points=points, passed=())

    def chances(self, state: State) -> list[tuple[str, int]]:
        if state.word or setter(state) is not None:
            return []
        return [(word, 1) for word in words(state.options.category, state.options.difficulty)]

    def resolve(self, state: State, outcome: str) -> State:
        return replace(state, word=outcome)

    def secret(self, state: State) -> bool:
        return not state.word

    def outcome(self, state: State) -> Outcome | None:
        setting, guessing = setter(state), guessers(state)
        winners: list[int | None] = [setting]
        if not state.word and setting in state.out:
            winners, reason = [*guessing], "no word was set"
        elif solved(state):
            winners, reason = [*guessing], f"the word was {state.word}"
        elif len(state.wrong) >= state.options.wrong:
            reason = f"hanged, the word was {state.word}"
        elif not guessing:
            reason = "nobody is left" + (f", the word was {state.word}" if state.word else "")
        else:
            return None
        seats = range(len(state.points))
        scores = tuple([float(seat in winners and seat not in state.out) for seat in seats])
        return Outcome(scores, reason, state.points)

    def resign(self, state: State, seat: int) -> State:
        state = replace(state, out=(*state.out, seat))
        return settled(state) if guessers(state) else state

    def enter(self, state: State) -> State | None:
        """Nobody comes in for the last letters."""
        if 2 * len(state.found) >= len(set(state.word)) > 0:
            return None
        return replace(state, points=(*state.points, 0))

    def turn(self, state: State) -> int:
        return bool(state.word) + len(state.found) + len(state.wrong)

    def skip(self, state: State, seat: int) -> State:
        if not state.word:
            return self.resign(state, seat)
        return settled(replace(state, passed=(*state.passed, seat)))

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        if "_" not in state.word:  # not there yet, or known
            return state
        candidates = fitting(state)
        return replace(state, word=candidates[pick(len(candidates))])

    def hide(self, state: State, seat: int | None) -> State:
        if self.outcome(state) or (seat is not None and seat == setter(state)):
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
        if setter(state) is None:
            coming, kind = "The word is being drawn.", state.options.difficulty.capitalize()
        else:
            coming, kind = "The word is being set by player 1.", "Set by player 1"
        return View(
            lines=(
                *(line.format(*parts).rstrip() for line in GALLOWS),
                pattern or coming,
                *wrap(f"Wrong: {', '.join(state.wrong) or 'nothing yet'} ({misses} of {limit})", WIDTH),
                f"{kind}{about}",
            ),
            hand=(state.word,) if state.word and seat is not None and seat == setter(state) else (),
        )


rules = Hangman()
