"""Rows of buttons and menus, as Discord takes them.

Fields and limits: https://docs.discord.com/developers/components/reference
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Literal

from milena.discord import custom_ids
from milena.discord.custom_ids import CustomId
from milena.discord.text import label
from milena.domain.view import Tone

Component = dict[str, Any]
Style = Literal["primary", "secondary", "success", "danger"]

ROWS = 5
WIDTH = 5
"""Buttons in a row."""
MENU = 25
"""Options of a menu."""

_STYLES: dict[Style, int] = {"primary": 1, "secondary": 2, "success": 3, "danger": 4}
TONES: dict[Tone, Style] = {
    "": "secondary", "dim": "secondary", "first": "primary", "accent": "primary", "second": "danger",
    "bad": "danger", "good": "success",
}  # fmt: skip


def button(id: CustomId, text: str, style: Style = "secondary", *, disabled: bool = False) -> Component:
    made = {"type": 2, "style": _STYLES[style], "label": label(text), "custom_id": custom_ids.format(id)}
    return made | {"disabled": True} if disabled else made


def row(parts: Sequence[Component]) -> Component:
    return {"type": 1, "components": list(parts)}


def rows(buttons: Iterable[Component]) -> list[Component]:
    """Buttons in as few rows as they need."""
    left = iter(buttons)
    return [row(part) for part in iter(lambda: list(islice(left, WIDTH)), [])]


def menu(id: CustomId, placeholder: str, options: Sequence[tuple[str, str]], chosen: str = "") -> Component:
    """A row with a menu of ``(value, text)``, of which one can be chosen, and the value ``chosen`` is."""
    offered = [
        {"value": value, "label": label(text, 100), **({"default": True} if value == chosen else {})}
        for value, text in options
    ]
    return row([_menu(3, id, placeholder) | {"options": offered}])


def roles(id: CustomId, placeholder: str) -> Component:
    """A row with a menu of the server's roles."""
    return row([_menu(6, id, placeholder)])


def channels(id: CustomId, placeholder: str) -> Component:
    """A row with a menu of the server's text channels."""
    return row([_menu(8, id, placeholder) | {"channel_types": [0]}])


def _menu(kind: int, id: CustomId, placeholder: str) -> Component:
    return {"type": kind, "custom_id": custom_ids.format(id), "placeholder": label(placeholder, 150)}


def modal(id: CustomId, title: str, name: str, about: str, longest: int) -> Component:
    """A modal with one line to type, which is called ``name``; ``about`` says what is wanted."""
    field = {
        "type": 4,
        "custom_id": name,
        "style": 1,
        "label": "Your move",
        "placeholder": label(about, 100),
        "min_length": 1,
        "max_length": longest,
    }
    return {"custom_id": custom_ids.format(id), "title": label(title, 45), "components": [row([field])]}
