"""What a read model answered: as a table for people, as JSON or CSV for programs.

Columns mean what their names say, in every question: some hold players, some hold times, and what ends in
``_us`` is a duration in µs.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from rich.table import Table
from rich.text import Text

from milena.readside import Answered
from milena.terminal.clock import iso, local

PLAYERS = {"player", "by", "host", "opponent"}
"""Columns that hold a player's id."""
TIMES = {"time", "since", "until", "opened", "began", "ended", "ready", "first", "last", "made"}
"""Columns that hold ms since 1970; 0 is no time at all."""
MICROSECONDS = "_us"

Name = Callable[[str], str]
"""The name of a player's id."""


def records(answered: Answered, name: Name) -> list[dict[str, Any]]:
    """A dict a row: times as ISO texts, ``duration_us`` as ``duration_ms``, and behind each ``player`` its
    ``player_name``."""
    return [dict(_fields(answered.columns, row, name)) for row in answered.rows]


def csv_text(answered: Answered, name: Name) -> str:
    """The same as CSV (RFC 4180), with a line of headings."""
    text = io.StringIO()
    writer = csv.writer(text)
    headings = _fields(answered.columns, (None,) * len(answered.columns), name)
    writer.writerow([heading for heading, _ in headings])
    writer.writerows([value for _, value in _fields(answered.columns, row, name)] for row in answered.rows)
    return text.getvalue()


def table(answered: Answered, name: Name) -> Table:
    """The same for people: names, and the time on the clock at the wall."""
    made = Table(box=None, pad_edge=False)
    for number, column in enumerate(answered.columns):
        values = [row[number] for row in answered.rows]
        numbers = all(isinstance(value, int | float | None) for value in values)
        is_number = numbers and column not in TIMES | PLAYERS
        made.add_column(
            column.removesuffix(MICROSECONDS).replace("_", " "),
            justify="right" if is_number else "left",
            no_wrap=is_number or column in TIMES,
            overflow="fold",
        )
    for row in answered.rows:
        made.add_row(
            *(told(column, value, name) for column, value in zip(answered.columns, row, strict=True))
        )
    return made


def told(column: str, value: Any, name: Name) -> Text:
    """A value of a column, for people."""
    match value:
        case None:
            shown = ""
        case str() if column in PLAYERS:
            shown = name(value)
        case int() if column in TIMES:
            shown = _moment(value, lambda ms: f"{local(ms):%Y-%m-%d %H:%M:%S}") or ""
        case int() | float() if column.endswith(MICROSECONDS):
            shown = f"{value / 1000:.1f} ms"
        case float():
            shown = f"{value:.10g}"
        case bytes():
            shown = value.hex()
        case _:
            shown = str(value)
    return Text(one_line(shown))


def _fields(columns: tuple[str, ...], row: tuple[Any, ...], name: Name) -> Iterator[tuple[str, Any]]:
    for column, value in zip(columns, row, strict=True):
        match value:
            case int() if column in TIMES:
                yield column, _moment(value, iso)
            case bytes():
                yield column, value.hex()
            case _ if column.endswith(MICROSECONDS):
                ms = value / 1000 if isinstance(value, int | float) else value
                yield f"{column.removesuffix(MICROSECONDS)}_ms", ms
            case _:
                yield column, value
        if column in PLAYERS:
            yield f"{column}_name", None if value is None else name(str(value))


def _moment(ms: int, told: Callable[[int], str]) -> str | None:
    """A time as it is ``told``, the number itself where a question made one that is none."""
    try:
        return told(ms) if ms else None
    except (ValueError, OverflowError, OSError):
        return str(ms)


def one_line(text: str) -> str:
    """In one line, and nothing that a terminal would obey: the texts are those of players."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "?" for char in text)
