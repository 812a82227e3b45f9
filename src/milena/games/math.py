"""Mental arithmetic against the clock. Every player gets the same problems one after the other, each at
his or her own pace. A right answer makes 10 points, and 2 more for each right one just before it in a
row; a wrong one costs the penalty. A wrong answer ends the streak, and so does skipping a problem, which
costs nothing else; either way the next problem follows. A run ends with its last problem or when its time
is up, and what it made is kept. When all runs have ended, most points win; who plays alone wins with the
goal, a share of the points that an unbroken streak would make.

A problem that one player has reached may lie ahead of another, so with two or more players problems and
answers are secret until the end: a seat sees those that it has come to itself, a spectator how well each
is doing. Who joins late starts at the first problem, knowing no more than the others did.

Subtraction is addition in reverse, as division is multiplication and a root a power: 84 / 7 comes of
7 x 12, so that every answer is a whole number.

Source: timed drills of arithmetic; the reversed problems are those of Zetamac's Arithmetic Game.
"""

import re
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.clock import Clock
from milena.domain.items import put
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.scores import most_win
from milena.domain.view import View
from milena.games.problems import Difficulty, Operation, parts, solve

MOST_PROBLEMS = 30
MOST_SEATS = 10

RIGHT, WRONG, SKIPPED = "+", "-", "."
POINTS, STREAK = 10, 2
UNSEEN = "?"
SHOWN = 20
ANSWER = re.compile(r"(?:([0-9]{1,3}) ?= ?)?([+-]?[0-9]{1,15})")


class Options(Struct, frozen=True):
    operation: Annotated[Operation, Meta(description="What to calculate.")] = "mixed"
    difficulty: Annotated[Difficulty, Meta(description="How large the numbers are.")] = "medium"
    problems: Annotated[int, Meta(ge=1, le=MOST_PROBLEMS, description="How many there are at most.")] = 20
    seconds: Annotated[int, Meta(ge=0, le=3600, description="The time for all of them; 0: no limit.")] = 60
    penalty: Annotated[int, Meta(ge=0, le=100, description="What a wrong answer costs.")] = 5
    goal: Annotated[int, Meta(ge=1, le=100, description="Alone: percent of all points, to win.")] = 30


class State(Struct, frozen=True):
    """``marks``     of each seat, one for each problem that it has done: RIGHT, WRONG or SKIPPED
    ``problems``  those drawn so far, as ``÷ 7 12`` (84 ÷ 7), UNSEEN where they are hidden
    ``draft``     the beginning of the problem that is being drawn
    ``stopped``   the seats whose time is up
    ``out``       the seats that gave up
    """

    options: Options
    marks: tuple[str, ...]
    problems: tuple[str, ...] = ()
    draft: str = ""
    stopped: tuple[int, ...] = ()
    out: tuple[int, ...] = ()


def drawable(state: State) -> list[str]:
    """What can come next. No problem comes a second time before all of its sign and x have come."""
    every = parts(state.options.operation, state.options.difficulty, state.draft)
    return [each for each in every if each not in state.problems] or every


def streak(marks: str) -> int:
    return len(marks) - len(marks.rstrip(RIGHT))


def points(marks: str, penalty: int) -> int:
    made = 0
    for at, mark in enumerate(marks):
        if mark == RIGHT:
            made += POINTS + STREAK * streak(marks[:at])
        elif mark == WRONG:
            made -= penalty
    return made


