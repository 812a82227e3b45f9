"""Where the pages are served, and who may come there."""

import errno
import socket
from ipaddress import ip_address
from typing import NamedTuple

from milena.domain.refusal import Refused

VARIABLE = "MILENA_WEB_PASSWORD"
SHORTEST = 12
"""Characters of a password."""


class Listening(NamedTuple):
    """``socket`` waits for callers already; ``names`` are what it is called without a password.
    ``loopback``: nobody on another machine can come."""

    socket: socket.socket
    url: str
    names: frozenset[str]
    loopback: bool


def listen(host: str, port: int, password: str | None, *, sql: bool = False) -> Listening:
    """Listen on ``host``; port 0 is any that is free. Raises Refused where that can't be, or must not: there
    is no password, and others could come."""
    if password is not None and len(password) < SHORTEST:
        raise Refused("weak_password", f"{VARIABLE} must have at least {SHORTEST} characters.")
    family, address = _resolve(host, port)
    loopback = ip_address(address[0].partition("%")[0]).is_loopback
    if not loopback:
        if password is None:
            raise Refused(
                "no_password",
                f"Others can reach {host}, and these pages show all guilds: set {VARIABLE} (at least "
                f"{SHORTEST} characters), and put TLS in front; or leave --host away.",
            )
        if sql:
            raise Refused("sql_for_others", f"--sql is for loopback only, and {host} is not: leave it away.")
    try:
        listening = socket.create_server(address[:2], family=family)
    except OSError as error:
        raise _explained(error, host, port) from error
    shown = f"[{host}]" if ":" in host else host
    names = frozenset({"localhost", "127.0.0.1", "[::1]", shown.lower()})
    return Listening(listening, f"http://{shown}:{listening.getsockname()[1]}/", names, loopback)


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise Refused(
            "unknown_host", f"There is no address {host[:60]!r} here; 127.0.0.1 is this machine, for itself."
        ) from None
    family, _, _, _, address = found[0]
    return family, (str(address[0]), int(address[1]))


def _explained(error: OSError, host: str, port: int) -> Refused:
    match error.errno:
        case errno.EADDRINUSE:
            return Refused("port_taken", f"Port {port} is taken; choose another with --port, or 0 for any.")
        case errno.EACCES:
            return Refused("port_forbidden", f"Port {port} is not for everybody; choose one above 1023.")
        case errno.EADDRNOTAVAIL:
            return Refused("unknown_host", f"{host} is no address of this machine.")
    return Refused("no_socket", f"Nothing can be served on {host}, port {port}: {error.strerror}.")
