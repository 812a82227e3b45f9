"""/timezone set: where your own clock hangs; without a zone, where the server's does."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.settings import check_timezone
from milena.domain.member import key as member_key
from milena.domain.reminder import SetZone, hangs


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    zone: Annotated[str, Meta(max_length=64, description="such as Europe/Paris; empty: the server's")] = ""


def run(desk: Desk, options: Options) -> Result:
    zone = options.zone.strip()
    if zone:
        check_timezone(zone)
    desk.act("reminder", member_key(desk.guild.key, desk.invocation.player), SetZone(zone))
    return {"zone": zone, "says": f"Your clock hangs {hangs(zone)} now: times that you type are meant there."}


command = Command("timezone set", "utility", "Say where your own clock hangs.", Options, run, discreet=True)
