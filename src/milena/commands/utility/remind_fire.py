"""/remind fire: what is due is told now. Milena asks for it herself; a front end delivers it."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.effect import Details, Intend
from milena.domain.ids import Place, PlayerId
from milena.domain.reminder import FireReminders, Reminders, due


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    reminder: Annotated[str, Meta(max_length=80, description="whose: the key of the member")]


def run(desk: Desk, options: Options) -> Result:
    now, key = desk.invocation.time, options.reminder
    before: Reminders = desk.state("reminder", key)
    desk.act("reminder", key, FireReminders(now))
    member = PlayerId(key.rpartition(":")[2])
    told = due(before, now)
    for each in told:
        details = Details(member, each.privately, due=each.at, late=now - each.at)
        about = f"reminder:{key}:{each.number}"
        desk.act("effect", desk.new_id(), Intend("message", about, Place(each.place), details))
    return {"member": key, "numbers": [each.number for each in told]}


command = Command("remind fire", "utility", "Tell what is due.", Options, run, internal=True)
