"""/timezone show: where your own clock hangs, and what it shows."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.moments import on_the_wall
from milena.domain.reminder import own_zone, zone


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    own = own_zone(desk)
    now = on_the_wall(desk.invocation.time, zone(own))
    return {"zone": own, "says": f"Your clock hangs in {own}, where it is {now}."}


command = Command("timezone show", "utility", "Ask where your own clock hangs.", Options, run, discreet=True)
