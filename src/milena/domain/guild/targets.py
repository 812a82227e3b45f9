"""Who, and which commands, a rule of permission is about: as it is typed, and as it is kept."""

from collections.abc import Mapping
from typing import get_args

from milena.domain.command import Category, Command, Invocation
from milena.domain.guild.permissions import EVERYONE, ruling
from milena.domain.guild.state import Guild
from milena.domain.refusal import Refused
from milena.domain.spelling import name_of

CATEGORIES: tuple[str, ...] = get_args(Category)


def subject(role: str, user: str) -> str:
    """Raises Refused where both are given; everyone where neither is."""
    if role and user:
        raise Refused("bad_option", "A rule is for a role or for a user, not for both: make two of it.")
    return f"role:{role}" if role else f"user:{user}" if user else EVERYONE


def named(commands: Mapping[str, Command], text: str) -> Command:
    """The command that is meant, by its name or as it is typed. Raises Refused where there is none."""
    name = _plain(text, commands)
    if name not in commands:
        raise Refused("unknown_command", f"There is no command {name[:40]!r}; /help lists them.")
    return commands[name]


def _plain(text: str, commands: Mapping[str, Command]) -> str:
    words = " ".join(text.split()).removeprefix("/")
    return words if words in commands else name_of(words)


def target(commands: Mapping[str, Command], text: str) -> str:
    """A command, by its name or as it is typed, or a category. Raises Refused where it is neither."""
    name = _plain(text, commands)
    if name in commands:
        return f"/{name}"
    if name in CATEGORIES:
        return name
    raise Refused(
        "unknown_command",
        f"There is no command {name[:40]!r}, and no category: those are {', '.join(CATEGORIES)}.",
    )


def check_own(commands: Mapping[str, Command], guild: Guild, invocation: Invocation, target: str) -> None:
    """Whoever may change rules without being an admin can't give away, nor take from others, what they may
    not use themselves. Raises Refused."""
    if invocation.admin or invocation.owner:
        return
    for command in commands.values():
        meant = target in (f"/{command.name}", command.category)
        if meant and not ruling(guild, command, invocation).allowed:
            raise Refused(
                "not_yours", f"You may not use /{command.name} yourself, so you can't say who else may."
            )
