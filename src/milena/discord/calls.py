"""What the rest of the adapter needs of Discord's REST API."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from milena.discord.message import File
from milena.ops.errors import Kind

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class ApiError(Exception):
    """Discord said no, or could not be reached after all tries.

    ``status``  of HTTP; 0 where there was no answer. ``code``: Discord's own (10008 unknown message, 10062
    unknown interaction, 40060 already acknowledged, 50013 missing permissions), 0 where it gave none.
    ``again``: an earlier try may have been carried out, whose answer was lost.
    """

    again = False

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{message} (HTTP {status}, code {code})")
        self.status, self.code, self.message = status, code, message
        self.failure: Kind = "discord" if status else "network"


class Calls(Protocol):
    """Requests, each within Discord's rate limits, tried again where that is safe and helps."""

    async def request(
        self,
        method: Method,
        path: str,
        body: Any = None,
        files: Sequence[File] = (),
        reason: str = "",
        patience: float = 60.0,
    ) -> Any:
        """What Discord answers, decoded. ``path`` begins behind ``/api/v10``; ``reason`` is for the server's
        audit log; ``patience`` in seconds, for all tries together. Raises ApiError."""
