"""Quiz. A question is asked to all, with four answers to choose from. Whoever is first to give the right
one gets its points: 1 for an easy question, 2 for a medium one, 3 for a hard one. A wrong answer puts its
player out of this question, and nobody may repeat it. When all are out, when the time is up, or when only
the right answer is left, the answer is shown and the next question comes. After the last one, whoever has
most points has won; those who are level share. Alone, half of all points win.

Source: the toss-up question of "College Bowl" (D. Reid, NBC, 1953), with four lettered answers as in "Who
Wants to Be a Millionaire?" (D. Briggs, S. Knight and M. Whitehill, ITV, 1998). Each shipped question
names its own.

The order of the answers is drawn first and in secret, the question after it and in the open: so the log
says what was asked, and neither it nor what a seat may see says which answer is right.
"""

from itertools import permutations
from textwrap import wrap
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.clock import Clock
from milena.domain.items import add, either, in_rows
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.scores import most_win
from milena.domain.view import View
from milena.games.questions import (
    EDITION,
    LETTERS,
    MOST,
    Category,
    Difficulty,
    Question,
    check,
    find,
    meant,
    pool,
)

WORTH: dict[Difficulty, int] = {"easy": 1, "medium": 2, "hard": 3}
ORDERS = tuple("".join(order) for order in permutations(LETTERS))
MOST_QUESTIONS, MOST_SEATS = 50, 10
HIDDEN = "?"
WIDTH = 70


class Options(Struct, frozen=True):
    category: Annotated[Literal["any"] | Category, Meta(description="What the questions are about.")] = "any"
    difficulty: Annotated[Literal["any"] | Difficulty, Meta(description="How hard they are.")] = "any"
    questions: Annotated[
        int, Meta(ge=1, le=MOST_QUESTIONS, description="How many are asked, where there are so many.")
    ] = 10
    seconds: Annotated[int, Meta(ge=5, le=86_400, description="The time for each question.")] = 20
    own: Annotated[
        tuple[Question, ...], Meta(max_length=MOST, description="Questions of your own, asked instead.")
    ] = ()
    mixed: Annotated[bool, Meta(description="Ask your own among those of Milena.")] = False
    edition: Annotated[int, Meta(ge=1, le=EDITION, description="Edition of Milena's questions.")] = EDITION


class Asked(Struct, frozen=True):
    """The question that is open. ``right`` is the letter of its answer; hidden, it is empty."""

    text: str
    category: str
    worth: int
    answers: tuple[str, ...]
    right: str


class Told(Struct, frozen=True):
    """How the question before it went; ``seat`` None where nobody knew the answer."""

    answer: str
    worth: int
    seat: int | None


class State(Struct, frozen=True):
    """``total``     how many questions there will be
    ``points``    one number a seat
    ``possible``  the points there were to get so far
    ``asked``     the ids of the questions so far, such as ``"science 12"``, the 12th of that file
    ``order``     drawn before a question: the letters of the right and of the wrong answers
    ``tried``     the letters given, all wrong
    ``out``       the seats that have answered this question, or have let the time go by
    ``gone``      the seats that gave up
    """

    options: Options
    total: int
    points: tuple[int, ...]
    possible: int = 0
    asked: tuple[str, ...] = ()
    order: str = ""
    question: Asked | None = None
    tried: str = ""
    out: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    told: Told | None = None


UNKNOWN = Question(HIDDEN, HIDDEN, (HIDDEN,) * 3)
"""Stands for each question of ``own`` in a hidden state."""


def askable(options: Options) -> tuple[str, ...]:
    own = tuple(f"own {number}" for number in range(1, len(options.own) + 1))
    if own and not options.mixed:
        return own
    return own + pool(options.category, options.difficulty, options.edition)


def count(points: int) -> str:
    return f"{points} point{'s' * (points != 1)}"


def deserted(state: State) -> bool:
    """All have given up but one."""
    return bool(state.gone) and len(state.gone) + 1 >= len(state.points)


def over(state: State) -> bool:
    return deserted(state) or (state.question is None and len(state.asked) == state.total)


def untried(state: State) -> list[str]:
    return [letter for letter in LETTERS if letter not in state.tried]


def close(state: State, seat: int | None) -> State:
    """The question is over: ``seat`` has given the right answer, or nobody has."""
    question = state.question
    assert question is not None
    answer = question.answers[LETTERS.index(question.right)]
    points = state.points if seat is None else add(state.points, seat, question.worth)
    told = Told(answer, question.worth, seat)
    return replace(state, points=points, question=None, tried="", out=(), told=told)


