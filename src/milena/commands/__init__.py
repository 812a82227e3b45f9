"""The commands: one file a command, in a folder a category."""

from functools import cache
from importlib import import_module
from importlib.resources import files

from milena.domain.command import Command

CATEGORIES = ("admin", "fun", "games", "utility")


@cache
def commands() -> dict[str, Command]:
    """Every command by its name: the ``command`` of each file."""
    found = {}
    for category in CATEGORIES:
        package = f"{__name__}.{category}"
        for entry in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            stem = entry.name.removesuffix(".py")
            if stem != entry.name and stem != "__init__":
                command: Command = import_module(f"{package}.{stem}").command
                found[command.name] = command
    return found


def offered() -> dict[str, Command]:
    """The commands that people can call; the others Milena calls herself."""
    return {name: command for name, command in commands().items() if not command.internal}


def cooldowns() -> dict[str, float]:
    """The seconds that each command rests unless the configuration says otherwise."""
    return {name: command.cooldown for name, command in offered().items()}
