"""Limits of games: how many there may be, and how long they wait for people."""

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

HOUR = 3600
DAY = 24 * HOUR

Count = Annotated[int, Meta(ge=0, le=1_000_000)]


class GameLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """0 is no limit. How many games are open is not limited in the terminal, where only its owner plays."""

    guild: Annotated[Count, Meta(description="games open at once in a guild")] = 10
    channel: Annotated[Count, Meta(description="games open at once in a channel")] = 5
    member: Annotated[Count, Meta(description="open games of one kind that a member may play in a guild")] = 1
    players: Annotated[Count, Meta(description="players of one game")] = 0
    invitation: Annotated[int, Meta(ge=1, le=30 * DAY, description="seconds that an invitation stands")] = (
        HOUR
    )
    waiting: Annotated[
        int,
        Meta(ge=0, le=365 * DAY, description="seconds until a game that does not begin is given up"),
    ] = 7 * DAY
    idle: Annotated[
        int,
        Meta(ge=0, le=3650 * DAY, description="seconds until a game that nobody plays on is given up"),
    ] = 30 * DAY

    def within(self, guild: str) -> "GameLimits":
        """The limits that hold in this guild."""
        if guild != "terminal":
            return self
        return replace(self, guild=0, channel=0, member=0)
