"""What a path of Discord's REST API is: its route, and whose rate limit a call counts against.

https://docs.discord.com/developers/topics/rate-limits
"""

from msgspec import Struct

MAJOR = ("channels", "guilds", "webhooks")
"""What the limit of a route is kept apart for: the id behind it; for a webhook its token too."""


class Route(Struct, frozen=True):
    """``name``: method and path without ids, fit for a log. ``major``: the id that has limits of its own.
    ``exempt``: of an interaction, which Discord leaves out of the limit for all calls together."""

    name: str
    major: str = ""
    exempt: bool = False


def route_of(method: str, path: str) -> Route:
    """``PATCH /channels/1/messages/2`` is ``PATCH /channels/*/messages/*`` of the channel 1."""
    words = path.partition("?")[0].strip("/").split("/")
    exempt = words[0] == "interactions" or (words[0] == "webhooks" and len(words) > 2)
    secret = 2 if exempt else -1
    shown = "/".join(
        "*" if word.isdigit() or place == secret or word == "@original" else word
        for place, word in enumerate(words)
    )
    major = "/".join(words[1:3] if words[0] == "webhooks" else words[1:2]) if words[0] in MAJOR else ""
    return Route(f"{method} /{shown}", major, exempt)
