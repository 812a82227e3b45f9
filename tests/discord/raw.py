"""A bot without a library: one websocket and plain calls, for tests of the stand-in itself."""

import asyncio
import json
import zlib
from collections.abc import Awaitable
from typing import Any, NamedTuple

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from standin import Shown, StandIn

Json = dict[str, Any]
PATIENCE = 30.0
GUILDS = 1


class Answer(NamedTuple):
    status: int
    said: Any
    headers: Any

    @property
    def code(self) -> int:
        return int(self.said["code"])

    @property
    def wrong(self) -> list[str]:
        """The paths of a form's errors, with their codes: ``content BASE_TYPE_MAX_LENGTH``."""
        found: list[str] = []

        def walk(node: Json, path: str) -> None:
            for name, each in node.items():
                if name == "_errors":
                    found.extend(f"{path.strip('.')} {error['code']}" for error in each)
                else:
                    walk(each, f"{path}.{name}")

        walk(self.said.get("errors", {}), "")
        return found


class Socket:
    """A connection to the gateway."""

    def __init__(self, discord: StandIn, socket: ClientWebSocketResponse) -> None:
        self.discord, self.socket = discord, socket
        self.session = ""
        self.sequence = 0
        self._zlib = zlib.decompressobj()

    async def next(self) -> Json:
        frame = await self.socket.receive(PATIENCE)
        assert frame.type in (WSMsgType.TEXT, WSMsgType.BINARY), f"{frame.type} {frame.data}"
        text = self._zlib.decompress(frame.data) if frame.type == WSMsgType.BINARY else frame.data
        payload: Json = json.loads(text)
        self.sequence = payload["s"] or self.sequence
        return payload

    async def event(self, name: str) -> Json:
        """The next event of that name; what comes before is passed over."""
        while (payload := await self.next())["t"] != name:
            pass
        said: Json = payload["d"]
        return said

    async def code(self) -> int | None:
        """The code with which it is closed; None where the wire is cut."""
        while True:
            frame = await self.socket.receive(PATIENCE)
            if frame.type == WSMsgType.CLOSE:
                return int(frame.data)
            if frame.type in (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR):
                return None if self.socket.close_code == 1006 else self.socket.close_code

    async def send(self, op: int, said: Any) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": said}))

    async def identify(self, intents: int = GUILDS, shard: tuple[int, int] = (0, 1), **more: Any) -> None:
        said = {"token": self.discord.settings.token, "intents": intents, "shard": shard, "properties": {}}
        await self.send(2, said | more)

    async def resume(self, session: str, sequence: int) -> None:
        said = {"token": self.discord.settings.token, "session_id": session, "seq": sequence}
        await self.send(6, said)


class RawBot:
    def __init__(self, discord: StandIn, http: ClientSession) -> None:
        self.discord, self.http = discord, http
        self.id = discord.world.bot.id

    async def open(self, url: str | None = None, query: str = "?v=10&encoding=json") -> Socket:
        """A websocket, after HELLO."""
        socket = Socket(self.discord, await self.http.ws_connect((url or self.discord.gateway_url) + query))
        assert (await socket.next())["op"] == 10
        return socket

    async def start(self, intents: int = GUILDS, shard: tuple[int, int] = (0, 1)) -> Socket:
        """A session, after READY."""
        socket = await self.open()
        await socket.identify(intents, shard)
        socket.session = (await socket.event("READY"))["session_id"]
        return socket

    async def call(
        self, method: str, path: str, body: Any = None, *, token: bool = True, **more: Any
    ) -> Answer:
        headers = {"Authorization": f"Bot {self.discord.settings.token}"} if token else {}
        headers |= more.pop("headers", {})
        url = self.discord.api + path
        async with self.http.request(method, url, json=body, headers=headers, **more) as response:
            text = await response.text()
            said = json.loads(text) if "json" in response.headers.get("Content-Type", "") else text
            return Answer(response.status, said, response.headers)

    async def command(self, name: str, **more: Any) -> Json:
        """Declare a command."""
        body = {"name": name, "description": name, "type": 1} | more
        answer = await self.call("POST", f"/applications/{self.id}/commands", body)
        assert answer.status == 200, answer
        said: Json = answer.said
        return said

    async def answer(self, interaction: Json, kind: int, data: Json | None = None, query: str = "") -> Answer:
        """A callback."""
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback{query}"
        body = {"type": kind} | ({"data": data} if data is not None else {})
        return await self.call("POST", path, body, token=False)

    async def hook(self, method: str, interaction: Json, rest: str = "", body: Any = None) -> Answer:
        """``hook("PATCH", interaction, "/messages/@original", {...})``."""
        path = f"/webhooks/{self.id}/{interaction['token']}{rest}"
        return await self.call(method, path, body, token=False)

    async def meet(
        self, socket: Socket, doing: Awaitable[Shown], kind: int, data: Json | None = None
    ) -> tuple[Shown, Json]:
        """Somebody does something, and it is answered: what they are shown, and the interaction."""
        waiting = asyncio.ensure_future(doing)
        interaction = await socket.event("INTERACTION_CREATE")
        answer = await self.answer(interaction, kind, data)
        assert answer.status == 204, answer
        return await waiting, interaction
