"""HTTP/1.1 as far as Discord's API speaks it: a request in bytes, and what came back for it.

Nothing here touches a socket. https://www.rfc-editor.org/rfc/rfc9112
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from multidict import CIMultiDict

LONGEST_HEAD = 1 << 16
LARGEST = 1 << 25
"""Bytes of an answer, and of its status and headers."""
IN_PATHS = "/?=&%@:,;+!$'()*~"
"""What stands in a path as it is, beside letters, digits and ``_.-``."""


class BadAnswer(ConnectionError):
    """What came is no answer that HTTP knows."""


class Answer(NamedTuple):
    """``headers`` by name, in whatever case. ``kept``: the connection may be used again."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    kept: bool


def fields(headers: Mapping[str, str]) -> bytes:
    """Headers as they are sent. Raises ValueError where one can't be."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise ValueError("a header holds what no header can hold")
    return "".join(f"{line}\r\n" for line in lines).encode()


def asking(method: str, path: str, headers: Iterable[bytes], body: bytes | None) -> bytes:
    """A request. ``headers``: what :func:`fields` gave."""
    start = f"{method} {quote(path, safe=IN_PATHS)} HTTP/1.1\r\n".encode()
    length = b"" if body is None and method == "GET" else b"Content-Length: %d\r\n" % len(body or b"")
    return b"".join((start, *headers, length, b"\r\n", body or b""))


class Part(NamedTuple):
    """Of a form. ``name``: of a file."""

    field: str
    content: bytes
    kind: str = "application/octet-stream"
    name: str = ""


def multipart(parts: Iterable[Part]) -> tuple[str, bytes]:
    """A form, and its media type. https://www.rfc-editor.org/rfc/rfc7578"""
    mark = secrets.token_hex(16)
    lines: list[bytes] = []
    for part in parts:
        name = f'; filename="{quote(part.name)}"' if part.name else ""
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{part.field}"{name}\r\n'
        lines += (f"{head}Content-Type: {part.kind}\r\n\r\n".encode(), part.content, b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join((*lines, f"--{mark}--\r\n".encode()))


class Reader:
    """Reads the answer to one request, as it comes: :meth:`take` until there is an answer."""

    def __init__(self) -> None:
        self._came = bytearray()
        self._status = 0
        self._headers: CIMultiDict[str] = CIMultiDict()
        self._kept = False
        self._length: int | None = None
        """Of the content; None: it comes in chunks, or ends with the connection."""
        self._chunked = False
        self._content = bytearray()
        """Of the chunks so far."""

    def take(self, data: bytes) -> Answer | None:
        """More of it. Raises BadAnswer."""
        self._came += data
        if len(self._came) + len(self._content) > LARGEST:
            raise BadAnswer("the answer is too large")
        while not self._status:
            end = self._came.find(b"\r\n\r\n")
            if end < 0:
                if len(self._came) > LONGEST_HEAD:
                    raise BadAnswer("the headers have no end")
                return None
            self._read_head(self._came[:end].decode("latin-1"))
            del self._came[: end + 4]
        if self._chunked:
            return self._read_chunks()
        if self._length is None or len(self._came) < self._length:
            return None
        return self._answer(self._came, len(self._came) == self._length)

    def end(self) -> Answer:
        """The connection has ended, and with it the answer. Raises ConnectionResetError where that came too
        early."""
        if not self._status or self._chunked or self._length is not None:
            raise ConnectionResetError("the connection ended before the answer did")
        return self._answer(self._came, False)

    def _read_head(self, head: str) -> None:
        first, *lines = head.split("\r\n")
        version, _, rest = first.partition(" ")
        number = rest[:3]
        if version not in ("HTTP/1.1", "HTTP/1.0") or not (number.isdecimal() and len(number) == 3):
            raise BadAnswer("the answer is not HTTP/1.1")
        if number[0] == "1":  # the answer proper is to come
            return
        self._status = int(number)
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise BadAnswer("a header is none")
            self._headers.add(name, value.strip(" \t"))
        self._kept = version == "HTTP/1.1" and "close" not in self._headers.get("Connection", "").lower()
        if self._status in (204, 304):
            self._length = 0
        elif "Transfer-Encoding" in self._headers:
            self._chunked = True
            if self._headers["Transfer-Encoding"].lower() != "chunked":
                raise BadAnswer("the answer comes in a way that was not asked for")
        elif "Content-Length" in self._headers:
            self._length = _number(self._headers["Content-Length"], 10)

    def _read_chunks(self) -> Answer | None:
        while (end := self._came.find(b"\r\n")) >= 0:
            size = _number(self._came[:end].partition(b";")[0].decode("latin-1").strip(), 16)
            if size == 0:
                return self._read_trailer(end)
            if len(self._came) < end + 2 + size + 2:
                return None
            self._content += self._came[end + 2 : end + 2 + size]
            del self._came[: end + 2 + size + 2]
        if len(self._came) > LONGEST_HEAD:
            raise BadAnswer("a chunk has no size")
        return None

    def _read_trailer(self, end: int) -> Answer | None:
        """What comes behind the last chunk: headers, which nobody needs, and an empty line."""
        if self._came[end : end + 4] == b"\r\n\r\n":
            last = end + 4
        elif (found := self._came.find(b"\r\n\r\n", end)) >= 0:
            last = found + 4
        else:
            return None
        return self._answer(self._content, len(self._came) == last)

    def _answer(self, content: bytearray, whole: bool) -> Answer:
        """``whole``: nothing came behind it."""
        length = self._length if self._length is not None else len(content)
        return Answer(self._status, self._headers, bytes(content[:length]), self._kept and whole)


def _number(text: str, base: int) -> int:
    digits = "0123456789abcdefABCDEF"[: 10 if base == 10 else None]
    if not text or text.strip(digits):
        raise BadAnswer("a length is no number")
    return int(text, base)
