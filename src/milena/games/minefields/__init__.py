"""Mine fields: their cells, and what may lie under those that are covered."""

from bisect import bisect_right
from functools import cache, lru_cache
from itertools import accumulate
from math import comb
from typing import NamedTuple, TypeVar

from milena.domain.grid import cells
from milena.domain.rules import Pick

COVERED, FLAG, BLOWN = ".", "F", "*"

T = TypeVar("T")


class Field(NamedTuple):
    """What is the same for all fields of one size: names of cells, their places, those around each, and
    the cells as chance may draw them."""

    names: tuple[str, ...]
    places: dict[str, int]
    near: tuple[tuple[int, ...], ...]
    draws: tuple[tuple[str, int], ...]


@cache
def field(width: int, height: int) -> Field:
    every = [(row, column) for row in range(height) for column in range(width)]
    near = tuple(
        tuple(
            at
            for at, (y, x) in enumerate(every)
            if abs(y - row) <= 1 and abs(x - column) <= 1 and (y, x) != (row, column)
        )
        for row, column in every
    )
    places = cells(width, height)
    return Field(tuple(places), places, near, tuple((name, 1) for name in places))


# ------------------------------------------------------------- what may lie under the covered cells

Needs = int
"""How many mines each number shown still needs, four bits a number."""


class Step(NamedTuple):
    """A cell beside numbers that is decided on. ``unit`` is one mine for each of these numbers, ``beside``
    their places in Needs, each with the cells that it has left then."""

    cell: int
    unit: Needs
    beside: list[tuple[int, int]]

    def after(self, needs: Needs) -> list[tuple[Needs, int]]:
        """What is needed after it, without a mine there (0) and with one (1), where this can be."""
        found = []
        if all(needs >> place & 15 <= left for place, left in self.beside):
            found.append((needs, 0))
        if all(0 < needs >> place & 15 <= left + 1 for place, left in self.beside):
            found.append((needs - self.unit, 1))
        return found


class Census(NamedTuple):
    """All ways to mine the covered cells so that every number shown is right: some ``steps``, and the
    ``inner`` cells, which are beside no number. Of all that was decided before a step only what is still
    needed matters after it, so ``stages`` has for each step and each need that can come up (and for the
    end) in how many ways it can go on, by the number of mines that these take."""

    inner: list[int]
    needs: Needs
    steps: list[Step]
    stages: list[dict[Needs, dict[int, int]]]


@lru_cache(maxsize=16)
def census(face: str, width: int, height: int) -> Census:
    near = field(width, height).near
    hidden = {at for at, shown in enumerate(face) if shown in (COVERED, FLAG)}
    # From left to right, and each number after one that it shares cells with: so the fewest numbers are
    # begun and not done at any time, and the fewest cases have to be told apart.
    order: dict[int, int] = {}
    for start in sorted(range(len(face)), key=lambda at: at % width):
        waiting = [start]
        for at in waiting:
            if at not in hidden and at not in order and not hidden.isdisjoint(near[at]):
                order[at] = 4 * len(order)
                waiting += [number for cell in near[at] if cell in hidden for number in near[cell]]
    left = {at: len(hidden.intersection(near[at])) for at in order}
    steps = []
    for cell in dict.fromkeys(cell for at in order for cell in near[at] if cell in hidden):
        numbers = [at for at in near[cell] if at in order]
        left.update((at, left[at] - 1) for at in numbers)
        unit = sum(1 << order[at] for at in numbers)
        steps.append(Step(cell, unit, [(order[at], left[at]) for at in numbers]))

    needs = sum(int(face[at]) << place for at, place in order.items())
    reached = [{needs}]
    for step in steps:
        reached.append({after for before in reached[-1] for after, _ in step.after(before)})
    stages: list[dict[Needs, dict[int, int]]] = [{after: {0: 1} for after in reached.pop()}]
    for step in reversed(steps):
        stages.append({before: {} for before in reached.pop()})
        for before, ways in stages[-1].items():
            for after, mine in step.after(before):
                for mines, count in stages[-2][after].items():
                    ways[mines + mine] = ways.get(mines + mine, 0) + count
    return Census(sorted(hidden.difference(step.cell for step in steps)), needs, steps, stages[::-1])


def lay(mines: int, found: Census, pick: Pick) -> list[int]:
    """One of these ways with so many mines, each alike likely."""
    inner, needs, steps, stages = found
    ways = stages[0][needs].items()
    weights = [(many, count * comb(len(inner), mines - many)) for many, count in ways if many <= mines]
    many = pick_one(weights, pick)
    laid = pick_some(inner, mines - many, pick)
    for step, stage in zip(steps, stages[1:], strict=True):
        here = [(after, stage[after[0]].get(many - after[1], 0)) for after in step.after(needs)]
        needs, mine = pick_one(here, pick)
        many -= mine
        laid += [step.cell] * mine
    return laid


def pick_one(weights: list[tuple[T, int]], pick: Pick) -> T:
    """One of these, by their weights."""
    below = list(accumulate(weight for _, weight in weights))
    return weights[bisect_right(below, pick(below[-1]))][0]


def pick_some(among: list[int], many: int, pick: Pick) -> list[int]:
    """So many of these."""
    rest = list(among)
    return [rest.pop(pick(len(rest))) for _ in range(many)]
