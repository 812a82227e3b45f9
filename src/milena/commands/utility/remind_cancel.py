"""/remind cancel: forget a reminder."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.member import key as member_key
from milena.domain.reminder import CancelReminder


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    number: Annotated[int, Meta(ge=1, description="its number; /remind list shows it")]


def run(desk: Desk, options: Options) -> Result:
    key = member_key(desk.guild.key, desk.invocation.player)
    desk.act("reminder", key, CancelReminder(options.number))
    return {"number": options.number, "says": f"Reminder {options.number} is cancelled."}


command = Command("remind cancel", "utility", "Forget a reminder.", Options, run, discreet=True)
