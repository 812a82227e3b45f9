"""One websocket of the gateway: frames in and out, heartbeats, and the rules for what a bot may send."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from .errors import Json
from .record import Refused
from .sessions import KNOWN, PRIVILEGED, Sent, Session

if TYPE_CHECKING:
    from .gateway import Gateway

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11,
)  # fmt: skip
REASONS = {
    4000: "Unknown error.",
    4001: "Unknown opcode.",
    4002: "Error while decoding payload.",
    4003: "Not authenticated.",
    4004: "Authentication failed.",
    4005: "Already authenticated.",
    4007: "Invalid seq.",
    4008: "Rate limited.",
    4009: "Session timed out.",
    4010: "Invalid shard.",
    4011: "Sharding required.",
    4012: "Invalid API version.",
    4013: "Invalid intent(s).",
    4014: "Disallowed intent(s).",
}
AT_ONCE = 120
"""Payloads in a minute. Whether heartbeats count is not documented; they do here."""


class Connection:
    def __init__(self, gateway: Gateway, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.gateway, self.request, self.socket = gateway, request, socket
        self.path = request.path
        assert request.transport
        self.transport = request.transport
        self.session: Session | None = None
        self.silent = False
        """A zombie: it neither sends nor acknowledges."""
        self._closed = False
        """By us: what code the bot answers with means nothing then."""
        self.heartbeats = 0
        self.last_heartbeat = time.monotonic()
        self.identified: Json | None = None
        self._recent: deque[float] = deque()
        self._outbox: asyncio.Queue[tuple[Json | int, Sent | None]] = asyncio.Queue()
        self._zlib = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._writer: asyncio.Task[None] | None = None

    def send(self, payload: Json, sent: Sent | None = None) -> None:
        if not self.silent:
            self._outbox.put_nowait((payload, sent))

    def close(self, code: int) -> None:
        """Close the socket, after what is still to be sent."""
        self._closed = True
        self._outbox.put_nowait((code, None))

    def abort(self) -> None:
        """Cut the wire: no closing handshake."""
        self.transport.abort()

    async def serve(self) -> None:
        """Until the socket is closed, from either side."""
        self._writer = asyncio.create_task(self._write())
        watch = asyncio.create_task(self._watch())
        try:
            if self.request.query.get("v") not in (None, "10"):
                self._refuse(4012)
            self.send(
                {"op": HELLO, "t": None, "s": None, "d": {"heartbeat_interval": self._beat_ms, "_trace": []}}
            )
            async for frame in self.socket:
                if frame.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    self.gateway.discord.record.gateway_in += len(frame.data)
                    self._heard(frame.data)
        except (ConnectionError, RuntimeError):
            pass
        finally:
            watch.cancel()
            self._writer.cancel()
            self._left()

    @property
    def _beat_ms(self) -> int:
        return int(self.gateway.discord.settings.heartbeat * 1000)

    async def _write(self) -> None:
        while True:
            payload, sent = await self._outbox.get()
            try:
                if isinstance(payload, int):
                    message = REASONS.get(payload, "").encode()
                    await self.socket.close(code=payload, message=message)
                    return
                text = json.dumps(payload, separators=(",", ":"))
                if self._zlib:
                    packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                    self.gateway.discord.record.gateway_out += len(packed)
                    await self.socket.send_bytes(packed)
                else:
                    self.gateway.discord.record.gateway_out += len(text)
                    await self.socket.send_str(text)
            except (ConnectionError, RuntimeError):
                return
            if sent:
                sent()

    async def _watch(self) -> None:
        """Close when no heartbeat comes. With which code is not documented; 4009 is the likeliest."""
        beat = self.gateway.discord.settings.heartbeat
        while True:
            await asyncio.sleep(beat / 2)
            if time.monotonic() - self.last_heartbeat > 1.75 * beat + 2:
                self.close(4009)
                return

    def _left(self) -> None:
        session = self.session
        self.gateway.connections.discard(self)
        if session and session.connection is self:
            session.connection = None
            if self.socket.close_code in (1000, 1001) and not self._closed:
                # A bot that says good-bye properly ends its session.
                session.valid = False

    def _refuse(self, code: int) -> None:
        why = f"closed with {code}: {REASONS[code]}"
        self.gateway.discord.record.refused.append(Refused("gateway", code, why))
        if self.session:
            self.session.connection = None
        self.close(code)

    def _heard(self, data: str | bytes) -> None:
        now = time.monotonic()
        self._recent.append(now)
        while self._recent[0] <= now - 60:
            self._recent.popleft()
        if len(self._recent) > AT_ONCE:
            return self._refuse(4008)
        try:
            payload = json.loads(data)
            op, said = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError):
            return self._refuse(4002)
        if len(data) > 4096:
            return self._refuse(4002)
        if op == HEARTBEAT:
            self.heartbeats += 1
            self.last_heartbeat = now
            return self.send({"op": ACK, "t": None, "s": None, "d": None})
        if op == IDENTIFY:
            return self._refuse(4005) if self.session else self._identify(said)
        if op == RESUME:
            return self._refuse(4005) if self.session else self._resume(said)
        if op not in (PRESENCE, VOICE, MEMBERS):
            return self._refuse(4001)
        if not self.session:
            return self._refuse(4003)
        return None

    def _identify(self, said: Any) -> None:
        settings = self.gateway.discord.settings
        if not isinstance(said, dict) or not isinstance(said.get("properties"), dict):
            return self._refuse(4002)
        self.identified = said
        if str(said.get("token")).removeprefix("Bot ") != settings.token:
            return self._refuse(4004)
        shard, shards = said.get("shard") or (0, 1)
        if not 0 <= shard < shards:
            return self._refuse(4010)
        if shards < settings.shards_required:
            return self._refuse(4011)
        intents = said.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN:
            return self._refuse(4013)
        if intents & PRIVILEGED & ~settings.privileged:
            return self._refuse(4014)
        if not self.gateway.may_identify(shard):
            # Discord answers one IDENTIFY too early with op 9, as far as bots have seen.
            why = f"shard {shard} identified too early for max_concurrency {settings.max_concurrency}"
            self.gateway.discord.record.refused.append(Refused("gateway", 9, why))
            return self.send({"op": INVALID, "t": None, "s": None, "d": False})
        return self.gateway.start(self, shard, shards, intents)

    def _resume(self, said: Any) -> None:
        if not isinstance(said, dict):
            return self._refuse(4002)
        if str(said.get("token")).removeprefix("Bot ") != self.gateway.discord.settings.token:
            return self._refuse(4004)
        session = self.gateway.sessions.get(str(said.get("session_id")))
        if session is None or not session.valid:
            return self.send({"op": INVALID, "t": None, "s": None, "d": False})
        if (said.get("seq") or 0) > session.sequence:
            return self._refuse(4007)
        return self.gateway.resume(self, session, said.get("seq") or 0)
