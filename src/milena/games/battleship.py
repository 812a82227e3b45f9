"""Battleship. Both players place a fleet in secret, each ship in a line of cells, across or down. Then
they shoot at each other's sea in turn, one cell at a time, and are told whether it was a hit, which ship
was hit, and which is sunk. Whoever first sinks the whole fleet of the other wins. The points are the
ships that each player has sunk.

Options change the size of the sea, the fleet, whether ships may touch, and whether a hit shoots again.

Source: Milton Bradley, Battleship, rules of 1990; the ships have the names that Hasbro gives them since 2002.
"""

import re
from functools import cache, lru_cache
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.grid import cells, headings
from milena.domain.items import covered, in_rows, put
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Pick, Rules, Seats
from milena.domain.view import Cell, View
from milena.games.fleets import Place, Places, bits, clear_of, lay, most_blocked, places

LARGEST = 10
UNKNOWN, MISS = ".", "o"
HIDDEN = ""
RANDOM = "random"

# In the order in which they are placed, the longest first; their initials stand on the board.
LENGTHS = {"carrier": 5, "battleship": 4, "destroyer": 3, "submarine": 3, "patrol boat": 2}
FLEETS = {"classic": tuple(LENGTHS), "small": ("battleship", "submarine", "patrol boat")}

_TYPED = re.compile(r"([a-z])[ -]*([0-9]{1,2}) *(a|across|h|horizontal|d|down|v|vertical)?")


class Options(Struct, frozen=True):
    size: Annotated[int, Meta(ge=6, le=LARGEST, description="Cells along each side of the sea.")] = 10
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
    seas: tuple[str, ...]
    fleets: tuple[tuple[str, ...], ...] = ((), ())
    drawing: int | None = None
    turn: int = 0
    last: tuple[int, int] | None = None


def sea_of(options: Options) -> dict[str, int]:
    return cells(options.size, options.size)


def ships(options: Options) -> tuple[str, ...]:
    return FLEETS[options.fleet]


def places_of(options: Options, ship: int) -> Places:
    return places(options.size, LENGTHS[ships(options)[ship]], options.touching)


@cache
def has_room(options: Options) -> bool:
    """Whether each ship has more places than all ships before it can ever block, however they lie: then
    nobody is left with a ship that fits nowhere."""
    ways = [places_of(options, ship) for ship in range(len(ships(options)))]
    return all(
        len(every) > sum(most_blocked(every, before) for before in ways[:ship])
        for ship, every in enumerate(ways)
    )


def placing(state: State) -> tuple[int, ...]:
    """The seats that have ships to place."""
    count = len(ships(state.options))
    return tuple([seat for seat in (0, 1) if len(state.fleets[seat]) < count])


def where(state: State, seat: int) -> list[tuple[int, Place]]:
    """The ships of ``seat`` whose places are known, and where they lie."""
    fleet = enumerate(state.fleets[seat])
    return [(ship, places_of(state.options, ship)[name]) for ship, name in fleet if name != HIDDEN]


def ship_at(known: list[tuple[int, Place]], at: int) -> int | None:
    return next((ship for ship, place in known if place.cells >> at & 1), None)


def free(state: State, seat: int) -> list[str]:
    """The places that the next ship of ``seat`` may take."""
    taken = 0
    for _, place in where(state, seat):
        taken |= place.zone
    return list(clear_of(taken, places_of(state.options, len(state.fleets[seat]))))


def placed(state: State, seat: int, name: str) -> State:
    """The state after the next ship of ``seat`` is placed there."""
    fleet = (*state.fleets[seat], name)
    complete = len(fleet) == len(ships(state.options))
    fleets = put(state.fleets, seat, fleet)
    return replace(state, fleets=fleets, drawing=None if complete else state.drawing)


@lru_cache(maxsize=1024)
def sunk(sea: str, fleet: tuple[str, ...]) -> list[str]:
    """Which ships are sunk in this sea."""
    return [name for ship, name in enumerate(fleet) if sea.count(str(ship)) == LENGTHS[name]]


def beaten(state: State) -> int | None:
    """The seat whose whole fleet is sunk."""
    fleet = ships(state.options)
    return next((seat for seat in (0, 1) if len(sunk(state.seas[seat], fleet)) == len(fleet)), None)


