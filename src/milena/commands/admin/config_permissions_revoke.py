"""/config permissions revoke: keep a role, a user or everyone from a command or a category."""

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.permitting import Rule, change


def run(desk: Desk, options: Rule) -> Result:
    return change(desk, options, "revoked", "is revoked from")


command = Command(
    "config permissions revoke", "admin", "Keep somebody from a command, or all of a category.", Rule, run,
    permission="admin", discreet=True,
)  # fmt: skip
