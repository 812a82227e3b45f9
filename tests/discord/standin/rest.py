"""What a route is, and what it is given: the ids of its path, the body in JSON or in parts, the files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from .errors import NOT_JSON, UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, Json
from .world import Channel, Guild, Message

if TYPE_CHECKING:
    from .server import StandIn


@dataclass
class Ask:
    """One call, as a route sees it."""

    discord: StandIn
    name: str
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    files: dict[str, bytes] = field(default_factory=dict)
    filenames: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    arrived: float = 0.0
    """``time.perf_counter()``, before the body was read."""

    @property
    def said(self) -> Json:
        """The body, which has to be an object."""
        if not isinstance(self.body, dict):
            raise NOT_JSON
        return self.body

    def channel(self) -> Channel:
        found = self.discord.world.channels.get(self.ids["channel"])
        if found is None or (found.guild and not found.guild.has_bot):
            raise UNKNOWN_CHANNEL
        return found

    def message(self) -> Message:
        found = self.channel().messages.get(self.ids["message"])
        if found is None or found.deleted or found.only_for:
            raise UNKNOWN_MESSAGE
        return found

    def guild(self) -> Guild:
        found = self.discord.world.guilds.get(self.ids["guild"])
        if found is None or not found.has_bot:
            raise UNKNOWN_GUILD
        return found


Handler = Callable[[Ask], Any]


@dataclass
class Route:
    method: str
    path: str
    handler: Handler
    auth: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


class Routes:
    """A table of routes, filled by decorators. What a handler returns is the answer; None means 204."""

    def __init__(self) -> None:
        self.table: list[Route] = []

    def __call__(self, method: str, path: str, *, auth: bool = True) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.table.append(Route(method, path, handler, auth))
            return handler

        return add


async def read(discord: StandIn, route: Route, request: web.Request, arrived: float) -> Ask:
    """The call in ``request``."""
    ask = Ask(discord, route.name, request.match_info, request.query, arrived=arrived)
    reason = request.headers.get("X-Audit-Log-Reason")
    ask.reason = unquote(reason) if reason is not None else None
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            content = bytes(await part.read(decode=True))
            if part.name == "payload_json":
                ask.body = _json(content)
            else:
                name = part.name or ""
                ask.files[name] = content
                ask.filenames[name] = part.filename or name
                ask.types[name] = part.headers.get("Content-Type", "application/octet-stream")
        return ask
    content = await request.read()
    if content:
        ask.body = _json(content)
    return ask


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        raise NOT_JSON from None
