"""One look at what Milena uses."""

from msgspec import Struct

UNITS = {
    "command": "ms", "commands": "/s", "memory": "MB", "cpu": "%", "loop": "ms", "queue": "", "lag": "events",
    "network": "MB/s", "store": "MB", "growth": "MB/day", "logs": "MB/day", "disk": "MB",
}  # fmt: skip
"""What is sampled, and in which unit. ``command``: what 95 of 100 took at most; ``loop``: by how much the
event loop is late; ``lag``: how far the read models are behind; ``growth``: of the store."""


class Sample(Struct, frozen=True):
    """``time`` in seconds since 1970; ``values`` see :data:`UNITS`."""

    time: float
    values: dict[str, float]
