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

import re
from functools import cache
from importlib.resources import files
from itertools import permutations
from textwrap import wrap
from typing import Annotated, Any, Literal, TypeVar, get_args
from unicodedata import combining, normalize

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.clock import Clock
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.view import View

Category = Literal[
    "arts", "computing", "general", "geography", "history", "literature", "nature", "science", "sports"
]
Difficulty = Literal["easy", "medium", "hard"]
Answer = Annotated[
    str, Meta(min_length=1, max_length=40, description="a text in quotes, of 1 to 40 characters")
]

CATEGORIES: tuple[Category, ...] = get_args(Category)
WORTH: dict[Difficulty, int] = {"easy": 1, "medium": 2, "hard": 3}
EDITION = 1
LETTERS = "abcd"
ORDERS = tuple("".join(order) for order in permutations(LETTERS))
MOST_QUESTIONS, MOST_OWN, MOST_SEATS = 50, 200, 10
HIDDEN = "?"
WIDTH = 70
# Letters with a stroke, and joined ones, that no decomposition takes apart.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "’": "'"})


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """As it stands in a file, under ``[[question]]``."""

    text: Annotated[
        str, Meta(min_length=1, max_length=140, description="a text in quotes, of 1 to 140 characters")
    ]
    answer: Answer
    wrong: Annotated[
        tuple[Answer, Answer, Answer],
        Meta(description="a list of three texts in quotes, each of 1 to 40 characters"),
    ]
    category: Annotated[
        str, Meta(max_length=20, description="a text in quotes, of at most 20 characters")
    ] = ""
    difficulty: Annotated[Difficulty, Meta(description="easy, medium or hard, in quotes")] = "medium"
    source: Annotated[
        str, Meta(max_length=200, description="a text in quotes, of at most 200 characters")
    ] = ""


class Shipped(Question, frozen=True):
    """One of ``questions/``: it belongs to the editions from ``since`` to ``until``, or to all from then."""

    since: Annotated[int, Meta(ge=1, description="the number of an edition")] = 1
    until: Annotated[int | None, Meta(description="the number of an edition")] = None


Kind = TypeVar("Kind", bound=Question)


class Options(Struct, frozen=True):
    category: Annotated[Literal["any"] | Category, Meta(description="What the questions are about.")] = "any"
    difficulty: Annotated[Literal["any"] | Difficulty, Meta(description="How hard they are.")] = "any"
    questions: Annotated[
        int, Meta(ge=1, le=MOST_QUESTIONS, description="How many are asked, where there are so many.")
    ] = 10
    seconds: Annotated[int, Meta(ge=5, le=86_400, description="The time for each question.")] = 20
    own: Annotated[
        tuple[Question, ...], Meta(max_length=MOST_OWN, description="Questions of your own, asked instead.")
    ] = ()
    mixed: Annotated[bool, Meta(description="Ask your own among those of Milena.")] = False
    edition: Annotated[int, Meta(ge=1, le=EDITION, description="The edition of Milena's questions.")] = (
        EDITION
    )


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


def read_questions(text: str, kind: type[Kind] = Question) -> tuple[Kind, ...]:  # type: ignore[assignment]
    """The questions of a TOML file. Raises Refused, naming the question and what is wrong with it."""
    try:
        found: Any = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        raise Refused("not_toml", f"This is not TOML: {error}. Correct it there.") from None
    listed = found.get("question", found.get("own"))
    if not isinstance(listed, list) or not listed:
        raise Refused("no_questions", "There are no questions: each begins with a line [[question]].")
    questions = []
    for number, fields in enumerate(listed, start=1):
        try:
            questions.append(msgspec.convert(fields, kind))
        except msgspec.ValidationError as error:
            raise bad_question(number, fields, misfit(str(error), kind)) from None
    check(tuple(questions))
    return tuple(questions)


def misfit(error: str, kind: type[Question]) -> str:
    found = re.search(r"unknown field `(.+)`", error)
    if found:
        return f"{found[1][:40]} means nothing there; use {', '.join(kind.__struct_fields__)}."
    found = re.search(r"field `(\w+)`|\$\.(\w+)", error)
    if not found:
        return f"it has to have {', '.join(kind.__struct_fields__[:3])}."
    name = found[1] or found[2]
    meant = msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"][name]["description"]
    return f"{name} {'is missing' if found[1] else 'does not fit'}; it has to be {meant}."


def bad_question(number: int, fields: object, reason: str) -> Refused:
    text = fields.get("text") if isinstance(fields, dict) else getattr(fields, "text", None)
    called = f" ({' '.join(text[:40].split())!r})" if isinstance(text, str) and text.strip() else ""
    return Refused("bad_question", f"Question {number}{called}: {reason}")


