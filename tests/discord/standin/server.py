"""The stand-in itself: a server on a free port of loopback, with the REST API and the gateway."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from . import permissions
from .clock import Clock
from .errors import NO_ROUTE, UNAUTHORIZED, Form, Json, Refusal
from .faults import CLOUDFLARE, Faults, OnCall
from .gateway import Gateway
from .ids import Snowflakes
from .interactions import Desk
from .limits import Limited, Limits
from .people import Person
from .record import Call, Record, Refused
from .rest import Route, read
from .routes import ALL
from .settings import Settings
from .world import Channel, Guild, Member, Message, Role, World

HOST = "127.0.0.1"
PREFIX = "/api/v10"


class StandIn:
    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.clock = Clock()
        self.ids = Snowflakes(self.clock)
        self.world = World(self.clock, self.ids)
        self.record = Record()
        self.limits = Limits(self.clock, self.settings)
        self.faults = Faults(self)
        self.gateway = Gateway(self)
        self.desk = Desk(self)
        self.commands: dict[str | None, dict[str, Json]] = {}
        """By guild (None: everywhere) and id."""
        self.uploads: dict[str, bytes] = {}
        """What was attached, by address."""
        self.port = 0
        self.in_use: set[asyncio.Transport] = set()
        """The connections that carry a call or a websocket just now."""
        self._troubled: set[str] = set()
        """Tokens of interactions that met a fault: what comes late or twice then is not the bot's doing."""
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None

    # Running.

    async def __aenter__(self) -> StandIn:
        logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_get("/gateway", self.gateway.connect)
        application.router.add_get("/resume", self.gateway.connect)
        application.router.add_get("/cdn/{path:.*}", self._download)
        # "/commands/permissions" has to be looked for before "/commands/{command}".
        for route in sorted(ALL, key=lambda each: each.path.count("{")):
            application.router.add_route(route.method, PREFIX + route.path, self._serving(route))
        application.router.add_route("*", "/{path:.*}", self._serving(None))
        self._runner = web.AppRunner(application, handle_signals=False, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.accept()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.refuse()
        for each in list(self.gateway.connections):
            each.abort()
        if self._runner:
            await self._runner.cleanup()

    async def accept(self) -> None:
        """Take connections, again."""
        assert self._runner
        assert self._runner.server
        if self._listener is None:
            loop = asyncio.get_running_loop()
            self._listener = await loop.create_server(self._runner.server, HOST, self.port)
            self.port = self._listener.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Take no more connections. Those in use stay, but none that a client keeps for later."""
        if self._listener:
            self._listener.close()
            self._listener = None
        assert self._runner
        assert self._runner.server
        for each in self._runner.server.connections:
            if each.transport and each.transport not in self.in_use:
                each.transport.close()

    @property
    def api(self) -> str:
        """The base of the REST API, as ``MILENA_DISCORD_API`` has it."""
        return f"http://{HOST}:{self.port}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        return f"ws://{HOST}:{self.port}/gateway"

    @property
    def resume_url(self) -> str:
        return f"ws://{HOST}:{self.port}/resume"

    @property
    def cdn(self) -> str:
        return f"http://{HOST}:{self.port}/cdn"

    async def until(self, condition: Callable[[], object], patience: float = 60.0) -> None:
        """Wait until it holds; fails when it never does."""
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, "it never came to that"
            await asyncio.sleep(0.005)

    async def ready(self, shards: int = 1, commands: bool = True) -> None:
        """Wait until a bot has so many shards connected, and its commands are here."""
        await self.until(lambda: len(self.gateway.connected()) >= shards)
        await self.until(lambda: not commands or any(self.commands.values()))

    # The world, and what happens in it without the bot.

    def guild(self, name: str, granted: int = permissions.EVERYONE) -> Guild:
        """A guild with one channel; the bot is in it and may do what is ``granted`` too."""
        guild = self.world.guild(name, granted)
        self.gateway.tell_guild("GUILD_CREATE", guild)
        return guild

    def person(self, name: str, guild: Guild | None = None, *roles: Role) -> Person:
        person = Person(self, self.world.user(name))
        return person.join(guild, *roles) if guild else person

    def remove_bot(self, guild: Guild) -> None:
        """Somebody throws the bot out: GUILD_DELETE, and its routes are unknown."""
        self.gateway.tell_guild("GUILD_DELETE", guild)
        guild.has_bot = False

    def invite_bot(self, guild: Guild) -> None:
        guild.has_bot = True
        self.gateway.tell_guild("GUILD_CREATE", guild)

    def delete_channel(self, channel: Channel) -> None:
        assert channel.guild
        self.gateway.tell_channel("CHANNEL_DELETE", channel)
        del self.world.channels[channel.id]
        del channel.guild.channels[channel.id]

    def delete_message(self, message: Message) -> None:
        """A moderator deletes it."""
        message.deleted = True
        self.gateway.tell_message("MESSAGE_DELETE", message)

    def leave(self, member: Member) -> None:
        del member.guild.members[member.user.id]

    def audit(self, guild: Guild | None, action: int, target: str, reason: str | None) -> None:
        """An entry of the audit log."""
        if guild:
            guild.audit.append({"action_type": action, "target_id": target, "reason": reason})

    # Serving.

    async def _download(self, request: web.Request) -> web.Response:
        """What was attached, as its address gives it."""
        found = self.uploads.get(f"http://{HOST}:{self.port}{request.path}")
        return web.Response(body=found) if found is not None else web.Response(status=404)

    def _serving(self, route: Route | None) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            arrived = time.perf_counter()
            path = request.path.removeprefix(PREFIX)
            call = Call(request.method, route.path if route else path, path, arrived)
            self.record.calls.append(call)
            fault = self.faults.take(call.name)
            call.fault = str(fault) if fault else None
            if fault and "token" in request.match_info:
                self._troubled.add(request.match_info["token"])
            transport = request.transport
            assert transport
            self.in_use.add(transport)
            try:
                response = await self._answer(route, request, call, fault)
            finally:
                self.in_use.discard(transport)
            call.ended = time.perf_counter()
            if response is None:
                transport.abort()
                return web.Response()
            call.status = response.status
            call.bytes_in += _size(request.headers.items()) + len(request.raw_path) + 16
            # aiohttp adds Date, Server and Content-Length when it sends.
            call.bytes_out = _size(response.headers.items()) + 110 + len(response.body or b"")  # type: ignore[arg-type]
            shared = response.headers.get("X-RateLimit-Scope") == "shared"
            self.limits.answered(response.status, shared=shared)
            return response

        return serve

    async def _answer(
        self, route: Route | None, request: web.Request, call: Call, fault: OnCall | None
    ) -> web.Response | None:
        """None: cut the connection."""
        if fault and not fault.after:
            if fault.kind == "slow":
                await asyncio.sleep(fault.seconds)
            elif fault.kind == "reset":
                return None
            else:
                return _faulty(fault)
        if self.limits.banned():
            return web.Response(
                status=429, text=CLOUDFLARE, content_type="text/html", headers={"Retry-After": "60"}
            )
        headers: dict[str, str] = {}
        try:
            if route is None:
                raise NO_ROUTE
            if route.auth and request.headers.get("Authorization") != f"Bot {self.settings.token}":
                raise UNAUTHORIZED
            limited, headers = self.limits.take(route.name, dict(request.match_info))
            if limited:
                self.record.refused.append(Refused("limited", 429, f"rate limit: {limited.scope}", call))
                return _limited(limited, headers)
            ask = await read(self, route, request, call.began)
            call.body, call.files, call.reason = ask.body, ask.files, ask.reason
            call.bytes_in += int(request.headers.get("Content-Length", 0))
            _check_reason(ask.reason)
            answer = route.handler(ask)
        except Refusal as refusal:
            kind = refusal.kind
            if kind == "interaction" and request.match_info.get("token") in self._troubled:
                kind = "gone"
            self.record.refused.append(Refused(kind, refusal.code, str(refusal), call))
            call.answer = refusal.json()
            response = _json(refusal.status, call.answer, headers)
        else:
            call.answer = answer
            response = _json(204 if answer is None else 200, answer, headers)
        if fault and fault.after:
            if fault.kind == "reset":
                return None
            await asyncio.sleep(fault.seconds)
        return response


def _check_reason(reason: str | None) -> None:
    if reason is not None and len(reason) > 512:
        form = Form()
        form.text("X-Audit-Log-Reason", reason, 512)
        form.check()


def _json(status: int, said: Any, headers: dict[str, str]) -> web.Response:
    if said is None:
        return web.Response(status=status, headers=headers)
    body = json.dumps(said, separators=(",", ":")).encode()
    # Without a charset, as Discord has it: interactions.py compares the whole header.
    return web.Response(status=status, body=body, headers=headers | {"Content-Type": "application/json"})


def _limited(limited: Limited, headers: dict[str, str]) -> web.Response:
    return _json(429, limited.json(), headers | limited.headers())


def _faulty(fault: OnCall) -> web.Response:
    if fault.refusal:
        return _json(fault.refusal.status, fault.refusal.json(), {})
    if fault.limited and fault.html:
        headers = {"Retry-After": str(int(fault.limited.after) + 1)}
        return web.Response(status=429, text=CLOUDFLARE, content_type="text/html", headers=headers)
    if fault.limited:
        after = f"{fault.limited.after:.3f}"
        bucket = {"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": after}
        bucket["X-RateLimit-Bucket"] = "of-a-fault"
        return _limited(fault.limited, {} if fault.limited.scope == "global" else bucket)
    if fault.status == 500:
        return _json(500, {"message": "500: Internal Server Error", "code": 0}, {})
    return web.Response(status=fault.status, text="upstream connect error", content_type="text/plain")


def _size(headers: Any) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers)
