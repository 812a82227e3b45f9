"""/remind me: be told something later, here or privately, once or again and again."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.member import key as member_key
from milena.domain.moments import on_the_wall, parse
from milena.domain.refusal import moment
from milena.domain.reminder import Remind, own_zone, zone


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    when: Annotated[str, Meta(max_length=60, description="in 2h, tomorrow 9:00, friday, every day 18:00")]
    text: Annotated[str, Meta(min_length=1, max_length=500, description="of what; sealed in the log")]
    privately: Annotated[bool, Meta(description="by a direct message, not here")] = False


def run(desk: Desk, options: Options) -> Result:
    asked, clock = desk.invocation, own_zone(desk)
    key = member_key(desk.guild.key, asked.player)
    when = parse(options.when, asked.time, zone(clock), asked.locale)
    request = Remind(options.text, when.at, asked.place, clock, when.every, options.privately)
    number = desk.act("reminder", key, request).count
    again = ", and again after that" if when.every else ""
    wall = on_the_wall(when.at, zone(clock))
    says = f"I will remind you {moment(when.at)}{again} ({wall}, {clock}; number {number})."
    return {"number": number, "at": when.at, "says": says}


command = Command(
    "remind me", "utility", "Be told something later.", Options, run, private=("text",), discreet=True
)
