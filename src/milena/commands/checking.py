"""Whether a command that a package brings can be used here."""

import re
from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from msgspec import Struct

from milena.domain.command import Category, Command, Permission, Scope
from milena.domain.options import allowed

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}( [a-z0-9][a-z0-9-]{0,31}){0,2}")
"""One to three words: a command, a group and a subcommand, as Discord has them."""
LONGEST = 100
"""Characters of a description on Discord."""


def problem(command: Any, entry: str, there: Mapping[str, Command]) -> str:
    """What is wrong with a command, in words; empty where it is good. ``entry`` is the name under which it
    was announced, ``there`` are the commands that there are already."""
    if not isinstance(command, Command):
        return "it is not an instance of milena.domain.command.Command"
    if not NAME.fullmatch(command.name):
        return f"its name {command.name[:40]!r} is not one to three words of a-z, 0-9 and -"
    if entry != command.name.replace(" ", "-"):
        return f"it calls itself {command.name!r}"
    for name in there:
        if name == command.name:
            return f"there is a command {name!r} already"
        if name.startswith(f"{command.name} ") or command.name.startswith(f"{name} "):
            return f"its name can't stand beside that of the command {name!r}"
    for value, known in (
        (command.category, Category),
        (command.permission, Permission),
        (command.scope, Scope),
    ):
        if value not in get_args(known):
            return f"{value!r} is none of {', '.join(get_args(known))}"
    if command.internal:
        return "internal commands are Milena's own"
    if not 0 < len(command.description) <= LONGEST:
        return f"its description has 1 to {LONGEST} characters"
    return _of_options(command.options)


def _of_options(options: Any) -> str:
    if not (isinstance(options, type) and issubclass(options, Struct)):
        return "its options are no msgspec.Struct"
    if not options.__struct_config__.forbid_unknown_fields:
        return "its options have to forbid unknown fields"
    try:
        allowed(options)
        fields = msgspec.json.schema(options)["$defs"][options.__name__]["properties"]
    except Exception as error:
        return f"its options can't be told ({error})"
    for name, field in fields.items():
        if not 0 < len(field.get("description", "")) <= LONGEST:
            return f"its option {name!r} needs a description of 1 to {LONGEST} characters"
    return ""
