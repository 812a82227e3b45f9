"""Word chain. Chance names the first letter; from then on each word begins with the last letter of the word
before it (or with its last two or three). Anybody plays, whoever comes first, but nobody twice in a row;
alone, one goes on by oneself. A word has to stand in the dictionary and counts once; its letters are the
points of the player. When all who may play have passed, or their time is up, that is a strike, and
chance names a new beginning; so it does, without a strike, where no word goes on. The game is over
when the chain has all its words, somebody has the points agreed on, or the strikes are used up. Most
points win; alone, one wins by filling the chain or making the points.

Source: traditional, as in Wikipedia, "Word chain" ("grab on behind", "last and first"), after D. Wise and
S. Forrest, "Great Big Book of Children's Games" (2003). Points and strikes are this project's own.
"""

from bisect import bisect_left
from collections import Counter
from functools import cache, lru_cache
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.items import add, in_rows
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Rules, Seats
from milena.domain.scores import most_win
from milena.domain.view import View
from milena.games.words import listed

Dictionary = Literal["en-1"]

NO_WORD = "-"  # to pass; "pass" is a word
DASHES = (NO_WORD, "\N{EN DASH}", "\N{EM DASH}")
ROOM = 20  # chance names no beginning that fewer words have
OFFERED = 20  # words of each beginning that are listed as legal: a machine knows no more
SHOWN = 8

MOST_PLAYERS, MOST_WORDS, MOST_STRIKES = 12, 200, 9


class Options(Struct, frozen=True):
    letters: Annotated[int, Meta(ge=1, le=3, description="Last letters that the next word begins with.")] = 1
    shortest: Annotated[int, Meta(ge=3, le=8, description="Letters a word has at least.")] = 3
    words: Annotated[int, Meta(ge=5, le=MOST_WORDS, description="Words until the chain is complete.")] = 40
    goal: Annotated[int, Meta(ge=0, le=1000, description="Points that end the game; 0 for no such end.")] = 0
    strikes: Annotated[
        int, Meta(ge=1, le=MOST_STRIKES, description="How often nobody may know a word until it is over.")
    ] = 3
    dictionary: Annotated[
        Dictionary, Meta(description="The words that count; a released one never changes.")
    ] = "en-1"


class State(Struct, frozen=True):
    """``due``      what the next word begins with; empty until chance has named it
    ``words``    the chain, and ``players`` the seat that said each of them
    ``resting``  the seat that said the last word, None after a strike
    ``passed``   the seats that know no next word
    ``out``      the seats that gave up
    """

    options: Options
    points: tuple[int, ...]
    due: str = ""
    words: tuple[str, ...] = ()
    players: tuple[int, ...] = ()
    resting: int | None = None
    passed: tuple[int, ...] = ()
    strikes: int = 0
    out: tuple[int, ...] = ()


def known(name: Dictionary, word: str) -> bool:
    words = listed(name)
    at = bisect_left(words, word)
    return at < len(words) and words[at] == word


@lru_cache(maxsize=4096)
def following(name: Dictionary, due: str, shortest: int) -> tuple[str, ...]:
    """Every word that begins with ``due``."""
    words = listed(name)
    part = words[bisect_left(words, due) : bisect_left(words, due + "{")]  # "{" comes after "z"
    return tuple(word for word in part if len(word) >= shortest)


