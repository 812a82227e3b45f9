"""Battleship. Both players place a fleet in secret, each ship in a line of cells, across or down. Then
they shoot at each other's sea in turn, one cell at a time, and are told whether it was a hit, which ship
was hit, and which is sunk. Whoever first sinks the whole fleet of the other wins. The points are the
ships that each player has sunk.

Options change the size of the sea, the fleet, whether ships may touch, and whether a hit shoots again.

Source: Milton Bradley, Battleship, rules of 1990; the ships have the names that Hasbro gives them since 2002.
"""

import re
from functools import cache
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.view import Cell, View

ROWS = "ABCDEFGHIJ"
UNKNOWN, MISS = ".", "o"
HIDDEN = ""
RANDOM = "random"

# In the order in which they are placed, the longest first; their initials stand on the board.
LENGTHS = {"carrier": 5, "battleship": 4, "destroyer": 3, "submarine": 3, "patrol boat": 2}
FLEETS = {"classic": tuple(LENGTHS), "small": ("battleship", "submarine", "patrol boat")}

_TYPED = re.compile(r"([a-z])[ -]*([0-9]{1,2}) *(a|across|h|horizontal|d|down|v|vertical)?")


class Options(Struct, frozen=True):
    size: Annotated[int, Meta(ge=6, le=len(ROWS), description="Cells along each side of the sea.")] = 10
    fleet: Annotated[
        Literal["classic", "small"],
        Meta(description="Ships of 5, 4, 3, 3 and 2 cells; the small fleet has 4, 3 and 2."),
    ] = "classic"
    touching: Annotated[bool, Meta(description="Ships may lie side by side.")] = True
    again: Annotated[bool, Meta(description="Whoever hits shoots again.")] = False


class State(Struct, frozen=True):
    """``seas``     what was shot at in each seat's sea, a sign a cell in reading order: UNKNOWN, MISS, or
                 the number of the ship that was hit
    ``fleets``   the places of each seat's ships, in the order of the fleet; HIDDEN where one is hidden
    ``drawing``  the seat whose ships chance is placing, None if it is none
    ``last``     the seat that shot last, and the cell
    """

    options: Options
    seas: tuple[str, str]
    fleets: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    drawing: int | None = None
    turn: int = 0
    last: tuple[int, int] | None = None


class Place(NamedTuple):
    """The cells of a ship, and those that no other ship may have then: bits, the lowest is A1."""

    cells: int
    zone: int


@cache
def cells(size: int) -> dict[str, int]:
    """The number of each cell in reading order, by its name."""
    names = [f"{row}{column}" for row in ROWS[:size] for column in range(1, size + 1)]
    return {name: number for number, name in enumerate(names)}


@cache
def places(size: int, length: int, touching: bool) -> dict[str, Place]:
    """Every place for a ship, in reading order of its first cell: ``B7 down``."""

    def block(top: int, left: int, bottom: int, right: int) -> int:
        rows, columns = range(max(top, 0), min(bottom + 1, size)), range(max(left, 0), min(right + 1, size))
        return sum(1 << row * size + column for row in rows for column in columns)

    found = {}
    for name, number in cells(size).items():
        top, left = divmod(number, size)
        for way, bottom, right in (("across", top, left + length - 1), ("down", top + length - 1, left)):
            if max(bottom, right) < size:
                ship = block(top, left, bottom, right)
                around = block(top - 1, left - 1, bottom + 1, right + 1)
                found[f"{name} {way}"] = Place(ship, ship if touching else around)
    return found


def places_of(options: Options, ship: int) -> dict[str, Place]:
    return places(options.size, LENGTHS[FLEETS[options.fleet][ship]], options.touching)


@cache
def has_room(options: Options) -> bool:
    """Whether each ship has more places than all ships before it can ever block, however they lie: then
    nobody is left with a ship that fits nowhere."""

    def blocked(ship: int, by: int) -> int:
        mine = places_of(options, ship).values()
        return max(
            sum(bool(place.cells & zone) for place in mine) for _, zone in places_of(options, by).values()
        )

    return all(
        len(places_of(options, ship)) > sum(blocked(ship, by) for by in range(ship))
        for ship in range(len(FLEETS[options.fleet]))
    )


def placing(state: State) -> tuple[int, ...]:
    """The seats that have ships to place."""
    count = len(FLEETS[state.options.fleet])
    return tuple(seat for seat in (0, 1) if len(state.fleets[seat]) < count)


def where(state: State, seat: int) -> list[tuple[int, Place]]:
    """The ships of ``seat`` whose places are known, and where they lie."""
    fleet = enumerate(state.fleets[seat])
    return [(ship, places_of(state.options, ship)[name]) for ship, name in fleet if name != HIDDEN]


