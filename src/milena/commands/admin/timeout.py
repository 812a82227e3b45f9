"""/timeout: let a member neither write nor speak for a while."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.effect import Details
from milena.domain.ids import PlayerId
from milena.domain.moderating import ID, act_on
from milena.domain.refusal import Refused
from milena.domain.spans import UNITS, seconds

LONGEST = 28 * UNITS["d"]
"""Seconds: https://docs.discord.com/developers/resources/guild#modify-guild-member"""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    member: Annotated[PlayerId, Meta(max_length=40, pattern=ID, description="who")]
    during: Annotated[str, Meta(max_length=40, description="for how long, such as 10m or 2h; 28d at most")]
    reason: Annotated[str, Meta(max_length=200, description="why; moderators will read it")] = ""


def run(desk: Desk, options: Options) -> Result:
    during = seconds(options.during, desk.invocation.locale)
    if during > LONGEST:
        raise Refused("bad_time", "A time-out lasts 28 days at most.")
    until = desk.invocation.time + during * 1000
    details = Details(options.member, until=until)
    return act_on(desk, "timeout", options.member, options.reason, details, until)


command = Command(
    "timeout", "admin", "Silence a member for a while.", Options, run, permission="moderator", discreet=True
)
