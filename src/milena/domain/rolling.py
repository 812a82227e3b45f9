"""Dice notation: ``3d6+2``, ``4d6kh3`` (keep the highest three), ``2d20kl1``, ``3d6!`` (a six again).

    roll   = part (("+" | "-") part)*
    part   = [count] "d" sides ["!"] [("kh" | "kl") [how many]] ["!"]   |   a whole number

``d%`` is ``d100``. Pure: what the dice show comes in from outside.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from milena.domain.refusal import Refused

MOST_DICE = 100
MOST_SIDES = 1000
MOST_PARTS = 10
MOST_AGAIN = 100
"""An exploding roll ends after so many more throws."""
LARGEST = 100_000

_PART = re.compile(r"([+-])(?:([0-9]{0,4})d([0-9]{1,5}|%)(!?)(?:(kh|kl)([0-9]{0,4}))?(!?)|([0-9]{1,7}))")


class Part(NamedTuple):
    """``sign`` is 1 or -1. Where ``sides`` is 0 it is just ``number``. Of the dice the ``keep``
    highest (or lowest) count; all of them where it is 0."""

    sign: int
    number: int
    sides: int = 0
    explodes: bool = False
    keep: int = 0
    lowest: bool = False


class Thrown(NamedTuple):
    """``dice``: what each shows, and whether it counts."""

    part: Part
    dice: tuple[tuple[int, bool], ...]

    @property
    def value(self) -> int:
        kept = sum(pips for pips, counts in self.dice if counts) if self.part.sides else self.part.number
        return self.part.sign * kept


def parse(text: str) -> tuple[Part, ...]:
    """Raises Refused where it is no dice notation, or too much of it."""
    plain = re.sub(r"\s+", "", text).lower()
    rest = plain if plain[:1] in ("+", "-") else f"+{plain}"
    parts, at = [], 0
    while found := _PART.match(rest, at):
        parts.append(_part(*found.groups(default="")))
        at = found.end()
    if at != len(rest) or not parts:
        raise Refused("bad_dice", f"{text[:40]!r} is no dice notation: write 3d6+2, 4d6kh3, 2d20kl1 or 3d6!.")
    if len(parts) > MOST_PARTS or sum(part.number for part in parts if part.sides) > MOST_DICE:
        raise Refused(
            "too_many_dice", f"At most {MOST_DICE} dice in {MOST_PARTS} parts can be rolled at once."
        )
    return tuple(parts)


def _part(sign: str, count: str, sides: str, bang: str, keep: str, many: str, late: str, number: str) -> Part:
    way = -1 if sign == "-" else 1
    if not sides:
        if int(number) > LARGEST:
            raise Refused("bad_dice", f"{number} is too much: add at most {LARGEST}.")
        return Part(way, int(number))
    dice, faces = int(count or 1), 100 if sides == "%" else int(sides)
    if not 1 <= dice <= MOST_DICE or not 2 <= faces <= MOST_SIDES:
        raise Refused("bad_dice", f"Roll 1 to {MOST_DICE} dice of 2 to {MOST_SIDES} sides.")
    kept = int(many or 1) if keep else 0
    if keep and not 1 <= kept <= dice:
        raise Refused("bad_dice", f"Of {dice} dice, 1 to {dice} can be kept.")
    return Part(way, dice, faces, bool(bang or late), kept, keep == "kl")


def throw(parts: tuple[Part, ...], die: Callable[[int], int]) -> list[Thrown]:
    """Throw all dice; ``die(sides)`` says what the next one shows."""
    return [_throw(part, die) for part in parts]


def _throw(part: Part, die: Callable[[int], int]) -> Thrown:
    if not part.sides:
        return Thrown(part, ())
    shown = [die(part.sides) for _ in range(part.number)]
    if part.explodes:
        again, due = 0, shown.count(part.sides)
        while due and again < MOST_AGAIN:
            shown.append(die(part.sides))
            due += (shown[-1] == part.sides) - 1
            again += 1
    order = sorted(range(len(shown)), key=lambda index: shown[index], reverse=not part.lowest)
    kept = set(order[: part.keep] if part.keep else order)
    return Thrown(part, tuple((pips, index in kept) for index, pips in enumerate(shown)))


def written(thrown: list[Thrown]) -> str:
    """What was thrown: ``[4 (2) 6] + 2``; a die in brackets of its own does not count."""
    words = []
    for index, each in enumerate(thrown):
        sign = "" if index == 0 and each.part.sign > 0 else "- " if each.part.sign < 0 else "+ "
        dice = " ".join(str(pips) if counts else f"({pips})" for pips, counts in each.dice)
        words.append(f"{sign}[{dice}]" if each.part.sides else f"{sign}{each.part.number}")
    return " ".join(words)
