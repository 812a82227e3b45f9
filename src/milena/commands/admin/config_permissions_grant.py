"""/config permissions grant: let a role, a user or everyone use a command or a category."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.permissions import told
from milena.domain.guild.requests import ChangePermission
from milena.domain.guild.targets import check_own, subject, target
from milena.domain.ids import PlayerId


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    command: Annotated[str, Meta(max_length=40, description="a command, such as /open, or a category")]
    role: Annotated[str, Meta(max_length=40, description="for whom: a role; without both, everyone")] = ""
    user: Annotated[PlayerId, Meta(max_length=40, description="for whom: a user")] = PlayerId("")


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    who, what = subject(options.role, options.user), target(desk.commands, options.command)
    check_own(desk.commands, desk.guild, asked, what)
    desk.act("guild", desk.guild.key, ChangePermission(who, what, "granted", asked.player, asked.time))
    return {"target": what, "subject": who, "says": f"{what} is granted to {told(who)} now."}


command = Command(
    "config permissions grant", "admin", "Let somebody use a command, or all of a category.", Options, run,
    permission="admin", discreet=True,
)  # fmt: skip
