"""The map of the dungeon: the ways from room to room, how they are typed, what may be where, and how it is
drawn."""

from functools import cache

from milena.domain.items import in_rows
from milena.domain.view import Cell
from milena.games.dungeons import THERE, Chances, Foe, Length, Room

WAYS = {"north": (0, -1), "east": (1, 0), "south": (0, 1), "west": (-1, 0)}
SHORT = {short: f"go {way}" for way in WAYS for short in (way, way[0])}


@cache
def exits(length: Length, at: int) -> dict[str, int]:
    """The ways out of a room, and where they lead."""
    y, x = divmod(at, length.width)
    ways = {way: (x + right, y + down) for way, (right, down) in WAYS.items()}
    rows, columns = range(length.height), range(length.width)
    return {way: x + y * length.width for way, (x, y) in ways.items() if x in columns and y in rows}


@cache
def drawable(length: Length, at: int) -> Chances:
    """What there may be so far from the entrance."""
    y, x = divmod(at, length.width)
    depth = x + length.height - 1 - y
    kinds = THERE.rooms.items()
    return [(name, kind.weight) for name, kind in kinds if kind.depth[0] <= depth <= kind.depth[1]]


def meant(text: str, legal: list[str], foe: Foe | None) -> str:
    """The move that somebody typed: a way by itself, or so much of a move that it can be no other."""
    typed = " ".join(text.lower().split())
    typed = SHORT.get(typed, typed)
    if foe and typed == f"attack {foe.kind}":
        return "attack"
    found = [move for move in legal if typed and move.startswith(typed)]
    return found[0] if len(found) == 1 else typed


def chart(
    length: Length, rooms: tuple[Room | None, ...], at: int, going: bool
) -> tuple[tuple[Cell, ...], ...]:
    """The map, with the ways that the party may go. A room not yet entered is "?" where there is a way to it,
    and blank elsewhere."""
    moves = {to: f"go {way}" for way, to in exits(length, at).items()} if going else {}

    def cell(place: int, room: Room | None) -> Cell:
        move = moves.get(place, "")
        if place == at:
            return Cell("@", "first")
        if place == length.lair:
            return Cell("X", "bad", move)
        if room is None:
            return Cell("?" if move else "", "accent", move)
        if room.foe:
            return Cell("!", "bad", move)
        return Cell("$", "good", move) if room.items else Cell(".", "dim", move)

    return in_rows([cell(place, room) for place, room in enumerate(rooms)], length.width)
