"""How rules of permission are changed: what /config permissions grant, revoke and clear have in common."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Desk, Result
from milena.domain.guild.events import Effect
from milena.domain.guild.permissions import told
from milena.domain.guild.requests import ChangePermission
from milena.domain.guild.targets import check_own, subject, target
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    command: Annotated[str, Meta(max_length=40, description="a command, such as /open, or a category")]
    role: Annotated[str, Meta(max_length=40, description="for whom: a role; without both, everyone")] = ""
    user: Annotated[PlayerId, Meta(max_length=40, description="for whom: a user")] = PlayerId("")


def change(desk: Desk, rule: Rule, effect: Effect, words: str) -> Result:
    """Let a rule have this effect; ``words`` tell it, such as "is granted to". Raises Refused."""
    asked = desk.invocation
    who, what = subject(rule.role, rule.user), target(desk.commands, rule.command)
    command = desk.commands.get(what.removeprefix("/"))
    if effect == "revoked" and command is not None and command.personal:
        raise Refused("not_revocable", f"{what} is about who asks alone, and can't be revoked.")
    check_own(desk.commands, desk.guild, asked, what)
    desk.act("guild", desk.guild.key, ChangePermission(who, what, effect, asked.player, asked.time))
    return {"target": what, "subject": who, "says": f"{what} {words} {told(who)} now."}
