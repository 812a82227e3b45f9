"""One connection to Discord's gateway, as interactions.py does it: HELLO, heartbeats, IDENTIFY or RESUME.

What differs from the library: an event goes straight to whoever wants it, as raw data; a payload that can't
be read costs nothing but itself; and a connection that is lost is over. Whoever made it makes the next one,
which resumes (see :mod:`milena.discord.shard`).

https://docs.discord.com/developers/events/gateway
"""

import asyncio
import logging
import random
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import ClientWebSocketResponse, WSMsgType
from interactions.api.gateway.gateway import GatewayClient
from interactions.client.const import RECOVERABLE_WEBSOCKET_CLOSE_CODES, __api_version__
from interactions.client.errors import WebSocketClosed
from interactions.models.discord.enums import WebSocketOPCode
from msgspec import Struct

if TYPE_CHECKING:
    from milena.discord.shard import Shard

log = logging.getLogger(__name__)

ENDED = (4007, 4009)
"""Codes that end a session: a new one is to be started."""
TRY_LATER = 4008
LEFT_OPEN = 4900
"""What we close a connection with whose session goes on: 1000 would end it."""
HELLO = 20.0
"""Seconds in which a connection has to say HELLO."""
QUERY = f"encoding=json&v={__api_version__}&compress=zlib-stream"
"""How the gateway is to talk, at the end of its address."""
COMPLETE = b"\x00\x00\xff\xff"
"""How a compressed payload ends: https://docs.discord.com/developers/events/gateway#transport-compression"""
CUT = 1006
"""The code of a connection that was closed without a word."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Session(Struct):
    """What a RESUME needs. ``sequence``: the last event that came."""

    id: str
    url: str
    sequence: int


class Lost(Exception):
    """This connection is over. ``resumable``: the session is not. ``pause``: seconds to wait before the next
    one, where Discord wants that."""

    def __init__(self, why: str, resumable: bool = True, pause: float = 0.0) -> None:
        super().__init__(why)
        self.why, self.resumable, self.pause = why, resumable, pause


class Gateway(GatewayClient):
    """``async with Gateway(shard, session) as gateway: await gateway.run()``. Raises Lost, or what the
    library or the network raise."""

    def __init__(self, shard: "Shard", session: Session | None) -> None:
        super().__init__(shard, (shard.shard_id, shard.client.total_shards))
        self._shard = shard
        self._session = session
        if session is not None:
            self.session_id, self.sequence = session.id, session.sequence  # type: ignore[assignment]
        self.lost: Lost | None = None

    @property
    def session(self) -> Session | None:
        """That of this connection, once it has one; with the last event that came."""
        if self._session is not None and self.sequence is not None:
            self._session.sequence = self.sequence
        return self._session

    async def run(self) -> None:
        """Until it is closed by us. Raises Lost."""
        reading = asyncio.create_task(self._read())
        closing = asyncio.create_task(self._close_gateway.wait())
        try:
            await asyncio.wait({reading, closing}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                await reading
        finally:
            reading.cancel()
            closing.cancel()
            if not self._shard.leaving and self.ws is not None:
                await self.ws.close(code=LEFT_OPEN)
        if self.lost is not None:
            raise self.lost

    async def _read(self) -> None:
        """Hand on what comes, at once: the library has three tasks for each event, one after the other."""
        while True:
            payload = await self.receive()
            if payload["op"] == WebSocketOPCode.DISPATCH:
                self.sequence = payload["s"]
                self._dispatch(payload["t"], payload["d"])
            else:
                await self.dispatch_opcode(payload.get("d"), payload["op"])

    def _dispatch(self, event: str, data: Any) -> None:
        if event == "READY":
            url = f"{data['resume_gateway_url']}?{QUERY}"
            self.session_id = data["session_id"]
            self._session = Session(data["session_id"], url, self.sequence or 0)
        try:
            self._shard.happened(event, data)
        except Exception:  # one event must not cost the connection
            log.exception("an event could not be taken in: %s", event)

    async def receive(self, force: bool = False) -> dict[str, Any]:
        """The next payload. ``force``: HELLO, which does not let one wait."""
        if not force:
            return await self._payload()
        async with asyncio.timeout(HELLO):
            return await self._payload()

    async def _payload(self) -> dict[str, Any]:
        """The next payload that can be read. Of one that can't, the library would put the bytes before those
        of the next, and be deaf from then on; resumed, it would get the same one again."""
        socket: ClientWebSocketResponse = self.ws  # type: ignore[assignment]  # the library names no type
        packed = bytearray()
        while True:
            frame = await socket.receive()
            match frame.type:
                case WSMsgType.BINARY:
                    packed += frame.data
                    if not packed.endswith(COMPLETE):
                        continue
                    text = self._zlib.decompress(packed)
                    packed.clear()
                case WSMsgType.TEXT:
                    text = frame.data
                case WSMsgType.CLOSE if frame.data not in RECOVERABLE_WEBSOCKET_CLOSE_CODES:
                    raise WebSocketClosed(frame.data)
                case _:
                    await self.reconnect(code=frame.data if frame.type is WSMsgType.CLOSE else CUT)
            try:
                return _decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                log.error("a payload of the gateway can't be read, and is passed over: %s", error)

    async def dispatch_opcode(self, data: Any, op: WebSocketOPCode) -> None:
        if op == WebSocketOPCode.RECONNECT:
            raise Lost("Discord asked for it")
        if op == WebSocketOPCode.INVALIDATE_SESSION:
            # Discord wants a pause of one to five seconds here: others may have to start as well.
            raise Lost("Discord gave the session up", bool(data), random.uniform(1.0, 5.0))  # noqa: S311
        await super().dispatch_opcode(data, op)

    async def reconnect(self, *, resume: bool = False, code: int = CUT, url: str | None = None) -> None:
        """The library calls it where a connection is lost."""
        silent = asyncio.current_task() is self._keep_alive
        why = "no heartbeat was acknowledged" if silent else f"code {code}"
        raise Lost(why, code not in ENDED, 1.0 if code == TRY_LATER else 0.0)

    async def run_bee_gees(self) -> None:
        """Heartbeats."""
        try:
            await self._start_bee_gees()
        except Lost as lost:
            self.lost = lost
        except Exception as error:
            self.lost = Lost(type(error).__name__)
        if self.lost is not None:
            self.close()

    async def _identify(self) -> None:
        if self._session is not None:
            await self._resume_connection()
        else:
            await self._shard.may_identify()
            await super()._identify()
