"""A slash command as plain data: what a front end needs to know to offer it."""

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from milena.domain.command import Category, Permission

Kind = Literal["text", "integer", "number", "boolean", "player", "channel", "role", "file"]
Completes = Literal["", "game", "move", "command", "kind", "setting", "value", "zone", "poll", "case"]
"""What helps to type it: ids of games, moves in the game that is named, names of commands, kinds of games,
settings of the guild, values of the setting that is named, time zones, ids of polls, numbers of cases."""


class Choice(Struct, frozen=True):
    name: str
    value: str | int | float


class Option(Struct, frozen=True, omit_defaults=True):
    """``low``, ``high``: least and greatest number; ``longest``: characters of a text; ``default``: what
    holds where nothing is given, in words, if that has to be told."""

    name: str
    kind: Kind
    description: str
    required: bool = False
    low: float | None = None
    high: float | None = None
    longest: int | None = None
    choices: tuple[Choice, ...] = ()
    completes: Completes = ""
    default: str = ""


Values = dict[str, Any]
"""What was given for the options: texts, numbers, truth values; players by PlayerId, channels and roles by
the ids that the front end has for them, files by the text that is in them."""


class Slash(Struct, frozen=True):
    """One thing that can be typed behind a slash.

    ``path``     its words: one to three of them (command, group, subcommand)
    ``invoke``   the command it stands for, and that command's options, from the values
    """

    path: tuple[str, ...]
    description: str
    category: Category
    options: tuple[Option, ...]
    invoke: Callable[[Values], tuple[str, dict[str, Any]]]
    permission: Permission = "everyone"
    discreet: bool = False

    @property
    def name(self) -> str:
        return " ".join(self.path)
