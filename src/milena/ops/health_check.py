"""Whether this process lives, and whether it can serve: for whoever supervises it."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

NEAR = 1000
"""Events that read models may be behind the log and still count as near it."""


class Writes(Protocol):
    """The engine, as far as its health needs it."""

    @property
    def is_running(self) -> bool: ...

    @property
    def trouble(self) -> str: ...


class Follows(Protocol):
    @property
    def is_running(self) -> bool: ...


class Health(Struct, frozen=True):
    """``connected``: to Discord; ``lag``: events that the read models are behind, which may raise."""

    engine: Writes
    follower: Follows
    connected: Callable[[], bool]
    lag: Callable[[], int]

    def lives(self) -> dict[str, str]:
        """What is wrong so that only a new process can help, by its name; empty where nothing is."""
        found = {}
        if not self.engine.is_running:
            found["writer"] = "its thread has ended"
        if not self.follower.is_running:
            found["follower"] = "its thread has ended"
        return found

    def ready(self) -> dict[str, str]:
        """What keeps it from serving, by its name; empty where nothing does."""
        found = self.lives()
        if self.engine.trouble:
            found["store"] = self.engine.trouble
        if not self.connected():
            found["discord"] = "the gateway is not connected"
        try:
            lag = self.lag()
        except Exception as error:
            found["log"] = f"it can't be read: {error}"
        else:
            if lag > NEAR:
                found["read models"] = f"{lag} events behind"
        return found
