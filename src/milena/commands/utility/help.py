"""/help: the commands: all that you may use here, those that match a word, or the page of one."""

from collections.abc import Iterable, Mapping
from typing import Annotated, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct

from milena.domain.admission import barred
from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.guild.targets import CATEGORIES
from milena.domain.ids import PlayerId
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
    usable.sort(key=lambda command: typed(command.name))
    grouped = {category: [each for each in usable if each.category == category] for category in CATEGORIES}
    there = {category: those for category, those in grouped.items() if those}
    answer: Result = {"commands": [command.name for command in usable]}
    if options.about:
        lines = [line for category, those in there.items() for line in _category(category, those)]
        answer["actions"] = [Action("Everything", "help")]
    else:  # all of them, with what they do, is more than one message holds
        lines = ["What you may use here:", *(_names(category, those) for category, those in there.items())]
        answer["actions"] = [Action(each.capitalize(), "help", {"about": each}) for each in there]
    hidden = len(found) - len(usable)
    if hidden:
        lines.append(f"{hidden} more that you may not use here.")
    return {**answer, "says": "\n".join(lines)}


def _matches(command: Command, about: str) -> bool:
    return about in (command.category, "") or about in _words(command)


def _words(command: Command) -> str:
    """What is searched."""
    return f"{typed(command.name)} {command.name} {command.description}".lower()


def _names(category: str, commands: Iterable[Command]) -> str:
    return f"{category.capitalize()}: {', '.join(f'/{typed(each.name)}' for each in commands)}"


def _category(category: str, commands: Iterable[Command]) -> list[str]:
    return [category.capitalize(), *(f"  /{typed(each.name)}: {each.description}" for each in commands)]


def _page(sight: Sight, command: Command) -> str:
    reason = barred(command, sight.invocation, sight.guild)
    lines = [f"/{typed(command.name)} ({command.category}): {command.description}"]
    words, properties = allowed(command.options), _properties(command.options)
    hints = get_type_hints(command.options)
    for field in msgspec.structs.fields(command.options):
        need = "needed" if field.required else "may be left out"
        name = field.encode_name
        kind = "somebody" if PlayerId in (hints[field.name], *get_args(hints[field.name])) else words[name]
        kind = "a text file" if name == "file" else kind
        lines.append(f"  {name}: {properties[name].get('description', '')} ({kind}; {need})")
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
