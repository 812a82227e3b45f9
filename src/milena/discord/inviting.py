"""The link by which Milena is invited to a server, with exactly the permissions that she needs.

https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow
"""

import base64
import binascii
import re
from urllib.parse import urlencode

NEEDED = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Send Messages in Threads": 1 << 38,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Manage Messages": 1 << 13,
    "Kick Members": 1 << 1,
    "Ban Members": 1 << 2,
    "Time out members": 1 << 40,
}
"""By Discord's names: boards in channels and threads, with pictures; and what moderators ask Milena to do."""
TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}")
"""What a bot's token looks like."""


def permissions() -> int:
    return sum(NEEDED.values())


def link(application: str) -> str:
    """``application``: the application's id."""
    asked = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": permissions(),
        "integration_type": 0,
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"


def application_of(token: str) -> str | None:
    """The application's id, which is the first part of its bot's token; None where it is none."""
    first = token.partition(".")[0]
    try:
        id = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return id if id.isdigit() and len(id) >= 15 else None


def looks_like_token(token: str) -> bool:
    return TOKEN.fullmatch(token) is not None and application_of(token) is not None


def check(token: str) -> str:
    """What is wrong with a token, by its looks; empty where nothing is. The token itself is not told."""
    if token.lower().startswith("bot "):
        return "it begins with a word that is none of it"
    if not looks_like_token(token):
        return "it does not look like a bot's token"
    return ""
