"""Connections that are kept, against servers of a few lines that do what servers do."""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from milena.discord import connections
from milena.discord.connections import Connections, NotReached
from milena.discord.http11 import Answer

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers with ``said``, one after the other; None: it is silent. ``came``: what it was asked;
    ``opened``: how many connections it has had."""

    def __init__(self, *said: bytes | None, close: bool = False) -> None:
        self.said, self.close = [*said], close
        self.came: list[bytes] = []
        self.opened = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self.writers.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
                self.came.append(head + await reader.readexactly(length))
                said = self.said.pop(0) if self.said else OK
                if said is not None:
                    writer.write(said)
                    await writer.drain()
                if self.close:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


@asynccontextmanager
async def running(server: Server, secure: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Its address."""
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=secure) as listening:
        yield f"{'https' if secure else 'http'}://127.0.0.1:{listening.sockets[0].getsockname()[1]}/api"
        for writer in server.writers:
            writer.transport.abort()


async def ask(pool: Connections, silence: float = 5.0) -> Answer:
    return await pool.ask("POST", "/do", (b"A: b\r\n",), b"{}", silence)


async def test_a_connection_is_used_again() -> None:
    server = Server()
    async with running(server) as base:
        pool = Connections(base)
        assert [(await ask(pool)).content for _ in range(3)] == [b"ok"] * 3
        pool.close()
    host = base.removesuffix("/api").removeprefix("http://")
    sent = f"POST /api/do HTTP/1.1\r\nHost: {host}\r\nA: b\r\nContent-Length: 2\r\n\r\n{{}}"
    assert (server.opened, server.came) == (1, [sent.encode()] * 3)


@pytest.mark.parametrize(
    "first", [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", OK + b"HTTP/1.1 200 OK"]
)
async def test_one_that_is_spent_is_not_used_again(first: bytes) -> None:
    server = Server(first)
    async with running(server) as base:
        pool = Connections(base)
        assert [(await ask(pool)).content for _ in range(2)] == [b"ok"] * 2
        pool.close()
    assert server.opened == 2


async def test_one_that_the_server_has_ended_is_not_used_again() -> None:
    server = Server(close=True)
    async with running(server) as base:
        pool = Connections(base)
        await ask(pool)
        async with asyncio.timeout(5):
            while not pool._free[0].ended:
                await asyncio.sleep(0)
        assert (await ask(pool)).content == b"ok"
        pool.close()


async def test_no_more_than_so_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 2)
    server = Server()
    async with running(server) as base:
        pool = Connections(base)
        assert len(await asyncio.gather(*(ask(pool) for _ in range(9)))) == 9
        pool.close()
    assert (server.opened, len(server.came)) == (2, 9)


async def test_who_waits_for_a_connection_is_not_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time in which Discord has to answer begins when it has the call."""
    monkeypatch.setattr(connections, "MOST", 1)
    server = Server(None)
    async with running(server) as base:
        pool = Connections(base)
        silent = asyncio.ensure_future(ask(pool, 0.6))
        await asyncio.sleep(0)
        assert (await ask(pool, 0.5)).content == b"ok"
        with pytest.raises(TimeoutError):
            await silent
        pool.close()
    assert server.opened == 2


async def test_an_answer_that_is_cut_off_is_an_error_and_not_a_shorter_answer() -> None:
    server = Server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", close=True)
    async with running(server) as base:
        pool = Connections(base)
        with pytest.raises(ConnectionResetError):
            await ask(pool)
        pool.close()


async def test_nothing_was_sent_where_nobody_listens() -> None:
    async with running(Server()) as base:
        pass
    pool = Connections(base)
    with pytest.raises(NotReached):
        await ask(pool)


async def test_connections_that_nobody_needs_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEPT", 0.01)
    server = Server()
    async with running(server) as base:
        pool = Connections(base)
        await ask(pool)
        async with asyncio.timeout(5):
            while pool._free:
                await asyncio.sleep(0.01)
        pool.close()


async def test_a_server_has_to_show_whose_it_is(tmp_path: Path) -> None:
    secure, trusting = _certified(tmp_path)
    server = Server()
    async with running(server, secure) as base:
        stranger = Connections(base)
        with pytest.raises(NotReached, match="SSLCertVerificationError"):
            await ask(stranger)
        elsewhere = Connections(base.replace("127.0.0.1", "localhost"), trusting)
        with pytest.raises(NotReached, match="SSLCertVerificationError"):
            await ask(elsewhere)
        assert server.came == []
        pool = Connections(base, trusting)
        assert [(await ask(pool)).content for _ in range(2)] == [b"ok"] * 2
        pool.close()


def _certified(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server with a certificate of its own making, and for who trusts that."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
