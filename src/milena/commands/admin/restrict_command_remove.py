"""/restrict command remove: lift a restriction."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.requests import Lift


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    number: Annotated[int, Meta(ge=1, description="its number; /restrict command list shows it")]


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    desk.act("guild", desk.guild.key, Lift(options.number, asked.player, asked.time))
    return {"number": options.number, "says": f"Restriction {options.number} is lifted."}


command = Command(
    "restrict command remove", "admin", "Lift a restriction.", Options, run, permission="admin", discreet=True
)