class Quiz(Rules[State, Options]):
    name = "quiz"
    title = "Quiz"
    seats = Seats(1, MOST_SEATS)
    # Each question: two draws, and each seat once answers it or misses it. Each seat gives up once at most,
    # and all but the first may come in late.
    bound = MOST_QUESTIONS * (2 + MOST_SEATS) + MOST_SEATS + MOST_SEATS - 1
    notation = "Type the letter of an answer, or the answer itself."
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        check(options.own)
        return State(options, min(options.questions, len(askable(options))), points=(0,) * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if over(state):
            return ()
        if state.question is None:
            return (CHANCE,)
        away = state.out + state.gone
        return tuple([seat for seat in range(len(state.points)) if seat not in away])

    def legal(self, state: State, seat: int) -> list[str]:
        return untried(state) if seat in self.actors(state) else []

    def read(self, state: State, seat: int, text: str) -> str:
        return meant(text, state.question.answers if state.question else ())

    def play(self, state: State, seat: int, move: str) -> State:
        question, left = state.question, untried(state)
        if question is None or move not in left:
            ways = either(left)
            if move in tuple(state.tried):
                raise Refused("tried_before", f"Answer {move} was wrong already; choose {ways}.")
            raise Refused("no_such_answer", f"That is none of the answers; choose {ways}.")
        if move == question.right:
            return close(state, seat)
        return self._without(replace(state, tried=state.tried + move, out=(*state.out, seat)))

    def chances(self, state: State) -> list[tuple[str, int]]:
        if self.actors(state) != (CHANCE,):
            return []
        due = askable(state.options) if state.order else ORDERS
        return [(each, 1) for each in due if each not in state.asked]

    def resolve(self, state: State, outcome: str) -> State:
        if not state.order:
            return replace(state, order=outcome)
        drawn = find(outcome, state.options.own)
        placed = dict(zip(state.order, (drawn.answer, *drawn.wrong), strict=True))
        answers = tuple(placed[letter] for letter in LETTERS)
        worth = WORTH[drawn.difficulty]
        question = Asked(drawn.text, drawn.category, worth, answers, right=state.order[0])
        possible = state.possible + worth
        return replace(state, order="", question=question, asked=(*state.asked, outcome), possible=possible)

    def secret(self, state: State) -> bool:
        return state.question is None and not state.order and not over(state)

    def outcome(self, state: State) -> Outcome | None:
        if not over(state):
            return None
        points = state.points
        if len(points) == 1:
            won = 2 * points[0] >= state.possible
            return Outcome((float(won),), f"{points[0]} of {count(state.possible)}", points)
        staying = [seat for seat in range(len(points)) if seat not in state.gone]
        best = max(points[seat] for seat in staying)
        scores = most_win(points, staying)
        level = "" if 1.0 in scores else "level at "
        reason = "all others gave up" if deserted(state) else f"{level}{best} of {count(state.possible)}"
        return Outcome(scores, reason, points)

    def resign(self, state: State, seat: int) -> State | None:
        if len(state.points) == 1:
            return None
        return self._without(replace(state, gone=(*state.gone, seat)))

    def skip(self, state: State, seat: int) -> State:
        return self._without(replace(state, out=(*state.out, seat)))

    def _without(self, state: State) -> State:
        """One seat is out: the question is over where nobody is left, or nothing to choose from."""
        stays = over(state) or state.question is None
        return state if stays or (self.actors(state) and len(untried(state)) > 1) else close(state, None)

    def enter(self, state: State) -> State | None:
        if over(state) or len(state.points) == MOST_SEATS:
            return None
        return replace(state, points=(*state.points, 0))

    def clock(self, options: Options) -> Clock:
        return Clock(turn=options.seconds)

    def turn(self, state: State) -> int:
        return len(state.asked)

    def hide(self, state: State, seat: int | None) -> State:
        if over(state):
            return state
        options, question = state.options, state.question
        if options.own:
            options = replace(options, own=(UNKNOWN,) * len(options.own))
        if question:
            question = replace(question, right="")
        return replace(state, options=options, question=question, order=state.order and HIDDEN)

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        if over(state):
            return state
        if state.question:
            left = untried(state)
            return replace(state, question=replace(state.question, right=left[pick(len(left))]))
        return replace(state, order=state.order and ORDERS[pick(len(ORDERS))])

    def view(self, state: State, seat: int | None) -> View:
        lines: list[str] = []
        if told := state.told:
            number = len(state.asked) - (state.question is not None)
            who = "nobody" if told.seat is None else f"player {told.seat + 1}"
            lines += [*wrap(f"Question {number}: {told.answer}, {count(told.worth)} to {who}.", WIDTH), ""]
        if question := state.question:
            about = ", ".join(filter(None, (question.category, count(question.worth))))
            lines.append(f"Question {len(state.asked)} of {state.total}, {about}")
            lines += [*wrap(question.text, WIDTH), ""]
            for letter, answer in zip(LETTERS, question.answers, strict=True):
                lines.append(f"{'x' if letter in state.tried else ' '} {letter}  {answer}")
            lines.append("")
        elif not over(state):
            lines += ["The next question is being drawn.", ""]
        scores = [
            f"player {at + 1}: " + ("left" if at in state.gone else str(n) + " x" * (at in state.out))
            for at, n in enumerate(state.points)
        ]
        return View(lines=(*lines, *map(" · ".join, in_rows(scores, 4))))


rules = Quiz()
