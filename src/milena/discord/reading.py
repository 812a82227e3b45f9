"""What somebody typed on Discord, from the ``data`` of the interaction.

Format: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from milena.discord.declaration import GROUP, KINDS, SUBCOMMAND
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.slash.model import Option, Slash, Values

Json = Mapping[str, Any]
Player = Callable[[str], PlayerId]
"""The player of a Discord user's id."""
Paths = Mapping[tuple[str, ...], Slash]


class Typing(NamedTuple):
    """Somebody is typing the option ``name``: ``text`` so far, with ``values`` for the others."""

    slash: Slash
    name: str
    text: str
    values: Values


def by_path(slashes: Iterable[Slash]) -> Paths:
    return {slash.path: slash for slash in slashes}


def read(paths: Paths, data: Json, player: Player, guild: str = "") -> tuple[Slash, Values]:
    """The slash that was typed, and what was given for its options. Raises Refused for what it is not
    declared to take: a client may have an older declaration than we have.

    The role that has the id of ``guild`` is @everyone, which no member is said to have: no role is meant."""
    slash, given = _found(paths, data)
    known = {option.name: option for option in slash.options}
    values: Values = {}
    for each in given:
        option = known.get(each.get("name", ""))
        if option is None or option.name in values:
            raise _outdated(slash.name)
        values[option.name] = _value(slash, option, each, data, player)
        if option.kind == "role" and values[option.name] == guild:
            values[option.name] = ""
    missing = [option.name for option in slash.options if option.required and option.name not in values]
    if missing:
        raise Refused("bad_option", f"/{slash.name} needs {missing[0]}.")
    return slash, values


def read_typing(paths: Paths, data: Json, player: Player) -> Typing:
    """What is being typed, for completion. What can't be read of the other options is left out, since those
    may be half typed too."""
    slash, given = _found(paths, data)
    known = {option.name: option for option in slash.options}
    name, text = "", ""
    values: Values = {}
    for each in given:
        option = known.get(each.get("name", ""))
        if option is None:
            continue
        if each.get("focused"):
            name, text = option.name, str(each.get("value", ""))
            continue
        try:
            values[option.name] = _value(slash, option, each, data, player)
        except Refused:
            continue
    return Typing(slash, name, text, values)


def _found(paths: Paths, data: Json) -> tuple[Slash, list[Json]]:
    """The slash, and its options as they were sent: inside a subcommand, which may be inside a group."""
    path: tuple[str, ...] = (str(data.get("name", "")),)
    given = data.get("options") or []
    while len(given) == 1 and given[0].get("type") in (SUBCOMMAND, GROUP):
        path = (*path, str(given[0].get("name", "")))
        given = given[0].get("options") or []
    if path not in paths:
        raise _outdated(" ".join(path))
    return paths[path], given


def _value(slash: Slash, option: Option, given: Json, data: Json, player: Player) -> Any:
    value = given.get("value")
    if given.get("type") != KINDS[option.kind]:
        raise _outdated(slash.name)
    match option.kind, value:
        case "text", str():
            return value
        case "boolean", bool():
            return value
        case (("integer" | "number"), bool()):
            pass
        case "integer", int():
            return value
        case "number", int() | float():
            return value
        case "player", str():
            return player(value)
        case (("channel" | "role"), str()):
            return value
        case "file", str():
            found = (data.get("resolved") or {}).get("attachments", {}).get(value)
            if found is not None:
                return found
    raise _outdated(slash.name)


def _outdated(name: str) -> Refused:
    return Refused(
        "unknown_command",
        f"/{name[:80]} has changed since your Discord looked it up: restart Discord, then type it again.",
    )
