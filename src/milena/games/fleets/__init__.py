"""Fleets: where a ship may lie in the sea, and how a fleet may lie of which only some is known."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from milena.domain.grid import cells
from milena.domain.rules import Pick


class Place(NamedTuple):
    """The cells of a ship, and those that no other ship may have then: bits, the lowest is A1."""

    cells: int
    zone: int


Places = Mapping[str, Place]
"""By their names: ``B7 down``."""


@cache
def places(size: int, length: int, touching: bool) -> Places:
    """Every place for a ship, in reading order of its first cell."""

    def block(top: int, left: int, bottom: int, right: int) -> int:
        rows, columns = range(max(top, 0), min(bottom + 1, size)), range(max(left, 0), min(right + 1, size))
        return sum(1 << row * size + column for row in rows for column in columns)

    found = {}
    for name, number in cells(size, size).items():
        top, left = divmod(number, size)
        for way, bottom, right in (("across", top, left + length - 1), ("down", top + length - 1, left)):
            if max(bottom, right) < size:
                ship = block(top, left, bottom, right)
                around = block(top - 1, left - 1, bottom + 1, right + 1)
                found[f"{name} {way}"] = Place(ship, ship if touching else around)
    return found


def clear_of(zone: int, every: Places) -> dict[str, Place]:
    """Those of ``every`` that have no cell in this zone."""
    return {name: place for name, place in every.items() if not place.cells & zone}


def most_blocked(every: Places, by: Places) -> int:
    """How many of ``every`` can be lost at most to a ship that lies at one of ``by``."""
    return max(sum(bool(place.cells & zone) for place in every.values()) for _, zone in by.values())


def bits(sea: str, mark: str) -> int:
    """The cells that have this mark."""
    return sum(1 << at for at, each in enumerate(sea) if each == mark)


def lay(ways: Mapping[int, Places], pick: Pick) -> dict[int, str] | None:
    """Each ship at one of its ``ways``, picked by chance; None where they can't lie together. The ship that
    has the fewest is settled first."""
    if not ways:
        return {}
    ship = min(ways, key=lambda ship: len(ways[ship]))
    tries = list(ways[ship])
    while tries:
        name = tries.pop(pick(len(tries)))
        zone = ways[ship][name].zone
        rest = {other: clear_of(zone, every) for other, every in ways.items() if other != ship}
        if (found := lay(rest, pick)) is not None:
            return {ship: name, **found}
    return None
