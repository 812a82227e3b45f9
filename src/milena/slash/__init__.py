"""Slash commands: how each command is offered, on Discord and in the shell, from its one declaration."""

from milena.slash.completing import complete
from milena.slash.meaning import is_left_out, meant
from milena.slash.model import Choice, Option, Slash, Values
from milena.slash.offering import slashes
from milena.slash.sources import GameLine, Line, Sources

__all__ = [
    "Choice",
    "GameLine",
    "Line",
    "Option",
    "Slash",
    "Sources",
    "Values",
    "complete",
    "is_left_out",
    "meant",
    "slashes",
]
