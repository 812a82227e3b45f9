"""The throttle: how many commands people may give in a minute."""

from typing import Annotated

from msgspec import Meta, Struct

MINUTE = 60_000
"""In ms."""

MEMBER, GUILD = "throttled", "guild_throttled"
"""The codes of what is refused for it."""
CODES = (MEMBER, GUILD)

Rate = Annotated[int, Meta(ge=0, le=100_000)]


class Throttle(Struct, frozen=True, forbid_unknown_fields=True):
    """0 is no limit. The terminal, where only its owner sits, has none."""

    member: Annotated[Rate, Meta(description="commands of one member in any minute")] = 20
    guild: Annotated[Rate, Meta(description="commands of a whole guild in any minute")] = 100
