"""/remind fire: what is due is told now. Milena asks for it herself; the front end delivers it."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.reminder import FireReminders, Reminders, due


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    reminder: Annotated[str, Meta(max_length=80, description="whose: the key of the member")]


def run(desk: Desk, options: Options) -> Result:
    now = desk.invocation.time
    before: Reminders = desk.state("reminder", options.reminder)
    desk.act("reminder", options.reminder, FireReminders(now))
    return {"member": options.reminder, "numbers": [each.number for each in due(before, now)]}


command = Command("remind fire", "utility", "Tell what is due.", Options, run, internal=True)
