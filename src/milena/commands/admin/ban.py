"""/ban: take somebody out of the server for good, whether a member or not."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.effect import Details
from milena.domain.ids import PlayerId
from milena.domain.moderating import ID, act_on
from milena.domain.refusal import Refused
from milena.domain.spans import UNITS, seconds

LONGEST = 7 * UNITS["d"]
"""Seconds: https://docs.discord.com/developers/resources/guild#create-guild-ban"""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    member: Annotated[PlayerId, Meta(max_length=40, pattern=ID, description="who")]
    reason: Annotated[str, Meta(max_length=200, description="why; moderators will read it")] = ""
    forget: Annotated[
        str, Meta(max_length=40, description="remove what was written in the last 1h, 2d ... 7d at most")
    ] = ""


def run(desk: Desk, options: Options) -> Result:
    forget = seconds(options.forget, desk.invocation.locale) if options.forget else 0
    if forget > LONGEST:
        raise Refused("bad_time", "What was written in the last 7 days can be removed, no more.")
    return act_on(desk, "ban", options.member, options.reason, Details(options.member, forget=forget))


command = Command(
    "ban", "admin", "Take somebody out of the server for good.", Options, run, permission="moderator",
    discreet=True,
)  # fmt: skip
