"""What is picked at random: options, and texts that are no moves."""

from collections.abc import Sequence
from random import Random
from typing import Any

from msgspec import Struct, inspect

from milena.domain.game import LONGEST_MOVE

ODD = (
    "", " ", "\0", "1\n", "x", "-", "-1", "0", "1e1", "A0", "0=0", "{}", "%s", "NaN", "pass", "resign",
    "²", "½", "٣", "Ａ１", "𝟙", "\ud800", "\u202e1", "1" * LONGEST_MOVE, "x" * 65,
)  # fmt: skip
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-=+,. x×♠"


def no_move(legal: Sequence[str], random: Random) -> str:
    """A text that is most likely no legal move: odd, random, or nearly one."""
    kind = random.randrange(3)
    if kind == 0:
        return random.choice(ODD)
    if kind == 1 or not legal:
        return "".join(random.choices(LETTERS, k=random.randint(1, 6)))
    move = random.choice(legal)
    at = random.randrange(len(move) + 1)
    return random.choice(
        [move[:at] + random.choice(LETTERS) + move[at:], move[:at] + move[at + 1 :], move + move, move + "\t"]
    )


def plain_options(options: type[Struct], random: Random) -> dict[str, Any]:
    """Some of the options, each with a value that it allows; types that are no simple values are left out."""
    info = inspect.type_info(options)
    assert isinstance(info, inspect.StructType), "options are a Struct"
    picked = {}
    for field in info.fields:
        values = _values(field.type, random)
        if values and random.random() < 0.5:
            picked[field.encode_name] = random.choice(values)
    return picked


def _values(kind: inspect.Type, random: Random) -> list[Any]:
    """Values that this type allows."""
    match kind:
        case inspect.Metadata():
            return _values(kind.type, random)
        case inspect.LiteralType():
            return list(kind.values)
        case inspect.BoolType():
            return [False, True]
        case inspect.NoneType():
            return [None]
        case inspect.UnionType():
            return [value for each in kind.types for value in _values(each, random)]
        case inspect.IntType():
            low = kind.ge if kind.ge is not None else kind.gt + 1 if kind.gt is not None else 0
            high = kind.le if kind.le is not None else kind.lt - 1 if kind.lt is not None else low + 10
            return [low, high, *(random.randint(low, high) for _ in range(4))]
    return []
