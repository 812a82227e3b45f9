"""Options of a command as they are typed: ``OPTION=VALUE``, all of them texts."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import inspect

from milena.domain.command import Command
from milena.domain.ids import PlayerId
from milena.domain.options import describe_error
from milena.domain.refusal import Refused

Find = Callable[[str], str]


def read_options(command: Command, texts: list[str], find_game: Find, player: Find) -> dict[str, Any]:
    """The options of ``command`` from what was typed. A game may be given by a part of its id, a player by
    the name; several by commas. Raises Refused, naming the option."""
    known = {field.encode_name: field for field in msgspec.structs.fields(command.options)}
    hints = get_type_hints(command.options)
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or name not in known or name in values:
            why = "has no =" if not equals else "is given twice" if name in values else "is not known"
            there = ", ".join(known) or "no options"
            raise Refused("bad_option", f"{text[:40]!r} {why}. /{command.name} has: {there}.")
        kinds = {hints[name], *get_args(hints[name])}
        if name == "game" and command.name not in ("open", "match"):
            values[name] = find_game(value)
        elif PlayerId in kinds:
            names = [each.strip() for each in value.split(",")]
            found = [player(each) for each in names if each]
            values[name] = found if tuple[PlayerId, ...] in kinds else found[0] if found else ""
        else:
            values[name] = _value(value, known[name])
    for name, field in known.items():
        if field.required and name not in values:
            raise Refused("bad_option", f"/{command.name} needs {name}=...")
    try:
        msgspec.convert(values, command.options)
    except msgspec.ValidationError as error:
        raise Refused("bad_option", f"/{command.name}: {describe_error(error, command.options)}") from None
    return values


def named(commands: Mapping[str, Command], words: list[str]) -> tuple[str, list[str]]:
    """The command whose name the words begin with (``config view``), and its options. Raises Refused."""
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count]).removeprefix("/")
        if name in commands:
            return name, words[count:]
    typed = " ".join(word for word in words if "=" not in word).removeprefix("/")[:40]
    near = [name for name in commands if name.startswith(f"{typed} ")] or get_close_matches(typed, commands)
    remedy = f"Did you mean {' or '.join(near[:4])}?" if near else "'milena call' lists them."
    raise Refused("unknown_command", f"There is no command {typed!r}. {remedy}")


def _value(text: str, field: msgspec.structs.FieldInfo) -> Any:
    """A text as the number, truth value, list or object that the field wants, where it is one."""
    kind = inspect.type_info(field.type)
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    plain = [each.type if isinstance(each, inspect.Metadata) else each for each in kinds]
    if any(isinstance(each, (inspect.VarTupleType, inspect.ListType)) for each in plain):
        return [each.strip() for each in text.split(",") if each.strip()]
    if any(isinstance(each, inspect.StrType) for each in plain):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
