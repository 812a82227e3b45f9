"""Who sits where: people by their names, machines on the seats that are left."""

import getpass
from collections.abc import Sequence
from itertools import chain, count, islice
from typing import Any

from msgspec import Struct

from milena import telling
from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules
from milena.opponents import choose_for
from milena.store import Vault
from milena.store.vault import LONGEST_NAME
from milena.terminal.calling import Caller


class BadName(ValueError):
    """A name that nobody can have here: one sentence that says why."""


class Party(Struct, frozen=True):
    """Who is to sit down, in seat order: ``people`` by name, then ``machines`` by theirs."""

    people: tuple[str, ...]
    machines: tuple[str, ...] = ()

    @property
    def seats(self) -> int:
        return len(self.people) + len(self.machines)


def check_names(names: list[str]) -> list[str]:
    """The names without outer blanks. Raises BadName."""
    names = [name.strip() for name in names]
    for at, name in enumerate(names):
        if not name or len(name) > LONGEST_NAME or not name.isprintable() or name.startswith("-"):
            raise BadName(
                f"{name[:LONGEST_NAME]!r} is no name: take 1 to {LONGEST_NAME} printable characters, "
                "the first not a dash."
            )
        if name.casefold() in [other.casefold() for other in names[:at]]:
            raise BadName(f"Two players are called {name!r}: give each a name of their own.")
    return names


def party(rules: AnyRules, names: list[str], machine: str | None, seats: int | None) -> Party:
    """Who sits down to a new game. ``machine`` fills the seats that have no name. Raises Refused."""
    low, high = rules.seats
    given = max(1, len(names))
    wanted = seats if seats is not None else max(low, given + (machine is not None))
    if not low <= wanted <= high:
        allowed = str(low) if low == high else f"{low} to {high}"
        raise Refused("seats", f"{rules.title} is for {allowed} player{'s' * (high > 1)}, not {wanted}.")
    return fill(rules, names, machine, wanted)


def fill(
    rules: AnyRules, names: list[str], machine: str | None, seats: int, taken: Sequence[str] = ()
) -> Party:
    """Who takes the seats of a game that are free, where those called ``taken`` sit already. Raises
    Refused where that does not fit."""
    free = seats - len(taken)
    used = [name.casefold() for name in taken]
    if len(names) > free:
        free_seats = "no seat is free" if not free else f"{free} seat{'s are' if free > 1 else ' is'} free"
        raise Refused("seats", f"{telling.join(names)} can't sit down: {free_seats}.")
    for name in names:
        if name.casefold() in used:
            raise Refused("seats", f"{name} sits at this game already: take another name.")
    if machine is None:
        return Party(tuple(_with_defaults(names, free, used)))
    people = names or _with_defaults([], 0 if taken else 1, used)
    if len(people) == free:
        raise Refused("seats", "No seat is left for the machine: leave out --with, or a name.")
    kind = choose_for(rules, seats, machine)
    called = (f"{kind}-{number}" if number > 1 else kind for number in count(1))
    unused = (name for name in called if name not in used)
    machines = tuple(islice(unused, free - len(people)))
    clash = {name.casefold() for name in people} & set(machines)
    if clash:
        raise Refused("seats", f"The machine is called {min(clash)!r} too: take another name.")
    return Party(tuple(people), machines)


def open_game(
    caller: Caller, vault: Vault, game: str, options: dict[str, Any], party: Party, clock: str = ""
) -> str:
    """Open a game for a party; returns its id. The first of them is seated, and machines that play with
    nobody else; :func:`sit` does the rest."""
    host = vault.player("terminal", party.people[0])
    machines = party.machines if len(party.people) == 1 else ()
    asked = {"options": options, "seats": party.seats, "clock": clock, "machines": machines}
    key: str = caller.must("open", host, game=game, **asked)["game"]
    return key


def sit(caller: Caller, vault: Vault, key: str, people: Sequence[str], machines: Sequence[str]) -> None:
    """Let these take the next free seats of a game, in this order."""
    players = [vault.player("terminal", name) for name in people]
    players += [vault.player("machine", name) for name in machines]
    for player in players:
        caller.must("join", player, game=key)


def _with_defaults(names: list[str], wanted: int, used: Sequence[str]) -> list[str]:
    """``wanted`` names: those given, or the name of who is logged in where none is; then guests."""
    names = list(names)
    guests = (f"guest{number}" if number > 1 else "guest" for number in count(1))
    for name in chain([] if names or used else [own_name()], guests):
        if len(names) >= wanted:
            break
        if name.casefold() not in [*used, *(other.casefold() for other in names)]:
            names.append(name)
    return names


def own_name() -> str:
    """The name of who is logged in."""
    try:
        return check_names([getpass.getuser()])[0]
    except (OSError, KeyError, BadName):
        return "player"
