"""The bot's token: where it is kept, and that nobody else can read it there.

It is in the environment (``DISCORD_TOKEN``), or in a file that ``DISCORD_TOKEN_FILE`` names; never among a
command's arguments, which everybody on a machine can read.
"""

import base64
import binascii
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

VARIABLE, FILE = "DISCORD_TOKEN", "DISCORD_TOKEN_FILE"
CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd puts a service's credentials: https://systemd.io/CREDENTIALS/"""
LONGEST = 4096
"""Bytes of a file that may hold a token; tokens have fewer than 100."""
TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}")


class NoToken(Exception):
    """There is none, or none that may be used: one sentence with the remedy, and without the token."""


def find(environment: Mapping[str, str]) -> str:
    """The token. Raises NoToken."""
    given, file = (environment.get(name, "").strip() for name in (VARIABLE, FILE))
    if given and file:
        raise NoToken(f"{VARIABLE} and {FILE} are both set; unset one of them.")
    if file:
        return _checked(_content(Path(file), environment.get(CREDENTIALS, "")), file)
    if not given:
        raise NoToken(
            f"{VARIABLE} is not set; it is the bot's token of the developer portal. "
            f"Or {FILE} names a file that holds it."
        )
    return _checked(given, VARIABLE)


def looks_right(token: str) -> bool:
    """Whether it has the shape of a bot's token, and tells an application."""
    return TOKEN.fullmatch(token) is not None and application_of(token) is not None


def application_of(token: str) -> str | None:
    """The application's id, which is the first part of its bot's token; None where it is none."""
    first = token.partition(".")[0]
    try:
        id = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return id if id.isdigit() and len(id) >= 15 else None


def _checked(token: str, where: str) -> str:
    if not token:
        raise NoToken(f"{where} is empty: put the bot's token of the developer portal there.")
    if not token.isprintable() or any(each in token for each in " \"'"):
        raise NoToken(
            f"{where} is not a token; put the bot's token there alone, without a word before it, "
            "and without quotation marks."
        )
    return token


def _content(path: Path, credentials: str) -> str:
    """What a file says that others can't read. It is looked at once it is open, so that it is the same."""
    try:
        # A pipe that nobody writes to would be waited for.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise NoToken(f"{FILE}: {path} is not a file.")
            _refuse_readers(path, stat.S_IMODE(about.st_mode), credentials)
            return file.read(LONGEST).decode("utf-8-sig").strip()
    except OSError as error:
        raise NoToken(f"{FILE}: {path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise NoToken(f"{FILE}: {path} is not a token; put the bot's token there alone.") from error


def _refuse_readers(path: Path, mode: int, credentials: str) -> None:
    # systemd lets the service's user read root's file by an ACL, whose mask shows as the group's rights.
    ours = bool(credentials) and path.parent == Path(credentials)
    if mode & (0o007 if ours else 0o077):
        raise NoToken(f"{FILE}: others can get at {path} (its mode is {mode:04o}); chmod 600 {path}")
