"""/remind list: when I will remind you. Of what is told in time only: answers are in the log, unsealed."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.member import key as member_key
from milena.domain.refusal import moment
from milena.domain.reminder import Reminders


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    state: Reminders = desk.state("reminder", member_key(desk.guild.key, desk.invocation.player))
    lines = [
        f"{each.number}. {moment(each.at)}{', again and again' if each.every else ''}" for each in state.open
    ]
    return {"numbers": [each.number for each in state.open], "says": "\n".join(lines) or "Nothing to come."}


command = Command("remind list", "utility", "List your reminders.", Options, run, discreet=True)