def check(questions: tuple[Question, ...]) -> None:
    """Raises Refused where a question can't be asked."""
    if len(questions) > MOST_OWN:
        raise Refused("too_many_questions", f"There are {len(questions)} questions; {MOST_OWN} are allowed.")
    seen: dict[str, int] = {}
    for number, question in enumerate(questions, start=1):
        answers = [plain(answer) for answer in (question.answer, *question.wrong)]
        texts = (question.text, question.answer, *question.wrong, question.category)
        first = seen.setdefault(plain(question.text), number)
        if not all(text.isprintable() for text in texts):
            reason = "it has a line break or another character that can't be shown; write each on one line."
        elif not all((plain(question.text), *answers)):
            reason = "a text in it is blank; write something there."
        elif len(set(answers)) < len(answers):
            reason = "two of its answers are the same; make all four different."
        elif any(letter in answers for letter in LETTERS):
            reason = "one of its answers is but a letter from a to d, which could mean another; write it out."
        elif first < number:
            reason = f"it is question {first} again; leave one of them out."
        else:
            continue
        raise bad_question(number, question, reason)


@cache
def shipped(category: Category) -> tuple[Shipped, ...]:
    text = (files("milena.games") / "questions" / f"{category}.toml").read_text("utf-8")
    return tuple(replace(question, category=category) for question in read_questions(text, Shipped))


@cache
def pool(category: str, difficulty: str, edition: int) -> tuple[str, ...]:
    """The ids of the shipped questions that may be asked, in a fixed order."""
    return tuple(
        f"{name} {number}"
        for name in CATEGORIES
        if category in ("any", name)
        for number, question in enumerate(shipped(name), start=1)
        if difficulty in ("any", question.difficulty)
        and question.since <= edition <= (question.until or edition)
    )


def askable(options: Options) -> tuple[str, ...]:
    own = tuple(f"own {number}" for number in range(1, len(options.own) + 1))
    if own and not options.mixed:
        return own
    return own + pool(options.category, options.difficulty, options.edition)


def find(options: Options, name: str) -> Question:
    category, number = name.split()
    questions: tuple[Question, ...] = options.own if category == "own" else shipped(category)
    return questions[int(number) - 1]


def plain(text: str) -> str:
    """Without capitals, accents and needless blanks."""
    decomposed = normalize("NFKD", text.casefold().translate(PLAIN))
    return " ".join("".join(sign for sign in decomposed if not combining(sign)).split())


def bare(text: str) -> str:
    """Nothing but its letters and digits, and no article before them."""
    return "".join(filter(str.isalnum, re.sub(r"^(the|an?) ", "", plain(text))))


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
    points = tuple(n + question.worth * (at == seat) for at, n in enumerate(state.points))
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
        return tuple(
            seat for seat in range(len(state.points)) if seat not in state.out and seat not in state.gone
        )

    def legal(self, state: State, seat: int) -> list[str]:
        return untried(state) if seat in self.actors(state) else []

    def read(self, state: State, seat: int, text: str) -> str:
        typed = plain(text)
        letter = typed.strip("().: ")
        if letter in tuple(LETTERS):
            return letter
        for form in (plain, bare):
            answers = [form(answer) for answer in state.question.answers] if state.question else []
            if form(text) and answers.count(form(text)) == 1:
                return LETTERS[answers.index(form(text))]
        return typed

    def play(self, state: State, seat: int, move: str) -> State:
        question, left = state.question, untried(state)
        if question is None or move not in left:
            ways = f"{', '.join(left[:-1])} or {left[-1]}"
            if move in tuple(state.tried):
                raise Refused("tried_before", f"Answer {move} was wrong already; choose {ways}.")
            raise Refused("no_such_answer", f"That is none of the answers; choose {ways}.")
        if move == question.right:
            return close(state, seat)
        return self._without(replace(state, tried=state.tried + move, out=(*state.out, seat)))

    def chances(self, state: State) -> list[tuple[str, int]]:
        if self.actors(state) != (CHANCE,):
            return []
        return [(each, 1) for each in (ORDERS if not state.order else askable(state.options))
                if each not in state.asked]  # fmt: skip

    def resolve(self, state: State, outcome: str) -> State:
        if not state.order:
            return replace(state, order=outcome)
        drawn = find(state.options, outcome)
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
        winners = [seat for seat in staying if points[seat] == best]
        share = 1.0 if len(winners) == 1 else 0.5
        scores = tuple(share if seat in winners else 0.0 for seat in range(len(points)))
        level = "" if len(winners) == 1 else "level at "
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
            lines += [
                f"Question {len(state.asked)} of {state.total}, {about}",
                *wrap(question.text, WIDTH),
                "",
            ]
            for letter, answer in zip(LETTERS, question.answers, strict=True):
                lines.append(f"{'x' if letter in state.tried else ' '} {letter}  {answer}")
            lines.append("")
        elif not over(state):
            lines += ["The next question is being drawn.", ""]
        scores = [
            f"player {at + 1}: " + ("left" if at in state.gone else str(n) + " x" * (at in state.out))
            for at, n in enumerate(state.points)
        ]
        lines += [" · ".join(scores[at : at + 4]) for at in range(0, len(scores), 4)]
        return View(lines=tuple(lines))


rules = Quiz()
