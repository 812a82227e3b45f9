"""/config permissions grant: let a role, a user or everyone use a command or a category."""

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.permitting import Rule, change


def run(desk: Desk, options: Rule) -> Result:
    return change(desk, options, "granted", "is granted to")


command = Command(
    "config permissions grant", "admin", "Let somebody use a command, or all of a category.", Rule, run,
    permission="admin", discreet=True,
)  # fmt: skip
