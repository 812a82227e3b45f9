"""/help: the commands: all that you may use here, those that match a word, or the page of one."""

from collections.abc import Iterable, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from milena.domain.admission import barred
from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.guild.targets import CATEGORIES
from milena.domain.options import allowed
from milena.domain.refusal import Refused
from milena.domain.spelling import name_of, typed


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    about: Annotated[str, Meta(max_length=60, description="a command, a category or a word")] = ""


def run(desk: Desk, options: Options) -> Result:
    _found(desk.commands, options)
    return {}


def _found(commands: Mapping[str, Command], options: Options) -> list[Command]:
    """What it is about: one command, or all that match. Raises Refused where there is nothing."""
    about = " ".join(options.about.lower().split()).removeprefix("/")
    named = about if about in commands else name_of(about)
    if named in commands:
        return [commands[named]]
    found = [command for command in commands.values() if _matches(command, about)]
    if not found:
        raise Refused(
            "nothing_found", f"There is no help about {about[:40]!r}; /help alone lists what there is."
        )
    return found


def show(sight: Sight, options: Options, result: Result) -> Result:
    found = _found(sight.commands, options)
    if len(found) == 1:
        return {"commands": [found[0].name], "says": _page(sight, found[0])}
    usable = [command for command in found if not barred(command, sight.invocation, sight.guild)]
    lines = [line for category in CATEGORIES for line in _category(category, usable)]
    hidden = len(found) - len(usable)
    if hidden:
        lines.append(f"{hidden} more that you may not use here.")
    return {"commands": [command.name for command in usable], "says": "\n".join(lines)}


def _matches(command: Command, about: str) -> bool:
    return about in (command.category, "") or about in _words(command)


def _words(command: Command) -> str:
    """What is searched."""
    return f"{typed(command.name)} {command.name} {command.description}".lower()


def _category(category: str, commands: Iterable[Command]) -> list[str]:
    lines = [f"  /{typed(each.name)}: {each.description}" for each in commands if each.category == category]
    return [category.capitalize(), *lines] if lines else []


def _page(sight: Sight, command: Command) -> str:
    reason = barred(command, sight.invocation, sight.guild)
    lines = [f"/{typed(command.name)} ({command.category}): {command.description}"]
    words, properties = allowed(command.options), _properties(command.options)
    for field in msgspec.structs.fields(command.options):
        need = "needed" if field.required else "may be left out"
        name = field.encode_name
        lines.append(f"  {name}: {properties[name].get('description', '')} ({words[name]}; {need})")
    if command.cooldown:
        whose = {"member": "by you", "channel": "in this channel", "guild": "in this server"}[command.scope]
        lines.append(f"Once in {command.cooldown:g} seconds {whose}.")
    lines.append(f"You may not use it here: {reason}" if reason else "You may use it here.")
    return "\n".join(lines)


def _properties(options: type[Struct]) -> dict[str, dict[str, str]]:
    properties: dict[str, dict[str, str]] = msgspec.json.schema(options)["$defs"][options.__name__][
        "properties"
    ]
    return properties


command = Command(
    "help", "utility", "Show what there is, and how it is used.", Options, run, discreet=True, show=show
)
