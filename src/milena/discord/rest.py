"""Discord's REST API: each call in time for the rate limits, and tried again where that is safe and helps.

https://docs.discord.com/developers/reference
"""

import asyncio
import email.utils
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec

from milena.discord.breaker import Breaker
from milena.discord.calls import ApiError, Method
from milena.discord.connections import Connections, NotReached
from milena.discord.http11 import Part, fields, multipart
from milena.discord.limiter import Limiter
from milena.discord.message import File
from milena.discord.routes import Route, route_of
from milena.ops.backoff import Backoff
from milena.ops.meter import Meter

log = logging.getLogger(__name__)

API = "https://discord.com/api/v10"
ONE_TRY = 15.0
"""Seconds that Discord may be silent once it has a call: one that waits for a connection is not lost, and
would be sent twice. 1.2 for what takes an answer to an interaction, which has only three."""
ONE_ANSWER = 1.2
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
"""Seconds until a call is tried again."""
LONGEST_REASON = 512
CLOCKS = 60.0
"""Seconds between two looks at what time it is for Discord."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Rest:
    """Calls (see :class:`~milena.discord.calls.Calls`) as the bot of ``token``: ``async with Rest(...)``.

    ``agent``: how Discord wants to know the library. The token goes into one header, and nowhere else.
    """

    def __init__(self, token: str, agent: str, base: str = API, meter: Meter | None = None) -> None:
        self.base = base.rstrip("/")
        self.meter = meter or Meter()
        self.limiter = Limiter()
        self._offset = time.time() - time.monotonic()
        """Discord's clock, less the one of this machine that nobody sets."""
        self._told = 0.0
        self._breaker = Breaker()
        self.agent = agent
        self._headers = fields({"Authorization": f"Bot {token}", "User-Agent": agent})
        self._looked = -CLOCKS
        self._connections = Connections(self.base)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Rest":
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._connections.close()
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """For the gateway's websockets, and what Discord keeps elsewhere."""
        assert self._session is not None, "to be used with async with"
        return self._session

    async def request(
        self,
        method: Method,
        path: str,
        body: Any = None,
        files: Sequence[File] = (),
        reason: str = "",
        patience: float = 60.0,
    ) -> Any:
        """See :class:`~milena.discord.calls.Calls`. Raises ApiError."""
        route = route_of(method, path)
        deadline = time.monotonic() + patience
        failure = ApiError(0, 0, f"{route.name}: there was no time for it")
        unsure = False
        backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        while True:
            pause: float | None = None
            try:
                async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                    status, headers, said = await self._try(route, method, path, body, files, reason)
            except TimeoutError:
                raise failure from None
            except OSError as error:
                failure = ApiError(0, 0, f"{route.name}: {type(error).__name__}")
                unsure = unsure or not isinstance(error, NotReached)
                if isinstance(error, NotReached) or _repeatable(method, path, body):
                    pause = backoff.pause()
            else:
                if status < 300:
                    return said
                failure = _error(status, route, said)
                failure.again, unsure = unsure, unsure or status >= 500
                if status == 429:
                    pause = self._refused_for(route, headers, said)
                elif status >= 500 and _repeatable(method, path, body):
                    pause = backoff.pause()
            if pause is None or time.monotonic() + pause >= deadline:
                raise failure
            await asyncio.sleep(pause)

    async def fetch(self, url: str, most: int) -> bytes:
        """What Discord keeps at an address of its own: at most ``most`` bytes, and one to tell more by.
        Raises ApiError."""
        try:
            timeout = aiohttp.ClientTimeout(total=ONE_TRY)
            async with self.session.get(url, timeout=timeout, headers={"User-Agent": self.agent}) as response:
                if response.status != 200:
                    raise ApiError(response.status, 0, "GET attachment: it is not there")
                found = bytearray()
                async for part in response.content.iter_chunked(1 << 14):
                    found += part
                    if len(found) > most:
                        break
                return bytes(found[: most + 1])
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise ApiError(0, 0, f"GET attachment: {type(error).__name__}") from error

    async def _try(
        self, route: Route, method: Method, path: str, body: Any, files: Sequence[File], reason: str
    ) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers and content of the answer to one call; no content where it can't be read."""
        asking = None if route.exempt else await self._breaker.wait()
        status, sent, content = -1, 0, b""  # not on its way yet
        try:
            async with self.limiter.turn(route) as turn:
                more = {}
                if reason:
                    more["X-Audit-Log-Reason"] = quote(reason[:LONGEST_REASON], safe="")
                kind, data = _data(body, files)
                if kind:
                    more["Content-Type"] = kind
                status, sent = 0, len(data or b"")
                silence = ONE_ANSWER if "/callback" in route.name else ONE_TRY
                headers = (self._headers, fields(more))
                answer = await self._connections.ask(method, path, headers, data, silence)
                status, content = answer.status, answer.content
                if status < 500 and status != 429:
                    turn.headers = answer.headers
        except TimeoutError as error:
            self._breaker.failed(f"{route.name} had no answer")
            raise ConnectionError("no answer") from error
        except OSError as error:
            self._breaker.failed(f"{route.name}: {type(error).__name__}")
            raise
        finally:
            if asking is not None:
                asking.release()
            if status >= 0:
                self.meter.call(route.name, status, sent, len(content))
        if status >= 500:
            self._breaker.failed(f"{route.name} was answered with {status}")
        else:
            self._breaker.went_well()
        self._look_at_clock(answer.headers)
        return status, answer.headers, _content(content)

    def _refused_for(self, route: Route, headers: Mapping[str, str], said: Any) -> float:
        """429: in how many seconds it may be tried again. Others wait too."""
        known = said if isinstance(said, dict) else {}
        seconds = _number(known.get("retry_after"), headers.get("Retry-After"), 1.0)
        # Who has no JSON is not Discord but what stands before it, and means everything.
        everything = known.get("global") or "X-RateLimit-Global" in headers or not known
        self.limiter.block(None if everything else route, seconds)
        log.warning("Discord's rate limit met %s: it waits %.1f s.", route.name, seconds)
        return seconds

    @property
    def ahead(self) -> float:
        """Seconds by which this machine's clock is ahead of Discord's now, to about one second. It is known
        at once when somebody sets the clock."""
        return time.time() - time.monotonic() - self._offset

    def _look_at_clock(self, headers: Mapping[str, str]) -> None:
        now = time.monotonic()
        if now - self._looked < CLOCKS or "Date" not in headers:
            return
        self._looked = now
        try:
            theirs = email.utils.parsedate_to_datetime(headers["Date"]).timestamp() + 0.5
        except ValueError:
            return
        if abs(theirs - now - self._offset) > 2.0:
            self._offset = theirs - now
        ahead = time.time() - theirs
        if abs(ahead - self._told) > 2.0:
            log.warning("This machine's clock is %+.0f s from Discord's; let NTP set it.", ahead)
            self._told = ahead


