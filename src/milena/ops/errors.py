"""What failed: each failure has a kind, an id, and the others of the same cause beside it.

A record of the standard library's logging at the level of an error, that has an error with it, is a failure.
"""

import errno
import hashlib
import logging
import traceback
from pathlib import Path
from typing import Any, Literal, get_args

from msgspec import Struct

from milena.domain.ids import new_id
from milena.domain.refusal import Refused
from milena.ops.errors_db import ErrorBook
from milena.ops.logs_lines import error_of, fields, stack
from milena.ops.logs_scrub import Scrubber
from milena.ops.logs_trouble import Trouble
from milena.store.errors import Conflict, StoreError, Unavailable

Kind = Literal["user", "bug", "network", "discord", "resource", "data"]
"""A user's mistake; a bug (of a command, of a game, of Milena's); the network; Discord's API; a resource that
ran out (disk, memory, files, a lock); data that are not what was written."""
KINDS: tuple[Kind, ...] = get_args(Kind)
FILE = "errors.db"

_SCARCE = {
    errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS, errno.EACCES,
    errno.EPERM, errno.EIO, errno.EAGAIN,
}  # fmt: skip
_CHAIN = 10
"""So many causes are looked at."""


class Failure(Struct, frozen=True):
    """One failure.

    ``id``           eight characters, which a person may have been told
    ``type``         of the error
    ``place``        where in our code, as ``module:function``
    ``fingerprint``  the same for failures of one type and place
    ``time``         ms since 1970
    ``context``      what else was known: invocation, command, game, guild, ...
    ``told``         what the person saw; ``recovery`` what was done about it
    """

    id: str
    kind: Kind
    type: str
    place: str
    fingerprint: str
    time: int
    message: str
    stack: str
    context: dict[str, Any]
    told: str = ""
    recovery: str = ""


def classify(error: BaseException) -> Kind:
    """The kind of a failure, by its error and what caused that; what nobody foresaw is a bug."""
    each: BaseException | None = error
    for _ in range(_CHAIN):
        if each is None:
            break
        kind = _kind(each)
        if kind != "bug":
            return kind
        each = each.__cause__
    return "bug"


def _kind(error: BaseException) -> Kind:
    own: Kind | None = getattr(error, "failure", None)  # who knows it, such as an error of Discord's API
    if own in KINDS:
        return own
    package = type(error).__module__.partition(".")[0]
    match error:
        case Refused():
            return "user"
        case Unavailable() | Conflict() | MemoryError():
            return "resource"
        case StoreError():
            return "data"
        case ConnectionError() | TimeoutError():
            return "network"
        case OSError() if error.errno in _SCARCE:
            return "resource"
        case RuntimeError() if "start new thread" in str(error):
            return "resource"
    if package == "sqlite3":  # what the store has not explained
        return "resource" if type(error).__name__ == "OperationalError" else "data"
    if package == "interactions":
        return "discord"
    if package in ("aiohttp", "socket", "ssl", "asyncpg", "psycopg"):
        return "network"
    return "bug"


def failure(record: logging.LogRecord, scrub: Scrubber) -> Failure | None:
    """What failed, as a record tells; None where it tells of no failure. Nothing in it is secret."""
    error = error_of(record)
    if error is None or record.levelno < logging.ERROR:
        return None
    context = fields(record, scrub)
    named = context.pop("kind", "")
    kind: Kind = named if named in KINDS else classify(error)
    ours, innermost = _places(error)
    same = f"{kind} {type(error).__module__}.{type(error).__qualname__} {ours or record.name} {innermost}"
    about = context.pop("error")
    return Failure(
        id=str(context.pop("error_id", "")) or new_id()[-8:],
        kind=kind,
        type=about["type"],
        place=scrub.text(ours or innermost or f"{record.name}:{record.funcName}"),
        fingerprint=hashlib.sha256(same.encode("utf-8", "replace")).hexdigest()[:8],
        time=round(record.created * 1000),
        message=about["message"],
        stack=scrub.text(stack(error, error.__traceback__)),
        told=str(context.pop("told", "")),
        recovery=str(context.pop("recovery", "")),
        context={"logged": context.pop("message"), **context},
    )


def _places(error: BaseException) -> tuple[str, str]:
    """Where it was raised: the innermost place in our code, and the innermost at all."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    named = [f"{frame.f_globals.get('__name__', '?')}:{frame.f_code.co_name}" for frame in frames]
    ours = [place for place in named if place.startswith("milena.")]
    return (ours or [""])[-1], (named or [""])[-1]


class Recorder(logging.Handler):
    """Writes failures into the ``errors.db`` of a data directory, at most so many ``rows``; never raises.
    The record gets the id of its failure, for the handlers that come after."""

    def __init__(self, directory: Path, rows: int, scrub: Scrubber) -> None:
        super().__init__(logging.ERROR)
        self._book = ErrorBook(directory / FILE, rows)
        self._scrub = scrub
        self._trouble = Trouble(f"the record of errors {directory / FILE}")

    def emit(self, record: logging.LogRecord) -> None:
        try:
            found = failure(record, self._scrub)
            if found is None:
                return
            record.error_id = found.id
            record.kind = found.kind
            self._book.add(found)
        except Exception as error:  # whatever it is, whoever logs has to go on
            self._trouble.failed(error)
        else:
            self._trouble.well()

    def close(self) -> None:
        self._book.close()
        super().close()
