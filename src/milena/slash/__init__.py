"""Slash commands: how each command is offered, on Discord and in the shell, from its one declaration."""

from milena.slash.model import Choice, Option, Slash, Values
from milena.slash.offering import slashes

__all__ = ["Choice", "Option", "Slash", "Values", "slashes"]
