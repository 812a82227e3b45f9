"""All laws on random play-outs of every game; and on games that break them, one law after the other.

``MILENA_PLAYOUTS=10000`` plays so many of each game (tox -e playouts).
"""

import os
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import pytest
from msgspec import Meta, Struct
from msgspec.structs import replace

from milena import games
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, NoOptions, Outcome, Pick, Rules, Seats
from milena.domain.view import Cell, View
from milena.laws import LAWS, Position, check

R = TypeVar("R", bound=Rules[Any, Any])

PLAYOUTS = int(os.environ.get("MILENA_PLAYOUTS", "25"))


def test_a_game_keeps_all_laws_in_random_play_outs(game: str) -> None:
    report = check(games.load(game), PLAYOUTS)
    assert report.violations == []
    assert report.playouts == PLAYOUTS
    assert report.plies > 0


# ------------------------------------------------------------------------- little games that keep the laws


class Options(Struct, frozen=True):
    goal: Annotated[int, Meta(ge=3, le=12)] = 6


class Sum(Struct, frozen=True):
    goal: int
    parts: tuple[int, ...]
    turn: int = 0
    out: tuple[int, ...] = ()


class Counting(Rules[Sum, Options]):
    """By turns, two to four players add 1 to 3; who reaches the goal wins. Source: these tests."""

    name, title, notation = "counting", "Counting", "Type a number."
    seats, bound = Seats(2, 4), 12 + 4 + 4
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> Sum:
        return Sum(options.goal, (0,) * seats)

    def actors(self, state: Sum) -> tuple[int, ...]:
        return () if sum(state.parts) >= state.goal or len(left(state)) == 1 else (state.turn,)

    def legal(self, state: Sum, seat: int) -> list[str]:
        return ["1", "2", "3"] if seat in self.actors(state) else []

    def play(self, state: Sum, seat: int, move: str) -> Sum:
        if move not in ("1", "2", "3"):
            raise Refused("no_such_number", "Add 1, 2 or 3.")
        parts = tuple(n + int(move) * (at == seat) for at, n in enumerate(state.parts))
        return replace(state, parts=parts, turn=after(state))

    def outcome(self, state: Sum) -> Outcome | None:
        if Counting.actors(self, state):
            return None
        winner = left(state)[0] if len(left(state)) == 1 else max(left(state), key=state.parts.__getitem__)
        return Outcome(tuple(float(at == winner) for at in range(len(state.parts))), "all is counted")

    def resign(self, state: Sum, seat: int) -> Sum:
        gone = replace(state, out=(*state.out, seat))
        return replace(gone, turn=after(gone)) if seat == state.turn and left(gone) else gone

    def skip(self, state: Sum, seat: int) -> Sum:
        return self.play(state, seat, "1")

    def enter(self, state: Sum) -> Sum | None:
        return replace(state, parts=(*state.parts, 0))

    def view(self, state: Sum, seat: int | None) -> View:
        cells = tuple(Cell(str(n)) for n in state.parts)
        return View(grid=(cells,), hand=() if seat is None else (f"{state.parts[seat]} of mine",))


def left(state: Sum) -> list[int]:
    return [seat for seat in range(len(state.parts)) if seat not in state.out]


def after(state: Sum) -> int:
    return next(
        at % len(state.parts)
        for at in range(state.turn + 1, state.turn + 9)
        if at % len(state.parts) in left(state)
    )


COLOURS = ("red", "blue", "green", "black", "white")


class Hidden(Struct, frozen=True):
    seats: int
    colour: str = ""
    tried: tuple[str, ...] = ()


