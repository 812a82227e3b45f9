"""What a command answers, drawn: what it says, its table, and what may be typed next."""

import shlex
from collections.abc import Iterable
from typing import Any

import msgspec
from rich.console import RenderableType
from rich.text import Text

from milena.domain.command import Action, Result
from milena.readside import Answered
from milena.terminal.answers import Name, table

KNOWN = ("says", "table", "actions")


def drawn(result: Result, name: Name) -> list[RenderableType]:
    """The parts of a result (see :data:`milena.domain.command.Result`), to be printed one below the other.
    One that has none of them is told field by field."""
    parts: list[RenderableType] = []
    if result.get("says"):
        parts.append(Text(result["says"]))
    if "table" in result:
        columns, rows = result["table"]["columns"], result["table"]["rows"]
        parts.append(table(Answered(tuple(columns), [tuple(row) for row in rows], False), name))
    if result.get("actions"):
        parts += [Text(typed(each)) for each in msgspec.convert(result["actions"], list[Action])]
    if not parts and not set(result) & {*KNOWN}:
        parts.append(Text(", ".join(f"{key} {value}" for key, value in result.items())))
    return parts


def typed(action: Action) -> str:
    """An action as a line to type: ``→ /audit page=2``."""
    return " ".join([f"→ /{action.command}", *_options(action.options.items())])


def _options(options: Iterable[tuple[str, Any]]) -> Iterable[str]:
    for name, value in options:
        match value:
            case bool():
                text = str(value).lower()
            case str() | int() | float():
                text = str(value)
            case _:
                text = msgspec.json.encode(value).decode()
        yield f"{name}={shlex.quote(text)}" if text else f"{name}=''"
