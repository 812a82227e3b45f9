"""Odd: a game that does to whoever thinks about it what its options say, installed as a package would be.

By turns (or, ``together``, whoever comes first) add 1, 2 or 3 until ``upto`` is said. Whenever a machine asks
what it may do, a line is written to the diary: the process, and what it was told of the board.
"""

import os
import time
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from milena.domain.refusal import Refused
from milena.domain.rules import Outcome, Rules, Seats
from milena.domain.view import View

DISTRIBUTION = {
    "METADATA": "Metadata-Version: 2.1\nName: odd-games\nVersion: 1.0\n",
    "entry_points.txt": "[milena.games]\nodd = odd_games:rules\n",
}

Way = Literal["well", "bug", "dies", "hangs", "knows no move", "makes no sense"]


class Options(Struct, frozen=True):
    """How a machine thinks here, unless the file ``diary.mended`` is there, and for how long."""

    way: Way = "well"
    seconds: float = 0.0
    upto: int = 21
    together: bool = False
    diary: str = ""


class State(Struct, frozen=True):
    options: Options
    said: int = 0
    turn: int = 0
    secrets: tuple[int, ...] = ()


class Odd(Rules[State, Options]):
    name = "odd"
    title = "Odd"
    seats = Seats(2, 4)
    bound = 10_000
    notation = "Type 1, 2 or 3."
    draws = True
    on_timeout = "random"

    def start(self, seats: int, options: Options) -> State:
        return State(options, secrets=tuple(range(100, 100 + seats)))

    def actors(self, state: State) -> tuple[int, ...]:
        if state.said >= state.options.upto:
            return ()
        return tuple(range(len(state.secrets))) if state.options.together else (state.turn,)

    def legal(self, state: State, seat: int) -> list[str]:
        options = state.options
        diary = Path(options.diary)
        if options.diary:
            with diary.open("a") as file:
                file.write(f"{os.getpid()} {state.said} {seat} {state.secrets}\n")
        print("whatever a game prints is no answer")
        mended = Path(f"{options.diary}.mended").exists()
        until = time.perf_counter() + (0 if mended else options.seconds)
        while time.perf_counter() < until:
            pass
        if options.way == "well" or mended:
            return ["1", "2", "3"]
        if options.way == "bug":
            raise RuntimeError("a bug of this game")
        if options.way == "dies":
            os._exit(1)
        while options.way == "hangs":
            pass
        return ["nonsense"] if options.way == "makes no sense" else []

    def play(self, state: State, seat: int, move: str) -> State:
        if move not in ("1", "2", "3"):
            raise Refused("no_such_number", "Add 1, 2 or 3.")
        seats = len(state.secrets)
        return replace(state, said=state.said + int(move), turn=(seat + 1) % seats)

    def hide(self, state: State, seat: int | None) -> State:
        return replace(
            state, secrets=tuple(each if seat == own else 0 for own, each in enumerate(state.secrets))
        )

    def outcome(self, state: State) -> Outcome | None:
        if state.said < state.options.upto:
            return None
        return Outcome(tuple(float(seat == state.turn) for seat in range(len(state.secrets))), "all was said")

    def view(self, state: State, seat: int | None) -> View:
        return View(lines=(str(state.said),))


rules = Odd()
