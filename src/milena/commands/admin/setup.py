"""/setup: what is set here and what is not, and what suits most servers."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.guild import Guild
from milena.domain.guild.requests import ChangeSetting
from milena.domain.guild.settings import RECOMMENDED, SETTINGS, setting, shown
from milena.domain.refusal import Refused


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    apply: Annotated[
        Literal["", "recommended"], Meta(description="set what is recommended, where nothing is set")
    ] = ""


def run(desk: Desk, options: Options) -> Result:
    if not options.apply:
        return {}
    asked, open_ = desk.invocation, _open(desk.guild)
    if not open_:
        raise Refused("unchanged", "All that is recommended is set already; /config view shows how.")
    for name, value in open_.items():
        desk.act("guild", desk.guild.key, ChangeSetting(name, value, asked.player, asked.time))
    return {"set": list(open_)}


def _open(guild: Guild) -> dict[str, Any]:
    """What is recommended, and was not set here: what somebody has set stays as it is."""
    return {name: value for name, value in RECOMMENDED.items() if name not in guild.settings}


def show(sight: Sight, options: Options, result: Result) -> Result:
    guild, open_ = sight.guild, _open(sight.guild)
    lines = [f"Set now: {', '.join(result['set'])}."] if "set" in result else []
    for each in SETTINGS.values():
        if each.name in guild.settings:
            lines.append(f"✓ {each.name}: {shown(setting(guild, each.name))}")
        else:
            advice = f"; recommended: {shown(open_[each.name])}" if each.name in open_ else ""
            lines.append(f"– {each.name}: {shown(each.default)}{advice}")
        lines.append(f"  {each.help}")
    rules = sum(map(len, guild.rules.values()))
    lines.append(f"{'✓' if rules else '–'} permissions: {rules or 'no'} rule{'s' * (rules != 1)} of your own")
    lines.append("Change one with: /config set, or who may use what with: /config permissions grant.")
    actions = [Action("Set what is recommended", "setup", {"apply": "recommended"}, "good")] if open_ else []
    actions.append(Action("Which commands there are", "help"))
    return {"says": "\n".join(lines), "actions": actions}


command = Command(
    "setup", "admin", "See what is set here and what is not, and set what suits most.", Options, run,
    permission="admin", discreet=True, show=show,
)  # fmt: skip
