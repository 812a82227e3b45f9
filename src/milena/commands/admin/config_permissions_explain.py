"""/config permissions explain: whether somebody may use a command, and which rule decides that."""

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.command import Command, Desk, Result, Standing
from milena.domain.guild.permissions import ruling
from milena.domain.guild.targets import named
from milena.domain.ids import PlayerId
from milena.domain.spelling import typed


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    command: Annotated[str, Meta(max_length=40, description="a command, such as /open")]
    user: Annotated[PlayerId, Meta(max_length=40, description="who; without it, you")] = PlayerId("")
    role: Annotated[str, Meta(max_length=200, description="roles to think of, parted by commas")] = ""


def run(desk: Desk, options: Options) -> Result:
    command = named(desk.commands, options.command)
    asked = desk.invocation
    roles = tuple(role.strip() for role in options.role.split(",") if role.strip())
    if options.user and options.user != asked.player:
        known = asked.others.get(options.user, Standing())  # as far as the front end tells
        asked = replace(
            asked, player=options.user, roles=known.roles, moderator=known.moderator, admin=known.admin,
            owner=known.owner,
        )  # fmt: skip
    if roles:
        asked = replace(asked, roles=roles)
    found = ruling(desk.guild, command, asked)
    may = "may" if found.allowed else "may not"
    says = f"<{asked.player}> {may} use /{typed(command.name)}: {found.rule}."
    return {"allowed": found.allowed, "rule": found.rule, "says": says}


command = Command(
    "config permissions explain", "admin", "Tell which rule decides who may use a command.", Options, run,
    permission="admin", discreet=True,
)  # fmt: skip
