"""Completion: what an option that is being typed may become."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from milena.domain.refusal import Refused
from milena.slash.meaning import candidates, meant, told
from milena.slash.model import Choice, Completes, Option, Slash, Values
from milena.slash.sources import Line, Sources

MOST = 25
LONGEST = 100
"""Discord's limits for completion."""
TIMEZONE = "timezone"
"""The setting whose values are time zones."""


def complete(slash: Slash, name: str, typed: str, values: Values, sources: Sources) -> list[Choice]:
    """At most 25 choices for the option ``name``, of which ``typed`` is there so far, the likeliest first.
    ``values`` are those of the other options, as far as they can be read."""
    option = next((option for option in slash.options if option.name == name), None)
    if option is None:
        return []
    found: list[Choice] = []
    for choice in _offers(slash, option, typed.strip(), values, sources):
        if choice not in found:
            found.append(choice)
        if len(found) == MOST:
            break
    return found


def _offers(slash: Slash, option: Option, typed: str, values: Values, sources: Sources) -> Iterator[Choice]:
    if option.choices:
        yield from _matching([Line(str(each.value), each.name) for each in option.choices], typed)
    elif option.kind == "boolean":
        yield from _matching([Line("true", "true"), Line("false", "false")], typed)
    elif option.completes == "move":
        with suppress(Refused):
            values = meant(slash, values, sources)
        moves = sources.moves(str(values.get("game", "")))
        yield from _matching([Line(move, move) for move in moves], typed)
    elif option.completes == "game":
        games = candidates(slash.name, sources)
        yield from _matching([Line(game.key, told(game)) for game in games], typed)
    elif option.completes == "zone" or (
        option.completes == "value" and TIMEZONE in (values.get("name"), values.get("step"))
    ):
        yield from _matching([Line(zone, zone) for zone in sources.zones()], typed)
    elif option.completes in LISTS:
        found = _matching(LISTS[option.completes](sources), typed)
        yield from map(_as_number, found) if option.kind == "integer" else found


LISTS: dict[Completes, Callable[[Sources], Iterable[Line]]] = {
    "poll": lambda sources: sources.polls(),
    "case": lambda sources: sources.cases(),
    "command": lambda sources: sources.commands(),
    "kind": lambda sources: sources.kinds(),
    "setting": lambda sources: sources.settings(),
}


def _matching(lines: Iterable[Line], typed: str) -> Iterator[Choice]:
    """Those whose key or words have ``typed`` in them: first where they begin with it."""
    wanted = typed.casefold()
    later = []
    for line in lines:
        key, words = line.key.casefold(), line.words.casefold()
        if not 0 < len(line.key) <= LONGEST:
            continue
        choice = Choice(_short(line.words or line.key), line.key)
        if key.startswith(wanted) or words.startswith(wanted):
            yield choice
        elif wanted in key or wanted in words:
            later.append(choice)
    yield from later


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _as_number(choice: Choice) -> Choice:
    return Choice(choice.name, int(choice.value)) if str(choice.value).isdecimal() else choice