@lru_cache(maxsize=4096)
def offered(name: Dictionary, due: str, shortest: int) -> tuple[str, ...]:
    """Some of them, from all over the alphabet."""
    words = following(name, due, shortest)
    return words[:: -(-len(words) // OFFERED) or 1]


@cache
def beginnings(name: Dictionary, letters: int, shortest: int) -> tuple[tuple[str, int], ...]:
    """What many words begin with, and how many."""
    counts = Counter(word[:letters] for word in listed(name) if len(word) >= shortest)
    return tuple(sorted((due, count) for due, count in counts.items() if count >= ROOM))


def alive(state: State) -> list[int]:
    return [seat for seat in range(len(state.points)) if seat not in state.out]


def waited_for(state: State) -> tuple[int, ...]:
    """The seats that may still say the next word."""
    resting = state.resting if len(state.points) > 1 else None
    away = (*state.out, *state.passed)
    return tuple([seat for seat in range(len(state.points)) if seat != resting and seat not in away])


def settled(state: State) -> State:
    """A strike, where nobody is left to be waited for."""
    if waited_for(state):
        return state
    return replace(state, due="", resting=None, passed=(), strikes=state.strikes + 1)


def ending(state: State) -> str:
    """Why it is over; empty while it goes on."""
    options = state.options
    if len(state.points) - len(state.out) < min(2, len(state.points)):
        return "nobody else is left"
    if len(state.words) >= options.words:
        return f"the chain has its {options.words} words"
    if options.goal and max(state.points) >= options.goal:
        return f"{options.goal} points are made"
    if state.strikes >= options.strikes:
        return "nobody knew a word" + (f", {state.strikes} times" if state.strikes > 1 else "")
    return ""


def standing(state: State, seat: int) -> str:
    away = "out" if seat in state.out else "passed" if seat in state.passed else ""
    return f"player {seat + 1}: {state.points[seat]}{away and f' ({away})'}"


def demand(state: State) -> str:
    return f"a word of at least {state.options.shortest} letters that begins with {state.due.upper()}"


def ways(state: State) -> str:
    return f"Say {demand(state)}, or {NO_WORD} to pass."


class WordChain(Rules[State, Options]):
    name = "wordchain"
    title = "Word chain"
    seats = Seats(1, MOST_PLAYERS)
    # Each turn ends with a word or a strike, begins with a draw at most, and in it each seat passes at
    # most once; besides, each seat may come in late, and give up, once.
    bound = (MOST_WORDS + MOST_STRIKES) * (1 + 1 + MOST_PLAYERS) + 2 * MOST_PLAYERS
    notation = f"Type a word, or {NO_WORD} to pass."
    open_input = True
    offers = False
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        return State(options, points=(0,) * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if ending(state):
            return ()
        return waited_for(state) if state.due else (CHANCE,)

    def legal(self, state: State, seat: int) -> list[str]:
        """Always the same few words of a beginning, without those that were said; and to pass."""
        if seat not in self.actors(state):
            return []
        words, said = offered(state.options.dictionary, state.due, state.options.shortest), set(state.words)
        return [*(word for word in words if word not in said), NO_WORD]

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower()
        return NO_WORD if typed in DASHES else typed

    def play(self, state: State, seat: int, move: str) -> State:
        if move == NO_WORD:
            return self.skip(state, seat)
        options = state.options
        if not (move.isascii() and move.isalpha() and move.islower()):
            raise Refused("not_a_word", f"That is not made of the letters a to z. {ways(state)}")
        if not move.startswith(state.due):
            raise Refused("wrong_beginning", f"That does not begin with {state.due.upper()}. {ways(state)}")
        if len(move) < options.shortest:
            raise Refused("too_short", f"That has {len(move)} letters. {ways(state)}")
        if not known(options.dictionary, move):
            raise Refused("unknown_word", f"{move.capitalize()} is not in the dictionary. {ways(state)}")
        if move in state.words:
            raise Refused("said_before", f"{move.capitalize()} was said before. {ways(state)}")
        words = (*state.words, move)
        due = move[-options.letters :]
        goes_on = any(word not in words for word in following(options.dictionary, due, options.shortest))
        return replace(
            state,
            points=add(state.points, seat, len(move)),
            due=due if goes_on else "",
            words=words,
            players=(*state.players, seat),
            resting=seat,
            passed=(),
        )

    def chances(self, state: State) -> list[tuple[str, int]]:
        """A beginning, as likely as there are words with it that were not said."""
        if state.due or ending(state):
            return []
        options = state.options
        said = Counter(word[: options.letters] for word in state.words)
        counts = beginnings(options.dictionary, options.letters, options.shortest)
        return [(due, count - said[due]) for due, count in counts if count > said[due]]

    def resolve(self, state: State, outcome: str) -> State:
        return replace(state, due=outcome)

    def outcome(self, state: State) -> Outcome | None:
        reason = ending(state)
        if not reason:
            return None
        scores = most_win(state.points, alive(state))
        if len(state.points) == 1:
            scores = (float(state.strikes < state.options.strikes),)
        return Outcome(scores, reason, state.points)

    def resign(self, state: State, seat: int) -> State | None:
        if len(state.points) == 1:
            return None
        state = replace(state, out=(*state.out, seat))
        return state if ending(state) else settled(state)

    def enter(self, state: State) -> State:
        return replace(state, points=(*state.points, 0))

    def turn(self, state: State) -> int:
        return len(state.words) + state.strikes

    def skip(self, state: State, seat: int) -> State:
        return settled(replace(state, passed=(*state.passed, seat)))

    def view(self, state: State, seat: int | None) -> View:
        options, count = state.options, len(state.words)
        said = list(zip(range(1, count + 1), state.words, state.players, strict=True))[-SHOWN:]
        goal = f", {options.goal} points end it" if options.goal else ""
        lines = [f"{number:>3}. {word:<15} player {player + 1}" for number, word, player in said]
        if self.actors(state):
            lines.append(f"Next: {demand(state)}" if state.due else "Chance names the next beginning.")
        lines.append(f"Word {count} of {options.words}, strike {state.strikes} of {options.strikes}{goal}")
        totals = [standing(state, at) for at in range(len(state.points))]
        return View(lines=(*lines, *map(", ".join, in_rows(totals, 2))))


rules = WordChain()