class Guessing(Rules[Hidden, NoOptions]):
    """Chance, or the first of two players, hides a colour; the other one guesses. Source: these tests."""

    name, title, notation = "guessing", "Guessing", "Type a colour."
    seats, bound = Seats(1, 2), 6

    def start(self, seats: int, options: NoOptions) -> Hidden:
        return Hidden(seats)

    def actors(self, state: Hidden) -> tuple[int, ...]:
        if not state.colour:
            return (CHANCE,) if state.seats == 1 else (0,)
        return () if state.colour in state.tried else (state.seats - 1,)

    def legal(self, state: Hidden, seat: int) -> list[str]:
        return [each for each in COLOURS if each not in state.tried] if seat in self.actors(state) else []

    def play(self, state: Hidden, seat: int, move: str) -> Hidden:
        if move not in COLOURS or move in state.tried:
            raise Refused("no_such_colour", "Name another colour.")
        return replace(state, tried=(*state.tried, move)) if state.colour else self.resolve(state, move)

    def chances(self, state: Hidden) -> list[tuple[str, int]]:
        return [(each, 1) for each in COLOURS] if Guessing.actors(self, state) == (CHANCE,) else []

    def resolve(self, state: Hidden, outcome: str) -> Hidden:
        return replace(state, colour=outcome)

    def secret(self, state: Hidden) -> bool:
        return not state.colour

    def outcome(self, state: Hidden) -> Outcome | None:
        return Outcome((1.0,) * state.seats, "found") if state.colour in state.tried else None

    def hide(self, state: Hidden, seat: int | None) -> Hidden:
        if not state.colour or self.outcome(state) or (seat == 0 and state.seats == 2):
            return state
        return replace(state, colour="?")

    def imagine(self, state: Hidden, seat: int, pick: Pick) -> Hidden:
        left = [each for each in COLOURS if each not in state.tried]
        return replace(state, colour=left[pick(len(left))]) if state.colour == "?" else state

    def view(self, state: Hidden, seat: int | None) -> View:
        return View(lines=(f"Tried: {', '.join(state.tried)}",))


class Pair(Struct, frozen=True):
    chosen: tuple[str, str] = ("", "")


class Choosing(Rules[Pair, NoOptions]):
    """Both choose at once; who names the higher letter wins. Source: these tests."""

    name, title, notation = "choosing", "Choosing", "Type a letter."
    seats, bound, simultaneous, on_timeout = Seats(2, 2), 3, True, "random"

    def start(self, seats: int, options: NoOptions) -> Pair:
        return Pair()

    def actors(self, state: Pair) -> tuple[int, ...]:
        return tuple(seat for seat in (0, 1) if not state.chosen[seat])

    def legal(self, state: Pair, seat: int) -> list[str]:
        return ["a", "b", "c"] if seat in self.actors(state) else []

    def play(self, state: Pair, seat: int, move: str) -> Pair:
        if move not in ("a", "b", "c"):
            raise Refused("no_such_letter", "Choose a, b or c.")
        return Pair((state.chosen[0], move) if seat else (move, state.chosen[1]))

    def outcome(self, state: Pair) -> Outcome | None:
        return None if self.actors(state) else Outcome((0.5, 0.5), "both have chosen")

    def hide(self, state: Pair, seat: int | None) -> Pair:
        if not self.actors(state):
            return state
        return Pair((state.chosen[0] if seat == 0 else "", state.chosen[1] if seat == 1 else ""))

    def view(self, state: Pair, seat: int | None) -> View:
        return View(lines=(" ".join(state.chosen),))


@pytest.mark.parametrize("kept", [Counting(), Guessing(), Choosing()], ids=lambda rules: rules.name)
def test_little_games_that_are_right_are_found_to_be(kept: Rules[Any, Any]) -> None:
    assert check(kept, 200).violations == []


# ------------------------------------------------------------------------------ and games that break them

BROKEN: dict[str, tuple[Rules[Any, Any], str]] = {}
"""The law in words -> a game that breaks it, and what is said about that."""


def breaks(law: str, said: str) -> Callable[[type[R]], type[R]]:
    def note(kind: type[R]) -> type[R]:
        kind.__doc__ = kind.__doc__ or "Source: these tests."
        BROKEN[law] = (kind(), said)
        return kind

    return note


@breaks("a game has a name a title and a notation", "name is 'Count Me'; it has to be small letters")
class Name(Counting):
    name = "Count Me"


@breaks("a game says for how many it is and how long it takes at most", "seats is Seats(min=3, max=2); ")
class Backwards(Counting):
    seats = Seats(3, 2)


@breaks("a game says what kind it is", "on_timeout is 'sleep'; it can be forfeit, skip, random.")
class Sleeper(Counting):
    on_timeout = "sleep"  # type: ignore[assignment]


class Loose(Struct):
    parts: list[int]


@breaks("a state is a frozen struct of plain data", "Loose in the state is not frozen.")
class Mutable(Rules[Loose, NoOptions]):
    name, title, notation, seats, bound = "mutable", "Mutable", "None.", Seats(1, 1), 1


class Needed(Struct, frozen=True):
    goal: int


@breaks("options are a frozen struct with a default for every field", "these options have no default: goal.")
class Demanding(Rules[Sum, Needed]):
    name, title, notation, seats, bound = "demanding", "Demanding", "None.", Seats(1, 1), 1


@breaks("the default options go together", "start refuses them, for 2 seats: Not like that.")
class Choosy(Counting):
    def start(self, seats: int, options: Options) -> Sum:
        raise Refused("not_so", "Not like that.")


