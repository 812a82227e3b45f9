"""/flood: record how many commands of a member the throttle refused. Milena asks for it herself, when the
minute is over."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.ids import PlayerId
from milena.domain.member import CommandThrottled
from milena.domain.member import key as member_key

Time = Annotated[int, Meta(ge=0)]


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    member: Annotated[PlayerId, Meta(description="whose commands were refused")]
    refused: Annotated[int, Meta(ge=1, description="how many, beside the first, which is recorded")]
    since: Annotated[Time, Meta(description="from when, in ms since 1970")]
    until: Annotated[Time, Meta(description="until when, in ms since 1970")]


def run(desk: Desk, options: Options) -> Result:
    guild = desk.invocation.place.partition("/")[0]
    event = CommandThrottled(options.refused, options.since, options.until)
    desk.act("member", member_key(guild, options.member), event)
    return {"refused": options.refused}


command = Command(
    "flood", "admin", "Record how many commands of a member were refused.", Options, run, internal=True
)
