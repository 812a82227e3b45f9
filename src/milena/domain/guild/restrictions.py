"""Commands that rest for a while, or in a place, or for somebody."""

from milena.domain.command import Command, Invocation
from milena.domain.guild.permissions import told
from milena.domain.guild.state import Guild, Restriction
from milena.domain.refusal import Refused, channel, moment


def check_restrictions(guild: Guild, command: Command, invocation: Invocation) -> None:
    """Raises Refused where a restriction holds."""
    if why_not(command):
        return
    for restriction in guild.restrictions:
        if holds(restriction, command, invocation):
            why = f": {restriction.reason}" if restriction.reason else ""
            raise Refused(
                "restricted", f"/{command.name} is restricted ({described(restriction)}){why.rstrip('.')}."
            )


def why_not(command: Command) -> str:
    """Why a command can't be restricted, as the end of a sentence; empty where it can. What is for admins
    is what they would lift the restriction with."""
    if command.personal:
        return "is about who asks alone"
    return "is for admins" if command.permission == "admin" else ""


def holds(restriction: Restriction, command: Command, invocation: Invocation) -> bool:
    """Whether a restriction is meant for this invocation, and is not over."""
    where = invocation.place.partition("/")[2], invocation.parent
    return (
        restriction.command == command.name
        and not is_over(restriction, invocation.time)
        and restriction.channel in ("", *where)
        and restriction.role in ("", *invocation.roles)
        and restriction.user in ("", invocation.player)
    )


def is_over(restriction: Restriction, now: int) -> bool:
    return 0 < restriction.until <= now


def described(restriction: Restriction) -> str:
    """Which one, and what narrows it: ``number 3, in channel 12, ends ...``."""
    words = [f"number {restriction.number}"]
    if restriction.channel:
        words.append(f"in {channel(restriction.channel)}")
    if restriction.role:
        words.append(f"for {told(f'role:{restriction.role}')}")
    if restriction.user:
        words.append(f"for {told(f'user:{restriction.user}')}")
    if restriction.until:
        words.append(f"ends {moment(restriction.until)}")
    return ", ".join(words)
