"""Everything that can be typed behind a slash."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_type_hints

from msgspec.structs import replace

from milena.domain.command import Command
from milena.domain.ids import PlayerId
from milena.domain.rules import AnyRules
from milena.domain.spelling import typed
from milena.slash.fitting import fitting
from milena.slash.meaning import may_be_left_out
from milena.slash.model import Completes, Slash, Values
from milena.slash.options import NAME, options_of, shortened
from milena.slash.playing import Machines, plays

PLAYED = "open"
"""The command that ``/play`` asks for, with the options of a game; it has no slash of its own."""
HIDDEN = {"move": ("ply", "turn")}
"""Options for front ends to fill in, not for people."""
COMPLETES: dict[tuple[str, str], Completes] = {
    ("match", "game"): "kind",
    ("config view", "name"): "setting",
    ("config set", "name"): "setting",
    ("config set", "value"): "value",
    ("config reset", "name"): "setting",
    ("setup", "value"): "value",
}
"""What completes an option whose name does not tell it."""


def slashes(commands: Mapping[str, Command], games: Iterable[AnyRules], machines: Machines) -> list[Slash]:
    """A slash for every command that is offered, and for every game, as far as there is room for them."""
    own = [
        command for name, command in commands.items() if typed(name) == name or typed(name) not in commands
    ]
    named = [slash for command in own if (slash := _of(command)) is not None]
    played = plays(games, machines) if PLAYED in commands else []
    return sorted(fitting([*played, *named]), key=lambda slash: slash.path)


def _of(command: Command) -> Slash | None:
    path = tuple(typed(command.name).split())
    if command.internal or command.name == PLAYED or not _can_be_typed(path):
        return None
    options = tuple(
        replace(option, completes=COMPLETES.get((command.name, option.name), option.completes))
        for option in options_of(command.options, HIDDEN.get(command.name, ()))
    )
    options = tuple(
        replace(option, required=option.required and not may_be_left_out(" ".join(path), option))
        for option in options
    )
    options = tuple(sorted(options, key=lambda option: not option.required))
    hints = get_type_hints(command.options)
    several = {name for name, hint in hints.items() if tuple[PlayerId, ...] in (hint, *get_args(hint))}

    def invoke(values: Values) -> tuple[str, dict[str, Any]]:
        given = {name: [value] if name in several else value for name, value in values.items()}
        return command.name, given

    return Slash(
        path, shortened(command.description), command.category, options, invoke, command.permission,
        command.discreet,
    )  # fmt: skip


def _can_be_typed(path: tuple[str, ...]) -> bool:
    return 1 <= len(path) <= 3 and all(map(NAME.fullmatch, path))
