"""/config view: what this server has set, and what it could set."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.guild.settings import SETTINGS, find_setting, setting, shown


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=40, description="one setting; without it, all of them")] = ""


def run(desk: Desk, options: Options) -> Result:
    if options.name:
        find_setting(options.name)
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    wanted = [find_setting(options.name)] if options.name else list(SETTINGS.values())
    values = {each.name: setting(sight.guild, each.name) for each in wanted}
    lines = []
    for each in wanted:
        default = "" if each.name in sight.guild.settings else " (default)"
        lines.append(f"{each.name}: {shown(values[each.name])}{default}")
        lines.append(f"  {each.help}: {each.wanted}")
    return {"settings": values, "says": "\n".join(lines)}


command = Command(
    "config view",
    "admin",
    "Show the settings of this server.",
    Options,
    run,
    permission="admin",
    discreet=True,
    show=show,
)
