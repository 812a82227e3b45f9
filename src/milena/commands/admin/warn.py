"""/warn: warn a member, who is told privately."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.effect import Details
from milena.domain.ids import PlayerId
from milena.domain.moderating import ID, act_on


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    member: Annotated[PlayerId, Meta(max_length=40, pattern=ID, description="who")]
    reason: Annotated[str, Meta(min_length=1, max_length=200, description="why; the member will read it")]


def run(desk: Desk, options: Options) -> Result:
    return act_on(desk, "warn", options.member, options.reason, Details(options.member, privately=True))


command = Command("warn", "admin", "Warn a member.", Options, run, permission="moderator", discreet=True)
