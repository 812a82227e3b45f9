"""The questions of the quiz: how a file of them is read, and those that ship with Milena.

A file is TOML, and each of its questions is a table::

    [[question]]
    text = "Where do we meet?"
    answer = "At the well"
    wrong = ["At the gate", "At the inn", "On the hill"]

``category``, ``difficulty`` ("easy", "medium" or "hard") and ``source`` may follow. The shipped files, one
a category, say in their first lines how they may be changed.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Annotated, Any, Literal, TypeVar, get_args
from unicodedata import combining, normalize

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.refusal import Refused

Category = Literal[
    "arts", "computing", "general", "geography", "history", "literature", "nature", "science", "sports"
]
Difficulty = Literal["easy", "medium", "hard"]

CATEGORIES: tuple[Category, ...] = get_args(Category)
EDITION = 1
"""The newest edition of the shipped questions."""
LETTERS = "abcd"
MOST = 200
"""Questions in one file: they are recorded with every game that is played with them."""
# Letters with a stroke, and joined ones, which no decomposition takes apart.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "’": "'"})


def text_of(low: int, high: int) -> Meta:
    limits = f"{low} to {high}" if low else f"at most {high}"
    return Meta(min_length=low, max_length=high, description=f"a text in quotes, of {limits} characters")


Answer = Annotated[str, text_of(1, 40)]


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """As it stands in a file."""

    text: Annotated[str, text_of(1, 140)]
    answer: Answer
    wrong: Annotated[
        tuple[Answer, Answer, Answer],
        Meta(description="a list of three texts in quotes, each of 1 to 40 characters"),
    ]
    category: Annotated[str, text_of(0, 20)] = ""
    difficulty: Annotated[Difficulty, Meta(description="easy, medium or hard, in quotes")] = "medium"
    source: Annotated[str, text_of(0, 200)] = ""


class Shipped(Question, frozen=True):
    """It belongs to the editions from ``since`` to ``until``, or to all from then on."""

    since: Annotated[int, Meta(ge=1, description="the number of an edition")] = 1
    until: Annotated[int | None, Meta(description="the number of an edition")] = None


Kind = TypeVar("Kind", bound=Question)


# --------------------------------------------------------------------------------------- read a file


def read_questions(text: str, kind: type[Kind] = Question) -> tuple[Kind, ...]:  # type: ignore[assignment]
    """The questions of a file. Raises Refused, naming the question and what is wrong with it."""
    try:
        found: Any = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        raise Refused("not_toml", f"This is not TOML: {error}. Correct it there.") from None
    listed = found.get("question", found.get("own"))  # "own" is what the option of the game is called
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


def check(questions: tuple[Question, ...]) -> None:
    """Raises Refused where one of these can't be asked."""
    if len(questions) > MOST:
        raise Refused("too_many_questions", f"There are {len(questions)} questions; {MOST} are allowed.")
    seen: dict[str, int] = {}
    for number, question in enumerate(questions, start=1):
        first = seen.setdefault(plain(question.text), number)
        reason = flaw(question)
        if first < number:
            reason = f"it is question {first} again; leave one of them out."
        if reason:
            raise bad_question(number, question, reason)


def flaw(question: Question) -> str:
    """What is wrong with it, empty where nothing is."""
    texts = (question.text, question.answer, *question.wrong, question.category)
    answers = [plain(answer) for answer in (question.answer, *question.wrong)]
    if not all(text.isprintable() for text in texts):
        return "it has a line break or another character that can't be shown; write each on one line."
    if not all((plain(question.text), *answers)):
        return "a text in it is blank; write something there."
    if len(set(answers)) < len(answers):
        return "two of its answers are the same; make all four different."
    if any(letter in answers for letter in LETTERS):
        return "one of its answers is but a letter from a to d, which could mean another; write it out."
    return ""


def misfit(error: str, kind: type[Question]) -> str:
    """An error of validation, in words for whoever wrote the file."""
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


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Without capitals, accents and needless blanks."""
    decomposed = normalize("NFKD", text.casefold().translate(PLAIN))
    return " ".join("".join(sign for sign in decomposed if not combining(sign)).split())


def bare(text: str) -> str:
    """Nothing but its letters and digits, and no article before them."""
    return "".join(filter(str.isalnum, re.sub(r"^(the|an?) ", "", plain(text))))


def meant(text: str, answers: Sequence[str]) -> str:
    """The letter of the answer that somebody typed, by itself or as it is; else the text."""
    typed = plain(text)
    letter = typed.strip("().: ")
    if letter in tuple(LETTERS):
        return letter
    for form in (plain, bare):
        forms = [form(answer) for answer in answers]
        if form(text) and forms.count(form(text)) == 1:
            return LETTERS[forms.index(form(text))]
    return typed


# ----------------------------------------------------------------------------- the shipped questions


@cache
def shipped(category: str) -> tuple[Shipped, ...]:
    text = (files(__name__) / f"{category}.toml").read_text("utf-8")
    return tuple(replace(question, category=category) for question in read_questions(text, Shipped))


@cache
def pool(category: str, difficulty: str, edition: int) -> tuple[str, ...]:
    """The ids of the shipped questions that may be asked, in a fixed order: ``"science 12"`` is the 12th of
    its file."""
    return tuple(
        f"{name} {number}"
        for name in CATEGORIES
        if category in ("any", name)
        for number, question in enumerate(shipped(name), start=1)
        if difficulty in ("any", question.difficulty)
        and question.since <= edition <= (question.until or edition)
    )


def find(name: str, own: tuple[Question, ...]) -> Question:
    """The one with this id; ``"own 3"`` is the third of ``own``."""
    category, number = name.split()
    questions: tuple[Question, ...] = own if category == "own" else shipped(category)
    return questions[int(number) - 1]
