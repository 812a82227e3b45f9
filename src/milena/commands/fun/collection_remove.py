"""/collection remove: a joke or a quote of the server's own is told no more."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.own_lines import RemoveLine


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    number: Annotated[int, Meta(ge=1, le=10**9, description="its number, as /collection list has it")]


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    desk.act("collection", asked.place.partition("/")[0], RemoveLine(options.number, asked.player))
    return {"number": options.number, "says": f"Line {options.number} is told no more."}


command = Command(
    "collection remove", "fun", "Remove a joke or a quote of this server's own.", Options, run,
    permission="moderator", discreet=True,
)  # fmt: skip
