"""/maintenance on: open no new games for a while."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.requests import SetMaintenance


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(max_length=200, description="why; who is refused will read it")] = ""


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    desk.act("guild", desk.guild.key, SetMaintenance(True, asked.player, asked.time, options.reason))
    return {"says": "No new games from now on; those that are open go on."}


command = Command(
    "maintenance on", "admin", "Open no new games for a while; those that are open go on.", Options, run,
    permission="admin",
)  # fmt: skip
