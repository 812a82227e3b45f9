"""Problems of arithmetic: what they are drawn from, how they are put, their answers. ``÷ 7 12`` is 84 ÷ 7."""

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

Operation = Literal["addition", "subtraction", "multiplication", "division", "powers", "mixed"]
Difficulty = Literal["easy", "medium", "hard"]

SIGNS = {"addition": "+", "subtraction": "-", "multiplication": "×", "division": "÷", "powers": "^√"}
# What x and y are drawn from. In reverse: subtraction takes x from x + y, division divides x × y by x,
# and a root is the x-th of y to the power of x; the answer is y.
TERMS = {
    "easy": (range(2, 21), range(2, 21)),
    "medium": (range(11, 100), range(11, 100)),
    "hard": (range(101, 1000), range(101, 1000)),
}
FACTORS = {
    "easy": (range(2, 11), range(2, 11)),
    "medium": (range(3, 13), range(11, 26)),
    "hard": (range(12, 30), range(12, 100)),
}
POWERS = {
    "easy": (range(2, 3), range(2, 13)),
    "medium": (range(2, 4), range(3, 13)),
    "hard": (range(2, 4), range(11, 31)),
}
RANGES = {"+": TERMS, "-": TERMS, "×": FACTORS, "÷": FACTORS, "^": POWERS, "√": POWERS}

SOLVED: dict[str, Callable[[int, int], tuple[str, int]]] = {
    "+": lambda x, y: (f"{x} + {y}", x + y),
    "-": lambda x, y: (f"{x + y} - {x}", y),
    "×": lambda x, y: (f"{x} × {y}", x * y),
    "÷": lambda x, y: (f"{x * y} ÷ {x}", y),
    "^": lambda x, y: (f"{y}{' ²³'[x - 1]}", int(y**x)),
    "√": lambda x, y: (f"{' ³'[x - 2].strip()}√{y**x}", y),
}


@lru_cache(maxsize=4096)
def solve(problem: str) -> tuple[str, int]:
    """A problem as it is put, and its answer."""
    sign, x, y = problem.split()
    return SOLVED[sign](int(x), int(y))


def parts(operation: Operation, difficulty: Difficulty, draft: str) -> list[str]:
    """What can come next after ``draft``: a sign, then x, then y, each with what was drawn before it."""
    signs = "".join(SIGNS.values()) if operation == "mixed" else SIGNS[operation]
    draft = draft or (signs if len(signs) == 1 else "")
    if not draft:
        return list(signs)
    terms = draft.split()
    numbers = RANGES[terms[0]][difficulty][len(terms) - 1]
    return [f"{draft} {number}" for number in numbers]