@breaks("the docstring of the file cites the source of the rules", 'it has no "Source: ..."')
class Unsourced(Counting):
    """Rules out of nowhere."""


@breaks("other versions of the rules are given or refused", "at(2) is not there yet")
class Timeless(Counting):
    def at(self, version: int) -> "Timeless":
        return self


@breaks("a state is the same after JSON and back", "becomes Sum(goal=")
class Listed(Counting):
    def play(self, state: Sum, seat: int, move: str) -> Sum:
        played = super().play(state, seat, move)
        return replace(played, parts=list(played.parts))


class Remembering(Counting):
    """Source: its own memory, which no log has."""

    played = 0

    def play(self, state: Sum, seat: int, move: str) -> Sum:
        self.played += 1
        return replace(super().play(state, seat, move), goal=6 + self.played % 2)


breaks("a fold from a snapshot at any cut equals the fold from zero", "leads to another one")(Remembering)
breaks("play gives the same state each time and changes nothing", "leads to another state")(Remembering)


@breaks("a game ends within its bound", "this is ply 2 of 1.")
class Hasty(Counting):
    bound = 1


@breaks("a game can be opened and played to its end", "raises ZeroDivisionError")
class Crashing(Counting):
    def start(self, seats: int, options: Options) -> Sum:
        return replace(super().start(seats, options), turn=0 // (4 - seats))


class Other(Sum, frozen=True):
    pass


@breaks("a state is of the type that the rules name", "it is a Other, not a Sum.")
class Changing(Counting):
    def start(self, seats: int, options: Options) -> Sum:
        return Other(options.goal, (0,) * seats)


@breaks(
    "somebody can move until there is an outcome and nobody after", "there is an outcome (all is counted)"
)
class Endless(Counting):
    def actors(self, state: Sum) -> tuple[int, ...]:
        return (state.turn,)


@breaks("an outcome has a score from 0 to 1 for each seat", "the scores are (2.0, 2.0")
class Generous(Counting):
    def outcome(self, state: Sum) -> Outcome | None:
        outcome = super().outcome(state)
        return outcome and Outcome((2.0,) * len(state.parts), outcome.reason)


@breaks(
    "chance may bring different things of positive whole weight when it is to draw",
    "chances names the same thing twice: red, blue, green, black, white, red.",
)
class Twice(Guessing):
    def chances(self, state: Hidden) -> list[tuple[str, int]]:
        chances = super().chances(state)
        return chances and [*chances, ("red", 1)]


@breaks("legal moves are listed once in a fixed order as they are stored", "['1', '2', '3', '3']")
class Stutter(Counting):
    def legal(self, state: Sum, seat: int) -> list[str]:
        moves = super().legal(state, seat)
        return moves and [*moves, "3"]


@breaks("a legal move is never refused", "'3' of player 1 is legal and refused: Not that one.")
class Refusing(Counting):
    def play(self, state: Sum, seat: int, move: str) -> Sum:
        if move == "3":
            raise Refused("not_that", "Not that one.")
        return super().play(state, seat, move)


@breaks("what is not legal is refused with a sentence", "is not legal, and is taken.")
class Lenient(Counting):
    def play(self, state: Sum, seat: int, move: str) -> Sum:
        return super().play(state, seat, move if move in ("1", "2", "3") else "1")


@breaks("out of turn nothing can be played", "moved out of turn.")
class Wavering(Counting):
    asked = 0

    def actors(self, state: Sum) -> tuple[int, ...]:
        self.asked += 1
        actors = super().actors(state)
        return (after(state),) if actors and self.asked % 7 == 0 else actors


@breaks("to read a text twice changes it no more", "'!!' of that.")
class Loud(Counting):
    def read(self, state: Sum, seat: int, text: str) -> str:
        return text if text in ("1", "2", "3") else "!" * (text.count("!") + 1)


@breaks("a draw gives the same state each time and changes nothing", "leads to another state")
class Moody(Guessing):
    drawn = 0

    def resolve(self, state: Hidden, outcome: str) -> Hidden:
        self.drawn += 1
        return replace(state, colour=COLOURS[self.drawn % 5])


@breaks(
    "a secret draw does not tell a spectator what was drawn",
    "a spectator can tell which of these was drawn: ",
)
class Open(Guessing):
    def hide(self, state: Hidden, seat: int | None) -> Hidden:
        return state


breaks("a secret move does not tell the others which it was", "can tell which of these was played: ")(Open)


@breaks("a secret is in no spectators sight until it is told to all", "can be read in what hide leaves")
class Careless(Guessing):
    def hide(self, state: Hidden, seat: int | None) -> Hidden:
        return state if state.tried else super().hide(state, seat)


@breaks("a view fits 80 columns", "shown to a spectator, is 81 columns wide.")
class Wide(Counting):
    def view(self, state: Sum, seat: int | None) -> View:
        return View(lines=("x" * 81,))


@breaks("a grid is rectangular and so are its headings", "its rows have [1, 2] cells.")
class Ragged(Counting):
    def view(self, state: Sum, seat: int | None) -> View:
        return View(grid=((Cell(), Cell()), (Cell(),)))


@breaks("a cell or a choice names a move only where somebody may make it", "player 1 is offered '9'")
class Tempting(Counting):
    def view(self, state: Sum, seat: int | None) -> View:
        return View(grid=((Cell(move="9"),),))


@breaks("a spectator has no hand", "it is 0, 0")
class Showing(Counting):
    def view(self, state: Sum, seat: int | None) -> View:
        return View(hand=tuple(map(str, state.parts)))


@breaks("marks are short and one a seat", "they are ('X',)")
class Marked(Counting):
    def marks(self, state: Sum) -> tuple[str, ...]:
        return ("X",)


@breaks("the number of a turn is a whole one", "turn gives 'first'")
class Turning(Counting):
    def turn(self, state: Sum) -> int:
        return "first"  # type: ignore[return-value]


@breaks("to hide twice hides no more", "hide makes something else of a state that is hidden already.")
class Growing(Guessing):
    def hide(self, state: Hidden, seat: int | None) -> Hidden:
        hidden = super().hide(state, seat)
        return hidden if hidden.colour != "?" else replace(state, colour="?" * (len(state.colour) + 1))


@breaks(
    "who may move and how can be told from the hidden state", "sees that (0,) may move, and in truth (1,)"
)
class Forgetful(Guessing):
    def hide(self, state: Hidden, seat: int | None) -> Hidden:
        hidden = super().hide(state, seat)
        return replace(hidden, colour="") if hidden.colour == "?" else hidden


@breaks(
    "what a seat imagines looks to it like what it sees", "does not hide to the state it was imagined from"
)
class Dreaming(Guessing):
    def imagine(self, state: Hidden, seat: int, pick: Pick) -> Hidden:
        return replace(super().imagine(state, seat, pick), tried=())


@breaks("what is imagined can be played to its end", "raises IndexError")
class Wild(Guessing):
    def imagine(self, state: Hidden, seat: int, pick: Pick) -> Hidden:
        return replace(state, colour="purple")


@breaks("a choice made at the same time as others is sealed until all are in", "hide leaves for ")
class Peeking(Choosing):
    def hide(self, state: Pair, seat: int | None) -> Pair:
        return state


@breaks("whoever gave up is not waited for", "has given up, and is still to move.")
class Waiting(Counting):
    def resign(self, state: Sum, seat: int) -> Sum:
        return state


@breaks("a missed turn means what on timeout says", "skip changes nothing for player 1")
class Patient(Counting):
    def skip(self, state: Sum, seat: int) -> Sum:
        return state


@breaks("whoever comes in late has the last seat", "raises IndexError")
class Deaf(Counting):
    def enter(self, state: Sum) -> Sum:
        return state


@pytest.mark.parametrize("law", LAWS)
def test_a_game_that_breaks_a_law_is_caught_and_told_what_it_did(law: str) -> None:
    broken, said = BROKEN[law]
    found = {violation.law: violation.found for violation in check(broken, 200).violations}
    assert said in found[law]


# ----------------------------------------------------------------------------------- what a report tells


def test_what_is_found_can_be_found_again() -> None:
    broken = Careless()
    [first] = check(broken, 100).violations
    assert isinstance(first.position, Position)
    assert first.position.story[-1] in [f"player {first.position.seats}: {colour}" for colour in COLOURS]
    assert check(broken, 1, seed=first.position.seed).violations == [first]


def test_a_game_that_says_too_little_of_itself_is_not_played() -> None:
    class Nothing(Rules[Sum, Options]):
        """An empty file."""

    report = check(Nothing())
    assert (report.playouts, report.plies) == (0, 0)
    assert all(violation.position is None for violation in report.violations)
    assert "name is None; it has to be small letters and digits" in report.violations[0].found


def test_progress_is_told_after_each_play_out() -> None:
    told: list[tuple[int, int]] = []
    check(Counting(), 3, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_it_is_noted_where_machines_can_not_think_ahead() -> None:
    assert [note.partition(":")[0] for note in check(Choosing(), 1).notes] == [
        "It hides something and has no imagine"
    ]
    assert check(Guessing(), 1).notes == []
