"""Snowflakes: Discord's ids, ordered by time."""

from .clock import Clock

EPOCH = 1_420_070_400_000
"""Milliseconds from 1970 to the first of 2015."""


class Snowflakes:
    """One a millisecond at most, so that the order of ids is the order of creation."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> str:
        self._last = max(self._last + 1, int(self._clock.now() * 1000) - EPOCH)
        return str(self._last << 22)


def guild_id(number: int) -> str:
    """The ``number``-th guild: shard ``number % shards`` serves it."""
    return str((2**36 + number) << 22)


def shard_of(guild: str | None, shards: int) -> int:
    """Direct messages, which have no guild, go to shard 0."""
    return 0 if guild is None else (int(guild) >> 22) % shards


def created(snowflake: str) -> float:
    """When the id was made, in seconds since 1970."""
    return ((int(snowflake) >> 22) + EPOCH) / 1000
