"""/remind list: of what I will remind you, and when."""

from msgspec import Struct

from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.member import key as member_key
from milena.domain.moments import on_the_wall
from milena.domain.refusal import moment
from milena.domain.reminder import Reminders, own_zone, zone


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    """The texts are sealed in the log: so nothing of them may be in what is recorded."""
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    state: Reminders = sight.state("reminder", member_key(sight.guild.key, sight.invocation.player))
    clock = zone(own_zone(sight))
    lines = [
        f"{each.number}. {moment(each.at)} ({on_the_wall(each.at, clock)})"
        f"{', again and again' if each.every else ''}: {each.text}"
        for each in state.open
    ]
    return {
        "numbers": [each.number for each in state.open],
        "says": "\n".join(lines) or "Nothing to come.",
        "actions": [
            Action(f"Cancel {each.number}", "remind cancel", {"number": each.number}) for each in state.open
        ],
    }


command = Command("remind list", "utility", "List your reminders.", Options, run, discreet=True, show=show)
