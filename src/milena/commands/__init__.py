"""The commands: one file a command, in a folder a category; and whatever installed packages add.

A package adds commands through the entry-point group ``milena.commands``; each entry is named as the command
is, with ``-`` for a space, and points at a :class:`~milena.domain.command.Command`. One that can't be used is
left out, and :func:`broken` says why.
"""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files

from milena.commands.checking import problem
from milena.domain.command import Command, Scope

CATEGORIES = ("admin", "fun", "games", "utility")
GROUP = "milena.commands"


@cache
def commands() -> dict[str, Command]:
    """Every command by its name: the ``command`` of each file, then those of packages."""
    return {**_own(), **_added()[0]}


@cache
def _own() -> dict[str, Command]:
    found = {}
    for category in CATEGORIES:
        package = f"{__name__}.{category}"
        for entry in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            stem = entry.name.removesuffix(".py")
            if stem != entry.name and stem != "__init__":
                command: Command = import_module(f"{package}.{stem}").command
                found[command.name] = command
    return found


def broken() -> dict[str, str]:
    """What is wrong with the commands of packages that can't be used, by the name of their entry."""
    return _added()[1]


@cache
def _added() -> tuple[dict[str, Command], dict[str, str]]:
    """The commands of packages that can be used, and what is wrong with the others."""
    good: dict[str, Command] = {}
    bad: dict[str, str] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        wrong = _load(entry, good)
        if wrong:
            package = entry.dist.name if entry.dist else entry.module
            bad[entry.name] = f"Command {entry.name!r} of package {package} is left out: {wrong}."
    return good, bad


def _load(entry: EntryPoint, good: dict[str, Command]) -> str:
    """Add the command of an entry to the ``good`` ones; returns what is wrong with it, empty: nothing."""
    try:
        command = entry.load()
        wrong = problem(command, entry.name, {**_own(), **good})
    except (Exception, SystemExit) as error:
        return f"it can't be loaded ({error!r})"
    if not wrong:
        good[command.name] = command
    return wrong


def offered() -> dict[str, Command]:
    """The commands that people can call; the others Milena calls herself."""
    return {name: command for name, command in commands().items() if not command.internal}


def cooldowns() -> dict[str, float]:
    """The seconds that each command rests unless the configuration says otherwise."""
    return {name: command.cooldown for name, command in offered().items()}


def scopes() -> dict[str, Scope]:
    """Whose cooldown it is unless the configuration says otherwise, where it is not the member's own."""
    return {name: command.scope for name, command in offered().items() if command.scope != "member"}
