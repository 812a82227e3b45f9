"""What a command answers, drawn: what it says, its chart, table and document, and what may be typed next."""

import shlex
from collections.abc import Iterable
from typing import Any

import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from milena.domain.chart import Chart
from milena.domain.command import Action, Pick, Result
from milena.domain.refusal import fill_moments, fill_names
from milena.readside import Answered
from milena.terminal.answers import Name, one_line, table
from milena.terminal.clock import local

KNOWN = ("says", "chart", "table", "picks", "actions", "document")
WHOLE = 20
"""Columns of a whole bar."""
PLAYERS = ("member", "player", "user")
"""Options that hold a player's id, and are typed as a name."""


def drawn(result: Result, name: Name) -> list[RenderableType]:
    """The parts of a result (see :data:`milena.domain.command.Result`), to be printed one below the other.
    One that has none of them is told field by field."""
    parts: list[RenderableType] = []
    if result.get("says"):
        parts.append(Text(result["says"]))
    if "chart" in result:
        parts.append(chart(msgspec.convert(result["chart"], Chart), name))
    if "table" in result:
        columns, rows = result["table"]["columns"], result["table"]["rows"]
        cells = [tuple(_worded(cell, name) for cell in row) for row in rows]
        parts.append(table(Answered(tuple(columns), cells, False), name))
    if "document" in result:
        content = msgspec.json.encode(result["document"]["content"])
        parts.append(Text(msgspec.json.format(content, indent=2).decode()))
    for pick in msgspec.convert(result.get("picks", []), list[Pick]):
        parts += [Text(line) for line in picked(pick, name)]
    if result.get("actions"):
        parts += [Text(typed(each, name)) for each in msgspec.convert(result["actions"], list[Action])]
    if not parts and not set(result) & {*KNOWN}:
        parts.append(Text(", ".join(f"{key} {value}" for key, value in result.items())))
    return parts


def chart(shown: Chart, name: Name) -> Table:
    """A bar below the other, with its number, as it is voted for, and its count."""
    made = Table(box=None, pad_edge=False, show_header=False)
    made.add_column(overflow="fold")
    made.add_column(no_wrap=True, style="cyan", min_width=WHOLE)
    made.add_column(justify="right", no_wrap=True)
    made.add_column(overflow="fold", style="dim")
    for number, bar in enumerate(shown.bars, 1):
        drawn = "█" * round(WHOLE * shown.share(bar))
        made.add_row(
            Text(one_line(f"{number}. {bar.label}")), drawn, str(bar.count), Text(fill_names(bar.note, name))
        )
    return made


def _worded(cell: Any, name: Name) -> Any:
    """Texts of a table may tell of players and times, too."""
    if not isinstance(cell, str):
        return cell
    return fill_moments(fill_names(cell, name), lambda ms: f"{local(ms):%Y-%m-%d %H:%M}")


def typed(action: Action, name: Name) -> str:
    """An action as a line to type: ``→ /audit page=2``."""
    return " ".join([f"→ /{action.command}", *_options(action.options.items(), name)])


def picked(pick: Pick, name: Name) -> list[str]:
    """What can be chosen, as a line to type: ``→ /setup step=machines value=...``; the choices below it."""
    action = Action(pick.label, pick.command, pick.options)
    choices = [f"{value} ({words})" if value != words else value for value, words in pick.choices]
    return [
        f"{typed(action, name)} {pick.option}=...",
        *([f"  one of: {', '.join(choices)}"] if choices else []),
    ]


def _options(options: Iterable[tuple[str, Any]], called: Name) -> Iterable[str]:
    for name, value in options:
        match value:
            case str() if name in PLAYERS:
                text = called(value)
            case bool():
                text = str(value).lower()
            case str() | int() | float():
                text = str(value)
            case _:
                text = msgspec.json.encode(value).decode()
        yield f"{name}={shlex.quote(text)}" if text else f"{name}=''"
