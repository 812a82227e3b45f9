"""Whether a command may be used: restrictions, then permissions, then its cooldown.

Pure: it looks at the guild and the member as they stand, and at what the front end knows of who calls.
"""

from msgspec.structs import replace

from milena.domain.command import Command, Invocation
from milena.domain.guild import Guild
from milena.domain.guild.cooldowns import ready as shared_ready
from milena.domain.guild.permissions import check_permission
from milena.domain.guild.restrictions import check_restrictions
from milena.domain.member import Member
from milena.domain.refusal import Refused, moment
from milena.domain.spelling import typed


def admit(command: Command, invocation: Invocation, guild: Guild, member: Member) -> str:
    """Let an invocation in: returns by which authority (see :func:`check_permission`), or raises Refused."""
    if guild.restrictions:
        check_restrictions(guild, command, invocation)
    authority = check_permission(guild, command, invocation)
    if command.cooldown:
        check_cooldown(command, invocation, guild, member)
    return authority


def barred(command: Command, invocation: Invocation, guild: Guild) -> str:
    """Why the one who calls may not use ``command`` here; empty where that is allowed. Cooldowns do not
    count."""
    asked = replace(invocation, command=command.name)
    try:
        check_restrictions(guild, command, asked)
        check_permission(guild, command, asked)
    except Refused as refusal:
        return refusal.sentence
    return ""


def check_cooldown(command: Command, invocation: Invocation, guild: Guild, member: Member) -> None:
    """Refuse a command while it rests, to the millisecond. What would rest longer than it can began before
    somebody set the clock back."""
    match command.scope:
        case "member":
            ready = member.cooldowns.get(command.name, 0)
        case "channel":
            ready = shared_ready(guild, command.name, invocation.place.partition("/")[2])
        case "guild":
            ready = shared_ready(guild, command.name, "")
    if 0 < ready - invocation.time <= command.cooldown * 1000:
        where = {"member": "", "channel": " in this channel", "guild": " in this server"}[command.scope]
        raise Refused("cooldown", f"/{typed(command.name)} can be used again{where} {moment(ready)}.")
