"""The link by which Milena is invited to a server, with exactly the permissions that she needs.

https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow
"""

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
    "Timeout Members": 1 << 40,
}
"""By Discord's names: boards in channels and threads, with pictures; and what moderators ask Milena to do."""


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