def _repeatable(method: str, path: str, body: Any) -> bool:
    """Whether it does no harm twice: the first answer to an interaction counts, and a nonce."""
    if method != "POST" or path.startswith("/interactions/"):
        return True
    return isinstance(body, dict) and bool(body.get("enforce_nonce"))


def _data(body: Any, files: Sequence[File]) -> tuple[str, bytes | None]:
    """What a call sends, and of which kind that is."""
    if not files:
        return ("", None) if body is None else ("application/json", _encode(body))
    parts = [Part("payload_json", _encode(body), "application/json")]
    parts += [Part(f"files[{number}]", file.data, name=file.name) for number, file in enumerate(files)]
    return multipart(parts)


def _content(content: bytes) -> Any:
    try:
        return _decode(content) if content else None
    except msgspec.DecodeError:
        return None


def _error(status: int, route: Route, said: Any) -> ApiError:
    known = said if isinstance(said, dict) else {}
    code = known.get("code")
    message = str(known.get("message") or "no reason given")
    if known.get("errors"):
        message += f" {_encode(known['errors']).decode()[:500]}"
    return ApiError(status, code if isinstance(code, int) else 0, f"{route.name}: {message}")


def _number(*given: Any) -> float:
    for each in given:
        try:
            return max(0.0, float(each))
        except (TypeError, ValueError):
            continue
    return 0.0
