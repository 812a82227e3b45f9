"""What every request passes before Datasette sees it, and what every answer takes along.

Without a password only loopback is served, and only under a name of loopback: a page somewhere else whose
name is made to point here (DNS rebinding) gets nothing. With a password, whoever knows it is let in.
"""

import asyncio
import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from hashlib import sha256
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

FRONT = "/-/front"
STATIC = "/-/milena/"
OPEN = (FRONT, STATIC, "/-/charts", "/-/rating")
"""What is served under /-/, where Datasette has its own workings, too: these stay closed."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
PAUSE = 1.0
"""Seconds that a wrong password takes; wrong ones wait for one another."""
WAITING = 8
"""So many wrong ones may wait; more are turned away at once."""

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
OWN = {name.encode() for name in (*HEADERS, "cache-control")}


class Door:
    """Lets requests through to ``app``. ``names``: the hosts that it answers to, where there is no
    ``password``."""

    def __init__(self, app: App, password: str | None, names: Iterable[str] = LOOPBACK) -> None:
        self._app = app
        self._password = None if password is None else sha256(password.encode()).digest()
        self._names = frozenset(name.lower() for name in names)
        self._wrong = asyncio.Lock()
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, sentence = await self._look_at(scope)
        if status:
            await _refuse(send, status, sentence)
            return
        path = scope["path"]
        if path == "/":
            scope = {**scope, "path": FRONT, "raw_path": FRONT.encode()}
        caching = "private, max-age=3600" if path.startswith(STATIC) else "no-store"
        await self._app(scope, receive, _with_headers(send, caching))

    async def _look_at(self, scope: Scope) -> tuple[int, str]:
        """The status and the sentence of a refusal; 0 where there is none."""
        headers = {name.lower(): value for name, value in scope["headers"]}
        if self._password is None:
            if _name(headers.get(b"host", b"")) not in self._names:
                return 403, "These pages are served under the name localhost and on loopback only."
        elif not self._knows(headers.get(b"authorization", b"")):
            if self._waiting >= WAITING:
                return 429, "Too many wrong passwords; try again in a moment."
            if b"authorization" in headers:
                await self._pause()
            return 401, "A password is needed here; any user name will do."
        if scope["method"] not in ("GET", "HEAD"):
            return 405, "These pages can be read, and nothing else."
        if scope["path"].startswith("/-/") and not scope["path"].startswith(OPEN):
            return 404, "There is no such page."
        return 0, ""

    def _knows(self, authorization: bytes) -> bool:
        """Whether somebody sends the password; takes as long for a wrong one, whatever it is."""
        scheme, _, token = authorization.partition(b" ")
        try:
            given = b64decode(token.strip(), validate=True).partition(b":")[2]
        except NotBase64:
            given = b""
        same = hmac.compare_digest(sha256(given).digest(), self._password or b"")
        return same and scheme.lower() == b"basic"

    async def _pause(self) -> None:
        self._waiting += 1
        try:
            async with self._wrong:
                await asyncio.sleep(PAUSE)
        finally:
            self._waiting -= 1


def _name(host: bytes) -> str:
    """The name in a Host header, without the port."""
    text = host.decode("latin-1").strip().lower()
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.partition(":")[0]


def _with_headers(send: Send, caching: str) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in OWN]
            message = {**message, "headers": [*kept, *_own_headers(caching)]}
        await send(message)

    return wrapped


def _own_headers(caching: str) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in {**HEADERS, "cache-control": caching}.items()]


async def _refuse(send: Send, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_own_headers("no-store")]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Milena", charset="UTF-8"'))
    if status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{sentence}\n".encode()})