def free(state: State, seat: int) -> list[str]:
    """The places that the next ship of ``seat`` may take."""
    taken = 0
    for _, place in where(state, seat):
        taken |= place.zone
    every = places_of(state.options, len(state.fleets[seat]))
    return [name for name, place in every.items() if not place.cells & taken]


def put(state: State, seat: int, name: str) -> State:
    """The state after the next ship of ``seat`` is placed there."""
    fleet = (*state.fleets[seat], name)
    complete = len(fleet) == len(FLEETS[state.options.fleet])
    fleets = (state.fleets[0], fleet) if seat else (fleet, state.fleets[1])
    return replace(state, fleets=fleets, drawing=None if complete else state.drawing)


def sunk(state: State, seat: int) -> list[bool]:
    """Which ships of ``seat`` are sunk."""
    sea = state.seas[seat]
    return [sea.count(str(ship)) == LENGTHS[name] for ship, name in enumerate(FLEETS[state.options.fleet])]


def bits(sea: str, mark: str) -> int:
    return sum(1 << at for at, each in enumerate(sea) if each == mark)


def lay(ways: dict[int, dict[str, Place]], pick: Pick) -> dict[int, str] | None:
    """Each ship at one of its ``ways``, picked by chance; None where they can't lie together. The ship that
    has the fewest is settled first."""
    if not ways:
        return {}
    ship = min(ways, key=lambda ship: len(ways[ship]))
    tries = list(ways[ship])
    while tries:
        name = tries.pop(pick(len(tries)))
        taken = ways[ship][name].zone
        rest = {
            other: {name: place for name, place in every.items() if not place.cells & taken}
            for other, every in ways.items()
            if other != ship
        }
        if (found := lay(rest, pick)) is not None:
            return {ship: name, **found}
    return None


