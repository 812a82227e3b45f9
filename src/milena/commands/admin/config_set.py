"""/config set: change a setting of this server."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.requests import ChangeSetting
from milena.domain.guild.settings import find_setting, parsed, setting, shown


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=40, description="which one; /config view shows them")]
    value: Annotated[str, Meta(max_length=100, description="what it shall be")]


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    value = parsed(find_setting(options.name), options.value)
    desk.act("guild", desk.guild.key, ChangeSetting(options.name, value, asked.player, asked.time))
    now = setting(desk.guild, options.name)
    return {"name": options.name, "value": now, "says": f"{options.name} is {shown(now)} now."}


command = Command(
    "config set", "admin", "Change a setting of this server.", Options, run, permission="admin", discreet=True
)
