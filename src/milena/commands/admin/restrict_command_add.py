"""/restrict command add: let a command rest: in a channel, for a role, for a user, for a while."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.guild import Guild
from milena.domain.guild.requests import Restrict
from milena.domain.guild.restrictions import described, why_not
from milena.domain.guild.targets import named
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.spans import seconds

Id = Annotated[str, Meta(max_length=40)]


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    command: Annotated[str, Meta(max_length=40, description="which command shall rest")]
    channel: Annotated[Id, Meta(description="only in this channel")] = ""
    role: Annotated[Id, Meta(description="only for this role")] = ""
    user: Annotated[PlayerId, Meta(max_length=40, description="only for this user")] = PlayerId("")
    during: Annotated[str, Meta(max_length=40, description="for how long, such as 2h or 1d 12h")] = ""
    reason: Annotated[str, Meta(max_length=200, description="why; who is refused will read it")] = ""


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    command = named(desk.commands, options.command)
    if why := why_not(command):
        raise Refused("not_restrictable", f"/{command.name} {why}, and can't be restricted.")
    until = asked.time + seconds(options.during, asked.locale) * 1000 if options.during else 0
    where = (options.channel, options.role, options.user)
    request = Restrict(command.name, asked.player, asked.time, *where, until, options.reason)
    guild: Guild = desk.act("guild", desk.guild.key, request)
    restriction = guild.restrictions[-1]
    return {
        "number": restriction.number,
        "says": f"/{command.name} is restricted ({described(restriction)}).",
    }


command = Command(
    "restrict command add", "admin", "Let a command rest: somewhere, for somebody, for a while.", Options,
    run, permission="admin", discreet=True,
)  # fmt: skip
