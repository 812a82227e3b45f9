"""Kept connections to one server of HTTP/1.1, over which calls go one after the other.

aiohttp takes 0.4 ms of processor time until a request is on its way, this 0.02: whoever has played waits
for that. See docs/decisions/0043.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

import aiohappyeyeballs

from milena.discord.http11 import Answer, Reader, asking

MOST = 200
"""Connections at once; more calls wait for one that is free."""
KEPT = 15.0
"""Seconds that a connection is kept while nobody needs it; servers end them sooner or later."""
ADDRESSES = 300.0
"""Seconds that the server's addresses are known."""
NEXT_ADDRESS = 0.25
"""Seconds until the next address is tried beside the one before (https://www.rfc-editor.org/rfc/rfc8305)."""


class NotReached(ConnectionError):
    """There is no connection: nothing was sent."""


class Connections:
    """``base``: the address, with ``https`` or ``http``, and what all paths begin with; to be closed."""

    def __init__(self, base: str, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(base)
        self._secure = parts.scheme == "https"
        self._name = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._path = parts.path
        self._context = None
        if self._secure:
            self._context = context or ssl.create_default_context()
            self._context.set_alpn_protocols(["http/1.1"])
        self._host = f"Host: {parts.netloc.rpartition('@')[2]}\r\n".encode()
        self._free: list[_Connection] = []
        """Those that nobody needs; the last ones were used last."""
        self._places = asyncio.Semaphore(MOST)
        self._looking = asyncio.Lock()
        self._addresses: list[aiohappyeyeballs.AddrInfoType] = []
        self._known_until = 0.0
        self._sweeping: asyncio.TimerHandle | None = None

    def close(self) -> None:
        if self._sweeping is not None:
            self._sweeping.cancel()
        for each in self._free:
            each.end()
        self._free.clear()

    async def ask(
        self, method: str, path: str, headers: Iterable[bytes], body: bytes | None, silence: float
    ) -> Answer:
        """One call. ``headers``: see :func:`milena.discord.http11.fields`; ``silence``: seconds in which the
        server has to be reached, and once more in which it has to answer what was sent.

        Raises NotReached, TimeoutError, or a ConnectionError after which nobody knows what came there.
        """
        async with self._places:
            connection = self._kept() or await self._connect(silence)
            try:
                async with asyncio.timeout(silence):
                    answer = await connection.ask(
                        asking(method, self._path + path, (self._host, *headers), body)
                    )
            except BaseException:
                connection.end()
                raise
            if answer.kept and not connection.ended:
                self._keep(connection)
            else:
                connection.end()
            return answer

    def _kept(self) -> "_Connection | None":
        while self._free:
            connection = self._free.pop()
            if not connection.ended:
                return connection
        return None

    def _keep(self, connection: "_Connection") -> None:
        connection.since = time.monotonic()
        self._free.append(connection)
        if self._sweeping is None:
            self._sweeping = asyncio.get_running_loop().call_later(KEPT, self._sweep)

    def _sweep(self) -> None:
        """End those that nobody needed."""
        old = time.monotonic() - KEPT
        for each in self._free:
            if each.since <= old:
                each.end()
        self._free = [each for each in self._free if not each.ended]
        again = bool(self._free)
        self._sweeping = asyncio.get_running_loop().call_later(KEPT, self._sweep) if again else None

    async def _connect(self, silence: float) -> "_Connection":
        """Raises NotReached."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(silence):
                found = await aiohappyeyeballs.start_connection(
                    await self._look_up(), happy_eyeballs_delay=NEXT_ADDRESS, interleave=1
                )
                _, connection = await loop.create_connection(
                    _Connection,
                    sock=found,
                    ssl=self._context,
                    server_hostname=self._name if self._secure else None,
                )
        except OSError as error:  # time-outs and what TLS has against it among them
            self._known_until = 0.0
            raise NotReached(f"{self._name} can't be reached: {type(error).__name__}") from error
        return connection

    async def _look_up(self) -> list[aiohappyeyeballs.AddrInfoType]:
        async with self._looking:
            if time.monotonic() >= self._known_until:
                found = await asyncio.get_running_loop().getaddrinfo(
                    self._name, self._port, type=socket.SOCK_STREAM
                )
                self._addresses = list(found)
                self._known_until = time.monotonic() + ADDRESSES
            return self._addresses


class _Connection(asyncio.Protocol):
    """One call at a time."""

    def __init__(self) -> None:
        self.ended = False
        self.since = 0.0
        self._transport: asyncio.Transport
        self._reader = Reader()
        self._answer: asyncio.Future[Answer] | None = None

    async def ask(self, request: bytes) -> Answer:
        """Raises ConnectionError."""
        if self.ended:
            raise ConnectionResetError("the connection has ended")
        self._reader = Reader()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def end(self) -> None:
        self.ended = True
        self._transport.abort()

    # ------------------------------------------------------------------------ called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():  # nobody has asked: it can't be trusted any more
            self.end()
            return
        try:
            answer = self._reader.take(data)
        except ConnectionError as error:
            self._answer.set_exception(error)
        else:
            if answer is not None:
                self._answer.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        self.ended = True
        if self._answer is None or self._answer.done():
            return
        try:
            if error is not None:
                raise ConnectionResetError(f"the connection was lost: {type(error).__name__}") from error
            self._answer.set_result(self._reader.end())
        except ConnectionError as lost:
            self._answer.set_exception(lost)
