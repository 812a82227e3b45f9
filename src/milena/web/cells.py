"""How a value is shown: players by their names, times as dates, games and players as links."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from markupsafe import Markup, escape

from milena.domain.ids import ALPHABET
from milena.store import Vault

FIRST, LAST = 10**12, 10**13
"""ms since 1970 that are a time between 2001 and 2286: no count of anything is as high."""
PLACEHOLDER = re.compile(r"<([0-9a-z-]+)>")
"""A player in a sentence."""
_ID = re.compile(rf"[{ALPHABET}]{{12}}")
_IDS = re.compile(rf'\["[{ALPHABET}]{{12}}"(?:,\s*"[{ALPHABET}]{{12}}")*\]')
"""A list of players, in JSON."""

Links = Callable[[str, str], str | None]
"""The page about a ``player`` or a ``game`` with this id; None where there is none."""


class Cells:
    """``vault`` knows the names; who was erased from it is an id again, at once."""

    def __init__(self, vault: Vault, links: Links) -> None:
        self._vault = vault
        self._links = links

    def name(self, player: str) -> str:
        """The name of a player, or the id of one who is not known."""
        return self._vault.name(player) if self._vault.source(player) else player

    def show(self, column: str, value: Any) -> Markup | None:
        """The cell; None where the value is shown as it is."""
        match value:
            case int() if FIRST <= value < LAST:
                return moment(value)
            case float() if value.is_integer():
                return escape(f"{value:.0f}")
            case float():
                return escape(f"{value:.10g}")
            case str() if _ID.fullmatch(value):
                return self._id(column, value)
            case str() if _IDS.fullmatch(value):
                return Markup(", ").join(
                    self._id(column, each) or each for each in msgspec.json.decode(value)
                )
            case str() if PLACEHOLDER.search(value):
                return escape(PLACEHOLDER.sub(lambda match: self.name(match[1]), value))
        return None

    def _id(self, column: str, value: str) -> Markup | None:
        if self._vault.source(value) is not None:
            return _link(self._links("player", value), self._vault.name(value), value)
        if column == "game" or column.endswith("_game"):
            return _link(self._links("game", value), value, value)
        return None


def _link(target: str | None, text: str, title: str) -> Markup:
    if target is None:
        return Markup('<span title="{}">{}</span>').format(title, text)
    return Markup('<a href="{}" title="{}">{}</a>').format(target, title, text)


def moment(ms: int) -> Markup:
    """A time, in UTC: the pages have no way to know what is on the clock at the reader's wall."""
    return _time(ms, "%Y-%m-%d %H:%M:%S")


def minute(ms: int) -> Markup:
    """A time without its seconds."""
    return _time(ms, "%Y-%m-%d %H:%M")


def _time(ms: int, form: str) -> Markup:
    time = datetime.fromtimestamp(ms / 1000, UTC)
    return Markup('<time datetime="{}">{}</time>').format(time.isoformat(), time.strftime(form))
