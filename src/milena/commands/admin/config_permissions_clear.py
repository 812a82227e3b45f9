"""/config permissions clear: take a rule back, so that a less specific one decides again."""

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.permitting import Rule, change


def run(desk: Desk, options: Rule) -> Result:
    return change(desk, options, "", "is neither granted to nor revoked from")


command = Command(
    "config permissions clear", "admin", "Take a rule of permission back.", Rule, run,
    permission="admin", discreet=True,
)  # fmt: skip
