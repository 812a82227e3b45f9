"""Who may use which command: the most specific rule decides, and can be named.

1. The owner of a server may use everything; its admins may use what is made for admins. So nobody can be
   locked out of the commands that would let them in again. What Milena keeps of somebody, and that they
   become unknown, is theirs to ask for: nobody takes it from them.
2. A rule on the command itself goes before one on its category.
3. Of those, a rule for the user goes before those for roles, and these before the one for everyone.
4. Of several roles, all have to be granted: whoever is in a role that was revoked stays out.
5. Without a rule the command says itself who may use it: everyone, moderators, or admins.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from milena.domain.command import Command, Invocation
from milena.domain.guild.state import Guild
from milena.domain.refusal import Refused, role
from milena.domain.spelling import typed

EVERYONE = "everyone"


class Ruling(NamedTuple):
    """``rule``: what decided, in words; ``<id>`` stands for the name of that player. ``authority`` is the
    same for the log: empty where the command is for everyone."""

    allowed: bool
    rule: str
    authority: str = ""


def ruling(guild: Guild, command: Command, invocation: Invocation) -> Ruling:
    """Whether the one who calls may use ``command``, and by which rule."""
    if command.personal:
        return Ruling(True, "it is about who asks alone")
    if invocation.owner:
        return Ruling(True, "the owner of a server may use everything", "owner")
    if invocation.admin and command.permission == "admin":
        return Ruling(True, "it is for the admins of a server", "admin")
    for target in (f"/{command.name}", command.category):
        rules = guild.rules.get(target)
        subject = _most_specific(rules, invocation.player, invocation.roles) if rules else None
        if rules is not None and subject is not None:
            may = rules[subject]
            word = "granted to" if may else "revoked from"
            return Ruling(may, f"{target} is {word} {told(subject)}", f"{subject} {target}")
    return _default(guild, command, invocation)


def _most_specific(rules: dict[str, bool], player: str, roles: Iterable[str]) -> str | None:
    """Who of these the rule is about that decides."""
    if f"user:{player}" in rules:
        return f"user:{player}"
    mine = sorted(f"role:{role}" for role in roles if f"role:{role}" in rules)
    if mine:
        return min(mine, key=lambda subject: rules[subject])  # what is revoked comes first
    return EVERYONE if EVERYONE in rules else None


def has_moderators_role(guild: Guild, roles: Collection[str]) -> bool:
    """Whether one of these is the role that this server has set."""
    return guild.settings.get("moderators") in roles


def is_moderator(guild: Guild, invocation: Invocation) -> bool:
    """Whether the one who calls is a moderator here: by what the front end says, or by the role that this
    server has set; or more than that."""
    own = has_moderators_role(guild, invocation.roles)
    return own or invocation.moderator or invocation.admin or invocation.owner


def _default(guild: Guild, command: Command, invocation: Invocation) -> Ruling:
    match command.permission:
        case "everyone":
            return Ruling(True, "it is for everyone")
        case "moderator":
            return Ruling(is_moderator(guild, invocation), "it is for moderators", "moderator")
        case "admin":
            return Ruling(False, "it is for the admins of a server", "admin")


def check_permission(guild: Guild, command: Command, invocation: Invocation) -> str:
    """Returns by which authority the command may be used, for the log. Raises Refused."""
    if not guild.rules and command.permission == "everyone":
        return ""
    found = ruling(guild, command, invocation)
    if found.allowed:
        return found.authority
    if found.authority in ("moderator", "admin"):
        who = "moderators" if found.authority == "moderator" else "admins of this server"
        code = "not_a_moderator" if found.authority == "moderator" else "not_an_admin"
        raise Refused(code, f"Only {who} may use /{typed(command.name)}.")
    raise Refused(
        "not_permitted",
        f"You may not use /{typed(command.name)} here: {found.rule}. An admin can change that with "
        "/config permissions.",
    )


def told(subject: str) -> str:
    """A subject in words; ``<id>`` stands for the name of a player."""
    kind, _, key = subject.partition(":")
    return f"<{key}>" if kind == "user" else role(key) if kind == "role" else subject
