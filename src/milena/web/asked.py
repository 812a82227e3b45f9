"""Named questions as Datasette's canned queries.

A browser sends texts, and an empty one for a field that was left empty; a question takes NULL there, a
player's id, and ms since 1970. So the parameters in its SQL are wrapped.
"""

import re
import time
from collections.abc import Callable
from typing import Any

from milena.readside import Question
from milena.store import Vault

When = Callable[[str, int], int]
"""A point in time as people type it, and what time it is now, in ms since 1970. Raises ValueError."""

ROWS = 20
"""As many as nobody asks for otherwise."""
LABELS = {
    "player": ("Player", "a name or an id"),
    "game": ("Game", "the id of a game"),
    "kind": ("Kind of game", "such as tictactoe"),
    "command": ("Command", "such as move"),
    "channel": ("Channel", "its id"),
    "position": ("Position", "in the log"),
    "text": ("Words", "to look for"),
    "since": ("Since", "such as 2 days ago"),
    "until": ("Until", "such as 2 days ago"),
    "limit": ("Rows", str(ROWS)),
}
"""What a field is called, and what is to be typed there."""
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|(?<![:\w]):([a-z_]+)", re.DOTALL)
_WRAPPED = {
    "player": "milena_player(:player)",
    "since": "milena_when(:since)",
    "until": "milena_when(:until)",
    "now": "milena_now()",
    "limit": f"coalesce(CAST(nullif(:limit, '') AS INTEGER), {ROWS})",
    "offset": "coalesce(CAST(nullif(:offset, '') AS INTEGER), 0)",
    "position": "CAST(nullif(:position, '') AS INTEGER)",
}


def canned(question: Question) -> dict[str, Any]:
    """A question, as Datasette wants to be told of it."""
    return {
        "title": question.title,
        "description": question.about,
        "sql": _TOKEN.sub(_wrap, question.sql),
        "params": [each for each in question.parameters if each != "now"],
        "hide_sql": True,
    }


def _wrap(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name is None else _WRAPPED.get(name, f"nullif(trim(:{name}), '')")


class Typed:
    """What the fields of a question's form mean."""

    def __init__(self, vault: Vault, when: When) -> None:
        self._vault = vault
        self._when = when

    def player(self, text: str | None) -> str | None:
        """The id of a player who is typed as a name or an id. A text that fits nobody, or several, fits no
        row."""
        text = (text or "").strip()
        if not text:
            return None
        found = self._vault.find(text) if self._vault.source(text) is None else []
        return found[0] if len(found) == 1 else text

    def moment(self, text: str | None) -> int | None:
        """ms since 1970; what can't be read is as if it were not there (see :meth:`notes`)."""
        text = (text or "").strip()
        if text.isascii() and text.isdigit() and len(text) >= 12:  # a time, as the tables have it
            return int(text)
        try:
            return self._when(text, now()) if text else None
        except ValueError:
            return None

    def notes(self, given: dict[str, str]) -> list[str]:
        """What to tell somebody who typed this."""
        notes = []
        player = given.get("player", "").strip()
        if player and self._vault.source(player) is None:
            found = self._vault.find(player)
            if len(found) > 1:
                notes.append(f"{len(found)} players are called {player}: type an id, {' or '.join(found)}.")
            elif not found:
                notes.append(f"Nobody is called {player}; as an id it is of nobody who is known now.")
        for name in ("since", "until"):
            text = given.get(name, "").strip()
            if text and self.moment(text) is None:
                notes.append(f"{text} is no date, and was left out: write 2026-07-25 or 2 days ago.")
        return notes


def now() -> int:
    return round(time.time() * 1000)
