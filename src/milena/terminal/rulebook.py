"""The games that can be played: who can play, how a move is written, and their options."""

from typing import Any

import msgspec
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from milena import games
from milena.domain.options import allowed
from milena.domain.rules import AnyRules


def plain(rules: AnyRules) -> dict[str, Any]:
    """A game as plain data. Every option has its default, what is allowed, and what it means."""
    low, high = rules.seats
    schema = msgspec.json.schema(rules.options_type)
    fields = schema["$defs"][rules.options_type.__name__]["properties"]
    may_be = allowed(rules.options_type)
    return {
        "name": rules.name,
        "title": rules.title,
        "seats": {"min": low, "max": high},
        "notation": rules.notation,
        "options": [
            {
                "name": name,
                "default": field.get("default"),
                "allowed": may_be[name],
                "help": field.get("description", ""),
            }
            for name, field in fields.items()
        ],
    }


def describe(rules: AnyRules) -> list[Text | Padding | Table]:
    """A game for people: a heading, the notation, and a table of its options."""
    told = plain(rules)
    low, high = rules.seats
    seats = f"{low}" if low == high else f"{low} to {high}"
    heading = Text(rules.name, "bold").append(
        f"  {rules.title}, {seats} player{'s' * (high > 1)}", "not bold"
    )
    parts: list[Text | Padding | Table] = [heading, Padding(Text(rules.notation), (0, 0, 0, 2))]
    if told["options"]:
        table = Table(box=None, show_header=False, padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column()
        for option in told["options"]:
            setting = Text(f" --set {option['name']}={_spelled(option['default'])}", "cyan")
            table.add_row(setting, Text(f"{option['help']} ").append(f"({option['allowed']})", "dim"))
        parts.append(table)
    return parts


def _spelled(default: Any) -> str:
    """As it is typed: a list comes from a file."""
    if isinstance(default, bool):
        return str(default).lower()
    return "@FILE" if isinstance(default, list | tuple) else str(default)


def load_all() -> tuple[list[AnyRules], list[str]]:
    """Every game that can be played, and a sentence for each installed one that is broken."""
    found, broken = [], []
    for name in games.names():
        try:
            found.append(games.load(name))
        except games.BadGame as error:
            broken.append(str(error))
    return found, broken
