"""``/play GAME``: a subcommand a game, with that game's own options, and who plays it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from milena.domain.rules import AnyRules
from milena.slash.fitting import MOST, ROOM, size
from milena.slash.model import Choice, Option, Slash, Values
from milena.slash.options import MOST_OPTIONS, NAME, options_of

Machines = Callable[[AnyRules], Sequence[str]]
"""The names of the machines that can play a game, such as "bot" or "mcts1"."""

PLAY = "play"
MORE = "play-more"
OF_THE_GAME = "game-"
"""Goes before an option of a game that is called as one of everybody's is."""


def plays(games: Iterable[AnyRules], machines: Machines) -> list[Slash]:
    """A slash for each game that can be named; those that one command has no room for go to the next."""
    found: list[Slash] = []
    command, count, taken = 0, 0, 0
    seen: set[str] = set()
    for rules in games:
        name = rules.name.lower()
        if not NAME.fullmatch(name) or name in seen:
            continue
        seen.add(name)
        slash = _play(rules, name, machines(rules))
        room = size(slash)
        if count == MOST or taken + room > ROOM:
            command, count, taken = command + 1, 0, 0
        count, taken = count + 1, taken + room
        found.append(replace(slash, path=(_word(command), name)))
    return found


def _word(command: int) -> str:
    return (PLAY, MORE)[command] if command < 2 else f"{MORE}-{command}"


def _play(rules: AnyRules, name: str, machines: Sequence[str]) -> Slash:
    shared = {option.name: option for option in _shared(rules, machines)}
    own = {
        f"{OF_THE_GAME}{option.name}" if option.name in shared else option.name: option.name
        for option in options_of(rules.options_type)
    }
    described = {option.name: option for option in options_of(rules.options_type)}
    offered = [replace(described[of], name=called) for called, of in own.items() if NAME.fullmatch(called)]
    options = (*shared.values(), *offered)[:MOST_OPTIONS]

    def invoke(values: Values) -> tuple[str, dict[str, Any]]:
        settings = {of: values[called] for called, of in own.items() if called in values}
        asked: dict[str, Any] = {"game": rules.name, "options": settings}
        asked |= {each: values[each] for each in ("seats", "clock", "private") if each in values}
        guests = [values["opponent"]] if "opponent" in values else []
        if guests:
            asked["invite"] = guests
        if "machine" in values:
            # As at a table of one's own: machines take all the seats that nobody is named for.
            seats = values.get("seats") or max(rules.seats.min, len(guests) + 2)
            free = min(seats, rules.seats.max) - 1 - len(guests)  # more seats than there can be are refused
            asked |= {"seats": seats, "machines": [values["machine"]] * max(1, free)}
        elif guests and "seats" not in values:
            asked["seats"] = max(rules.seats.min, 2)
        return "open", asked

    return Slash((PLAY, name), f"Play {rules.title}."[:100], "games", options, invoke)


def _shared(rules: AnyRules, machines: Sequence[str]) -> Iterator[Option]:
    """What can be said of any game, where it means something for this one."""
    low, high = rules.seats
    if high > 1:
        yield Option("opponent", "player", "who plays with you")
        if machines:
            named = tuple(Choice(each, each) for each in machines[:MOST])
            yield Option("machine", "text", "a machine that plays with you", choices=named)
    if high > low:
        yield Option("seats", "integer", "how many play", low=low, high=high)
    if rules.clock(rules.options_type()) is None:
        yield Option("clock", "text", "5m, 3m+2s, 30s/turn or 3d/turn", longest=40)
    if high > 1:
        yield Option("private", "boolean", "only who is invited may sit down")
