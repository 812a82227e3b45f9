"""The word lists that ship with Milena, one a file, and how hard it is to guess a word of them."""

from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Category = Literal["any", "animals", "countries", "food", "science", "sports"]
Difficulty = Literal["easy", "medium", "hard"]

CATEGORIES = ("animals", "countries", "food", "science", "sports")
COMMON = frozenset("etaoinsrlu")


@cache
def listed(name: str) -> tuple[str, ...]:
    """The words of one list, as they stand there."""
    return tuple((files(__name__) / f"{name}.txt").read_text("ascii").split())


def difficulty(word: str) -> Difficulty:
    """Each rare letter makes a word harder to guess, and length makes it easier: more letters to hit,
    and more of the word to recognise it by."""
    hardness = 2 * len(set(word) - COMMON) - len(word) // 2
    return "easy" if hardness < 0 else "medium" if hardness < 2 else "hard"


@cache
def words(category: Category, level: Difficulty) -> tuple[str, ...]:
    """The words of a category that are as hard as this, in the order of the alphabet. Whoever changes a list
    raises the version of the rules of hangman: past draws are checked against the words there were."""
    lists = CATEGORIES if category == "any" else (category,)
    every = {word for name in lists for word in listed(name)}
    return tuple(sorted(word for word in every if difficulty(word) == level))


@cache
def every_word() -> tuple[str, ...]:
    """The words of all categories."""
    return tuple(sorted(word for level in get_args(Difficulty) for word in words("any", level)))