class Battleship(Rules[State, Options]):
    name = "battleship"
    title = "Battleship"
    seats = Seats(2, 2)
    # Each ship is placed by one move or one draw, each player may ask for chance once, and each cell of
    # both seas is shot at once.
    bound = 2 * (len(LENGTHS) + 1) + 2 * len(ROWS) ** 2
    notation = "Place ships with B7 across, B7 down or random; shoot with B7."
    on_timeout = "random"

    def start(self, seats: int, options: Options) -> State:
        if not has_room(options):
            sentence = "Ships that were placed here could leave no room for the next: "
            raise Refused("no_room", f"{sentence}choose a larger size, the small fleet, or let ships touch.")
        sea = UNKNOWN * options.size**2
        return State(options, (sea, sea))

    def actors(self, state: State) -> tuple[int, ...]:
        if waiting := placing(state):
            return waiting if state.drawing is None else (CHANCE,)
        return () if all(sunk(state, 0)) or all(sunk(state, 1)) else (state.turn,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        if placing(state):
            return [RANDOM, *free(state, seat)]
        sea = state.seas[1 - seat]
        return [name for name, at in cells(state.options.size).items() if sea[at] == UNKNOWN]

    def read(self, state: State, seat: int, text: str) -> str:
        typed = text.strip().lower()
        if typed and RANDOM.startswith(typed):
            return RANDOM
        if not (found := _TYPED.fullmatch(typed)):
            return typed
        row, column, way = found.groups()
        cell = f"{row.upper()}{int(column)}"
        return f"{cell} {'across' if way[0] in 'ah' else 'down'}" if way else cell

    def play(self, state: State, seat: int, move: str) -> State:
        return self._place(state, seat, move) if placing(state) else self._shoot(state, seat, move)

    def _place(self, state: State, seat: int, move: str) -> State:
        if move == RANDOM:
            return replace(state, drawing=seat)
        ways = free(state, seat)
        if move in ways:
            return put(state, seat, move)
        ship = len(state.fleets[seat])
        name = FLEETS[state.options.fleet][ship]
        how = f"Name its first cell and across or down, such as {ways[0]}, or random for all that are left."
        if move in places_of(state.options, ship):
            raise Refused("in_the_way", f"Another ship is in the way of the {name}. {how}")
        raise Refused("no_such_place", f"The {name} is {LENGTHS[name]} long and can't lie there. {how}")

    def _shoot(self, state: State, seat: int, move: str) -> State:
        first, second = state.seas
        sea = first if seat else second
        at = cells(state.options.size).get(move)
        if at is None or sea[at] != UNKNOWN:
            left = self.legal(state, seat)[0]
            if at is None:
                raise Refused("no_such_cell", f"Shoot at a cell by its row and column, such as {left}.")
            raise Refused("shot_before", f"{move} was shot at before; choose another cell, such as {left}.")
        hit = [ship for ship, place in where(state, 1 - seat) if place.cells >> at & 1]
        sea = f"{sea[:at]}{hit[0] if hit else MISS}{sea[at + 1 :]}"
        seas = (sea, second) if seat else (first, sea)
        turn = seat if hit and state.options.again else 1 - seat
        return State(state.options, seas, state.fleets, turn=turn, last=(seat, at))

    def chances(self, state: State) -> list[tuple[str, int]]:
        return [] if state.drawing is None else [(name, 1) for name in free(state, state.drawing)]

    def resolve(self, state: State, outcome: str) -> State:
        assert state.drawing is not None, "chance places ships for a seat that asked for it"
        return put(state, state.drawing, outcome)

    def secret(self, state: State) -> bool:
        return bool(placing(state))

    def outcome(self, state: State) -> Outcome | None:
        first, second = sunk(state, 0), sunk(state, 1)
        if not all(first) and not all(second):
            return None
        scores = (0.0, 1.0) if all(first) else (1.0, 0.0)
        return Outcome(scores, "the whole fleet is sunk", (sum(second), sum(first)))

    def hide(self, state: State, seat: int | None) -> State:
        if all(sunk(state, 0)) or all(sunk(state, 1)):
            return state
        first, second = (
            (HIDDEN,) * len(fleet) if n != seat else fleet for n, fleet in enumerate(state.fleets)
        )
        return replace(state, fleets=(first, second))

    def imagine(self, state: State, seat: int, pick: Pick) -> State:
        sea = state.seas[1 - seat]
        shot = ~bits(sea, UNKNOWN)
        ways = {}
        for ship in range(len(state.fleets[1 - seat])):
            hit = bits(sea, str(ship))  # of all cells that were shot at, the ship has these and no others
            every = places_of(state.options, ship)
            ways[ship] = {name: place for name, place in every.items() if place.cells & shot == hit}
        found = lay(ways, pick)
        assert found is not None, "the fleet lies somewhere"
        fleet = tuple(found[ship] for ship in sorted(found))
        return replace(state, fleets=(fleet, state.fleets[1]) if seat else (state.fleets[0], fleet))

    def view(self, state: State, seat: int | None) -> View:
        left, right = (1, 0) if seat == 1 else (0, 1)
        size = state.options.size
        shoots = seat is not None and not placing(state) and seat in self.actors(state)
        own, target = self._sea(state, left, False), self._sea(state, right, shoots)
        columns = tuple(str(column) for column in range(1, size + 1))
        return View(
            grid=tuple(
                (*own[at : at + size], Cell(), *target[at : at + size]) for at in range(0, len(own), size)
            ),
            columns=(*columns, "", *columns),
            rows=tuple(ROWS[:size]),
            lines=(
                f"Left: player {left + 1}, right: player {right + 1}. C: part of a ship, c: hit, o: miss",
                *self._news(state, seat),
            ),
        )

    def _sea(self, state: State, owner: int, target: bool) -> list[Cell]:
        """The sea of ``owner``: a ship has its initial where it is known, a small one where it was hit."""
        fleet, known, lost = FLEETS[state.options.fleet], where(state, owner), sunk(state, owner)
        drawn = []
        for (name, at), mark in zip(cells(state.options.size).items(), state.seas[owner], strict=True):
            if mark == MISS:
                drawn.append(Cell(MISS, "dim"))
            elif mark != UNKNOWN:
                drawn.append(Cell(fleet[int(mark)][0], "bad" if lost[int(mark)] else "second"))
            elif here := [ship for ship, place in known if place.cells >> at & 1]:
                drawn.append(Cell(fleet[here[0]][0].upper(), "first"))
            else:
                drawn.append(Cell(move=name if target else ""))
        return drawn

    def _news(self, state: State, seat: int | None) -> list[str]:
        fleet = FLEETS[state.options.fleet]
        told = []
        for owner in placing(state):
            count = len(state.fleets[owner])
            told.append(f"Player {owner + 1} has placed {count} of {len(fleet)} ships")
            if owner == seat:
                told.append(
                    f"Next: the {fleet[count]}, {LENGTHS[fleet[count]]} long: B2 across, B2 down, or random"
                )
        if state.last:
            shooter, at = state.last
            mark, result = state.seas[1 - shooter][at], "a miss"
            if mark != MISS:
                result = f"{'sank' if sunk(state, 1 - shooter)[int(mark)] else 'hit'} the {fleet[int(mark)]}"
            told.append(f"Player {shooter + 1} shot at {[*cells(state.options.size)][at]}: {result}")
        for owner in (0, 1):
            lost = [name for name, gone in zip(fleet, sunk(state, owner), strict=True) if gone]
            told += [f"Player {owner + 1} lost: {', '.join(lost)}"] if lost else []
        return told


rules = Battleship()
