"""Allowed mentions: which are well-formed, and whom a message would ping."""

import re
from dataclasses import dataclass, field

from .errors import Form, Json

KINDS = ("roles", "users", "everyone")
CODE = re.compile(r"```.*?```|``.*?``|`[^`\n]*`", re.DOTALL)
"""Nothing inside code pings. That a backslash before ``<@`` stops one is not documented: here it does not."""
USER, ROLE, EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)")


@dataclass
class Pings:
    """Whom a message would have pinged."""

    users: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


def check(form: Form, path: str, allowed: object) -> None:
    """``allowed`` is an allowed_mentions object."""
    if allowed is None:
        return
    said = form.table(path, allowed)
    parse = form.items(f"{path}.parse", said.get("parse"), 3)
    for number, kind in enumerate(parse):
        form.choice(f"{path}.parse.{number}", kind, KINDS)
    for kind in ("users", "roles"):
        listed = form.items(f"{path}.{kind}", said.get(kind), 100)
        if listed and kind in parse:
            form.wrong(
                path,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )
        if len(set(map(str, listed))) != len(listed):
            form.wrong(
                f"{path}.{kind}", "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value."
            )


def pings(
    content: str, allowed: Json | None, *, may_all: bool, mentionable: set[str], answered: str | None = None
) -> Pings:
    """Whom ``content`` pings, where ``answered`` is the author of the message that it replies to.

    Without allowed_mentions everything counts that the bot may ping. For answers to interactions that may be
    more than Discord does; a bot that relies on less would be found out here, which is the safe side.
    """
    written = CODE.sub("", content)
    users, roles = set(USER.findall(written)), set(ROLE.findall(written))
    everyone = bool(EVERYONE.search(written))
    if allowed is not None:
        parse = allowed.get("parse") or []
        if "users" not in parse:
            users &= {str(each) for each in allowed.get("users") or []}
        if "roles" not in parse:
            roles &= {str(each) for each in allowed.get("roles") or []}
        everyone = everyone and "everyone" in parse
        if answered and allowed.get("replied_user"):
            users.add(answered)
    elif answered:
        users.add(answered)
    return Pings(users, roles if may_all else roles & mentionable, everyone and may_all)
