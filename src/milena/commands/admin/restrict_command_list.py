"""/restrict command list: which commands rest here, for whom, and until when."""

from msgspec import Struct, to_builtins

from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.guild.restrictions import described, is_over


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    here = [each for each in sight.guild.restrictions if not is_over(each, sight.invocation.time)]
    lines = [f"/{each.command} ({described(each)}){': ' * bool(each.reason)}{each.reason}" for each in here]
    return {"restrictions": to_builtins(here), "says": "\n".join(lines) or "No command is restricted here."}


command = Command(
    "restrict command list", "admin", "List the restrictions of commands.", Options, run, permission="admin",
    discreet=True, show=show,
)  # fmt: skip
