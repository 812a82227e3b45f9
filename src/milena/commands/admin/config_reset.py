"""/config reset: give a setting of this server its default again."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.requests import ChangeSetting
from milena.domain.guild.settings import find_setting


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=40, description="which one; /config view shows them")]


def run(desk: Desk, options: Options) -> Result:
    asked, found = desk.invocation, find_setting(options.name)
    desk.act("guild", desk.guild.key, ChangeSetting(found.name, None, asked.player, asked.time))
    return {"name": found.name, "value": found.default, "says": f"{found.name} has its default again."}


command = Command(
    "config reset", "admin", "Give a setting its default again.", Options, run, permission="admin",
    discreet=True,
)  # fmt: skip
