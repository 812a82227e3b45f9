"""/maintenance off: let new games be opened again."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.requests import SetMaintenance


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    desk.act("guild", desk.guild.key, SetMaintenance(False, asked.player, asked.time))
    return {"says": "New games may be opened again."}


command = Command(
    "maintenance off", "admin", "Let new games be opened again.", Options, run, permission="admin"
)