def goal(options: Options) -> int:
    return -(-points(RIGHT * options.problems, 0) * options.goal // 100)


def running(state: State) -> list[int]:
    """The seats that still have problems to do."""
    if len(state.marks) > 1 and len(state.out) >= len(state.marks) - 1:
        return []
    ended = state.stopped + state.out
    every = state.options.problems
    return [seat for seat, marks in enumerate(state.marks) if len(marks) < every and seat not in ended]


class Arithmetic(Rules[State, Options]):
    name = "math"
    title = "Mental arithmetic"
    seats = Seats(1, MOST_SEATS)
    # Each problem takes up to three draws, and each seat answers or skips it once. Each seat may come in
    # late, and end its run by giving up or by its time.
    bound = MOST_PROBLEMS * (3 + MOST_SEATS) + MOST_SEATS * 3
    notation = "Type the answer, or skip."
    open_input = True
    offers = False
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        return State(options, ("",) * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        seats = running(state)
        needs_next = len(state.problems) in [len(state.marks[seat]) for seat in seats]
        return (CHANCE,) if needs_next else tuple(seats)

    def legal(self, state: State, seat: int) -> list[str]:
        """The right answer among near ones, each with the number of the problem: ``4=12``."""
        if seat not in self.actors(state):
            return []
        number = len(state.marks[seat]) + 1
        _, answer = solve(state.problems[number - 1])
        return [*(f"{number}={answer + slip}" for slip in (-10, -1, 0, 1, 10)), "skip"]

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower().replace("−", "-")
        found = ANSWER.fullmatch(typed.removeprefix("=").strip())
        if found is None:
            return "skip" if typed in ("s", "pass") else typed
        return f"{int(found[1] or len(state.marks[seat]) + 1)}={int(found[2])}"

    def play(self, state: State, seat: int, move: str) -> State:
        if move == "skip":
            return self.skip(state, seat)
        found = ANSWER.fullmatch(move)
        if found is None or move != f"{int(found[1] or 0)}={int(found[2])}":
            raise Refused("not_a_number", "Answer with a whole number of at most 15 digits, or skip.")
        done = len(state.marks[seat])
        if int(found[1]) != done + 1:
            raise Refused("other_problem", f"You are at problem {done + 1}: answer that one, or skip.")
        _, answer = solve(state.problems[done])
        return marked(state, seat, RIGHT if int(found[2]) == answer else WRONG)

    def skip(self, state: State, seat: int) -> State:
        return marked(state, seat, SKIPPED)

    def chances(self, state: State) -> list[tuple[str, int]]:
        return [(each, 1) for each in drawable(state)] if self.actors(state) == (CHANCE,) else []

    def resolve(self, state: State, outcome: str) -> State:
        """One more part of a problem."""
        if outcome.count(" ") == 2:
            return replace(state, problems=(*state.problems, outcome), draft="")
        return replace(state, draft=outcome)

    def secret(self, state: State) -> bool:
        return len(state.marks) > 1

    def outcome(self, state: State) -> Outcome | None:
        if running(state):
            return None
        made = tuple(points(marks, state.options.penalty) for marks in state.marks)
        if len(made) == 1:
            won = made[0] >= goal(state.options)
            return Outcome((float(won),), f"{made[0]} points, the goal was {goal(state.options)}", made)
        left = [seat for seat in range(len(made)) if seat not in state.out]
        best = max(made[seat] for seat in left)
        reason = "all others gave up" if len(left) == 1 else f"{best} points are the most"
        return Outcome(most_win(made, left), reason, made)

    def resign(self, state: State, seat: int) -> State | None:
        return replace(state, out=(*state.out, seat)) if len(state.marks) > 2 else None

    def flag(self, state: State, seat: int) -> State:
        return replace(state, stopped=(*state.stopped, seat))

    def clock(self, options: Options) -> Clock | None:
        return Clock(total=options.seconds) if options.seconds else None

    def enter(self, state: State) -> State | None:
        """Nobody joins who plays alone: all could see the problems of that game."""
        if not (1 < len(state.marks) < MOST_SEATS and running(state)):
            return None
        return replace(state, marks=(*state.marks, ""))

    def hide(self, state: State, seat: int | None) -> State:
        if not self.secret(state) or not running(state):
            return state
        seen = 0 if seat is None else len(state.marks[seat]) + 1
        unseen = (UNSEEN,) * (len(state.problems) - seen)
        return replace(state, problems=state.problems[:seen] + unseen, draft="")

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        seen = tuple(problem for problem in state.problems if problem != UNSEEN)
        full = replace(state, problems=seen)
        while len(full.problems) < len(state.problems):
            possible = drawable(full)
            full = self.resolve(full, possible[pick(len(possible))])
        return full

    def view(self, state: State, seat: int | None) -> View:
        standings = [standing(state, at) for at in range(len(state.marks))]
        if len(standings) == 1:
            return View(lines=(*asked(state, 0), *standings, f"The goal: {goal(state.options)} points"))
        unshown = ["The players see their own problems."] if running(state) else []
        return View(lines=(*(unshown if seat is None else asked(state, seat)), *standings))


def marked(state: State, seat: int, mark: str) -> State:
    return replace(state, marks=put(state.marks, seat, state.marks[seat] + mark))


def asked(state: State, seat: int) -> list[str]:
    """What became of the last problem of a seat, and the next one."""
    marks, lines = state.marks[seat], []
    if marks:
        told = {RIGHT: "right", WRONG: "wrong", SKIPPED: "skipped"}[marks[-1]]
        problem, answer = solve(state.problems[len(marks) - 1])
        lines.append(f"Problem {len(marks)}: {problem} = {answer}, {told}")
    if seat in running(state) and len(marks) < len(state.problems):
        problem, _ = solve(state.problems[len(marks)])
        lines.append(f"Problem {len(marks) + 1} of {state.options.problems}: {problem} = ?")
    return lines


def standing(state: State, seat: int) -> str:
    marks = state.marks[seat]
    how = f"{points(marks, state.options.penalty)} points"
    if seat in state.out:
        how += ", gave up"
    elif seat in state.stopped:
        how += ", time is up"
    elif streak(marks) > 1:
        how += f", {streak(marks)} right in a row"
    return f"Player {seat + 1:<2}  {marks[-SHOWN:]:<{SHOWN}}  {how}"


rules = Arithmetic()
