"""/config permissions revoke: keep a role, a user or everyone from a command or a category."""

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.permitting import Rule, change
from milena.domain.guild.targets import target
from milena.domain.refusal import Refused


def run(desk: Desk, options: Rule) -> Result:
    what = target(desk.commands, options.command)
    if desk.commands.get(what.removeprefix("/"), command).personal:
        raise Refused("not_revocable", f"{what} is about who asks alone, and can't be revoked.")
    return change(desk, options, "revoked", "is revoked from")


command = Command(
    "config permissions revoke", "admin", "Keep somebody from a command, or all of a category.", Rule, run,
    permission="admin", discreet=True,
)  # fmt: skip
