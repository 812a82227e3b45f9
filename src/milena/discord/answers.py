"""What a command answers, as a message: what it says, its chart and table, a document as a file, and
buttons for what may be done next."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from milena.discord import charts
from milena.discord.components import ROWS, TONES, WIDTH, Component, button, channels, menu, roles, rows
from milena.discord.custom_ids import Choose, of_action
from milena.discord.message import File, Message
from milena.discord.text import (
    LONGEST_NAME,
    block,
    clip,
    columns,
    escape,
    fit,
    plain,
    say,
    shown_name,
    size,
)
from milena.domain.chart import Chart
from milena.domain.command import Action, Pick, Result
from milena.domain.refusal import fill_names
from milena.engine import Answer
from milena.telling import Name

LONGEST = 2000
"""Characters of a message."""
LARGEST = 8_000_000
"""Bytes of a file: Discord takes 10 MiB with all that is around it.
https://docs.discord.com/developers/reference#uploading-files"""
TOO_LARGE = "It is too large for Discord: ask the operator of this bot for it."
WIDEST = 24
"""Columns of one cell of a table."""
WIDEST_TABLE = 80
"""Columns of a table. A wider one breaks its lines even on a large screen: it is told row by row."""
LONGEST_CELL = 200
"""Characters of a cell in a row that is told."""
PLAYERS = {"player", "by", "host", "opponent", "member", "moderator"}
TIMES = {"time", "since", "until", "opened", "began", "ended", "ready", "first", "last", "made", "due"}
"""Columns that hold players, and ms since 1970."""


def refused(sentence: str, name: Name) -> Message:
    """Why not, for the one who asked."""
    return Message(clip(say(sentence, name), LONGEST), ephemeral=True)


def message(answer: Answer, name: Name, *, ephemeral: bool) -> Message:
    """``ephemeral``: where the command is through; what was refused or failed is told to who asked alone."""
    if answer.verdict != "accepted":
        return refused(answer.sentence, name)
    return told(answer.result, name, answer.position, ephemeral=ephemeral)


def told(result: Result, name: Name, position: int = 0, *, ephemeral: bool = False) -> Message:
    """What an accepted command answers; ``position`` of the log, where that is found again."""
    parts: list[str] = []
    files: tuple[File, ...] = ()
    if result.get("says"):
        parts.append(say(result["says"], name))
    if "chart" in result:
        text, files = charts.show(msgspec.convert(result["chart"], Chart), name)
        parts.append(text)
    if "table" in result:
        room = LONGEST - sum(size(part) + 1 for part in parts)
        parts.append(_table(result["table"], name, room) or _rows(result["table"], name, room))
    if "document" in result:
        files = (*files, *_files(result["document"]))
        parts += [] if files else [TOO_LARGE]
    content = clip("\n".join(parts), LONGEST) or "Done."
    actions = msgspec.convert(result.get("actions", []), list[Action])[: WIDTH * ROWS]
    buttons = [_button(action, position, number) for number, action in enumerate(actions)]
    menus = [_menu(pick) for pick in msgspec.convert(result.get("picks", []), list[Pick])]
    return Message(content, components=(*menus, *rows(buttons)), files=files, ephemeral=ephemeral)


def _files(document: dict[str, Any]) -> tuple[File, ...]:
    """None where it is too large."""
    data = msgspec.json.format(msgspec.json.encode(document["content"]), indent=1)
    return (File(document["name"], data),) if len(data) <= LARGEST else ()


def _button(action: Action, position: int, number: int) -> Component:
    return button(of_action(action, position, number), action.label, TONES[action.tone])


def _menu(pick: Pick) -> Component:
    id = Choose(pick.command, pick.option, pick.options)
    match pick.of:
        case "roles":
            return roles(id, pick.label)
        case "channels":
            return channels(id, pick.label)
    return menu(id, pick.label, pick.choices, pick.chosen)


def _table(table: dict[str, Any], name: Name, room: int) -> str:
    """As many rows as there is room for; empty where it is too wide."""
    heads = [str(column).removesuffix("_us").replace("_", " ") for column in table["columns"]]
    rows = [[_told(*cell, name) for cell in zip(table["columns"], row, strict=True)] for row in table["rows"]]
    widths = [max(map(columns, each)) for each in zip(heads, *rows, strict=True)]
    if sum(widths) + 2 * len(widths) - 2 > WIDEST_TABLE:
        return ""
    lines = [
        "  ".join(cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True))
        for row in (heads, *rows)
    ]
    return block(fit((line.rstrip() for line in lines), room - size(block([""]))).split("\n"))


def _rows(table: dict[str, Any], name: Name, room: int) -> str:
    """The rows one below the other, each with what there is of it: as many as there is room for."""
    lines = []
    for values in table["rows"]:
        cells = [_said(*cell, name) for cell in zip(table["columns"], values, strict=True)]
        lines.append(f"- {' · '.join(filter(None, cells))}")
    return fit(lines, room)


def _said(column: str, value: Any, name: Name) -> str:
    """A cell that stands in a line: what is a number says of what."""
    if column in TIMES and value:
        return f"<t:{value // 1000}:R>"
    if isinstance(value, str) and column not in PLAYERS:
        return say(clip(fill_names(value, shown_name(name)), LONGEST_CELL), name)
    told = escape(_told(column, value, name))
    return f"{column.replace('_', ' ')} {told}" if isinstance(value, int | float) else told


def _told(column: str, value: Any, name: Name) -> str:
    if value is None or value == "":
        return ""
    if column in PLAYERS:
        return clip(plain(shown_name(name)(str(value))), LONGEST_NAME)
    if column in TIMES:
        return f"{datetime.fromtimestamp(value / 1000, UTC):%Y-%m-%d %H:%M}" if value else ""
    if isinstance(value, float):
        return f"{value:.1f}"
    if column.endswith("_us"):
        return f"{value / 1000:.1f} ms"
    return clip(plain(fill_names(str(value), shown_name(name))), WIDEST)