class Battleship(Rules[State, Options]):
    name = "battleship"
    title = "Battleship"
    seats = Seats(2, 2)
    # Each ship is placed by one move or one draw, each player may ask for chance once, and each cell of
    # both seas is shot at once.
    bound = 2 * (len(LENGTHS) + 1) + 2 * LARGEST**2
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
        return (state.turn,) if beaten(state) is None else ()

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        if placing(state):
            return [RANDOM, *free(state, seat)]
        sea = state.seas[1 - seat]
        return [name for name, at in sea_of(state.options).items() if sea[at] == UNKNOWN]

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
            return placed(state, seat, move)
        ship = len(state.fleets[seat])
        name = ships(state.options)[ship]
        how = f"Name its first cell and across or down, such as {ways[0]}, or random for all that are left."
        if move in places_of(state.options, ship):
            raise Refused("in_the_way", f"Another ship is in the way of the {name}. {how}")
        raise Refused("no_such_place", f"The {name} is {LENGTHS[name]} long and can't lie there. {how}")

    def _shoot(self, state: State, seat: int, move: str) -> State:
        sea = state.seas[1 - seat]
        at = sea_of(state.options).get(move)
        if at is None or sea[at] != UNKNOWN:
            left = self.legal(state, seat)[0]
            if at is None:
                raise Refused("no_such_cell", f"Shoot at a cell by its row and column, such as {left}.")
            raise Refused("shot_before", f"{move} was shot at before; choose another cell, such as {left}.")
        hit = ship_at(where(state, 1 - seat), at)
        sea = f"{sea[:at]}{MISS if hit is None else hit}{sea[at + 1 :]}"
        turn = 1 - seat if hit is None or not state.options.again else seat
        return replace(state, seas=put(state.seas, 1 - seat, sea), turn=turn, last=(seat, at))

    def chances(self, state: State) -> list[tuple[str, int]]:
        return [] if state.drawing is None else [(name, 1) for name in free(state, state.drawing)]

    def resolve(self, state: State, outcome: str) -> State:
        assert state.drawing is not None, "chance places ships for a seat that asked for it"
        return placed(state, state.drawing, outcome)

    def secret(self, state: State) -> bool:
        return bool(placing(state))

    def outcome(self, state: State) -> Outcome | None:
        loser = beaten(state)
        if loser is None:
            return None
        first, second = [len(sunk(sea, ships(state.options))) for sea in state.seas]
        return Outcome((float(loser == 1), float(loser == 0)), "the whole fleet is sunk", (second, first))

    def hide(self, state: State, seat: int | None) -> State:
        if beaten(state) is not None:
            return state
        return replace(state, fleets=covered(state.fleets, seat, HIDDEN))

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
        return replace(state, fleets=put(state.fleets, 1 - seat, fleet))

    def view(self, state: State, seat: int | None) -> View:
        left, right = (1, 0) if seat == 1 else (0, 1)
        size = state.options.size
        shoots = seat is not None and not placing(state) and seat in self.actors(state)
        seas = [in_rows(self._sea(state, left, False), size), in_rows(self._sea(state, right, shoots), size)]
        columns, rows = headings(size, size)
        return View(
            grid=tuple((*own, Cell(), *target) for own, target in zip(*seas, strict=True)),
            columns=(*columns, "", *columns),
            rows=rows,
            lines=(
                f"Left: player {left + 1}, right: player {right + 1}. C: part of a ship, c: hit, o: miss",
                *self._news(state, seat),
            ),
        )

    def _sea(self, state: State, owner: int, target: bool) -> list[Cell]:
        """The sea of ``owner``: a ship has its initial where it is known, a small one where it was hit."""
        fleet, sea, known = ships(state.options), state.seas[owner], where(state, owner)
        lost = sunk(sea, fleet)

        def cell(name: str, at: int) -> Cell:
            if sea[at] == MISS:
                return Cell(MISS, "dim")
            if sea[at] != UNKNOWN:
                ship = fleet[int(sea[at])]
                return Cell(ship[0], "bad" if ship in lost else "second")
            here = ship_at(known, at)
            if here is not None:
                return Cell(fleet[here][0].upper(), "first")
            return Cell(move=name if target else "")

        return [cell(*each) for each in sea_of(state.options).items()]

    def _news(self, state: State, seat: int | None) -> list[str]:
        fleet = ships(state.options)
        told = []
        for owner in placing(state):
            count = len(state.fleets[owner])
            told.append(f"Player {owner + 1} has placed {count} of {len(fleet)} ships")
            if owner == seat:
                name = fleet[count]
                told.append(f"Next: the {name}, {LENGTHS[name]} long: B2 across, B2 down, or random")
        if state.last:
            shooter, at = state.last
            sea, result = state.seas[1 - shooter], "a miss"
            if sea[at] != MISS:
                ship = fleet[int(sea[at])]
                result = f"{'sank' if ship in sunk(sea, fleet) else 'hit'} the {ship}"
            name = [*sea_of(state.options)][at]
            told.append(f"Player {shooter + 1} shot at {name}: {result}")
        for owner, sea in enumerate(state.seas):
            if lost := sunk(sea, fleet):
                told.append(f"Player {owner + 1} lost: {', '.join(lost)}")
        return told


rules = Battleship()
