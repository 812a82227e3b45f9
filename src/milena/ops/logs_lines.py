"""A record of the standard library's logging as a line: JSON for a file, or text for a terminal.

What a record knows besides its message comes with it, as ``extra=``: see ``CONTEXT``. Whoever logs gives what
is at hand; there is no ambient context, as one thread decides many invocations in turn.
"""

import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import msgspec

from milena.ops.logs_scrub import Scrubber, shown

AUDIT = 25
"""The level of what somebody did by an authority that not everyone has, or was denied: above info."""
CONTEXT = (
    "correlation", "invocation", "command", "game", "guild", "place", "player", "duration",
    "error_id", "kind", "told", "recovery",
)  # fmt: skip
"""What a line has at its top level where it is known.

``correlation``  the id of the invocation that all goes back to
``duration``     of the invocation, in microseconds
``error_id``     the eight characters that a person was told
``kind``         of a failure, where its error does not tell (see :mod:`milena.ops.errors`)
``told``         what the person saw
``recovery``     what was done about it
"""
ERROR = "error"
"""The extra that gives an error whose stack says nothing, so that it is not logged."""
FRAMES = 60
"""Of a stack: the innermost so many."""
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", ERROR, *CONTEXT}
_NAMES = ((40, "ERROR"), (30, "WARNING"), (AUDIT, "AUDIT"), (20, "INFO"))


def level(number: int) -> str:
    """The name of a level; others than ours count as the next lower."""
    return next((name for least, name in _NAMES if number >= least), "DEBUG")


def message(record: logging.LogRecord) -> str:
    """The message of a record. Never raises."""
    try:
        return record.getMessage()
    except Exception as error:  # an argument that can't be shown, or that does not fit
        return f"{shown(record.msg)} ({type(error).__name__} in its arguments)"


def error_of(record: logging.LogRecord) -> BaseException | None:
    """The error that a record is about."""
    error = getattr(record, ERROR, None)
    if isinstance(error, BaseException):
        return error
    return record.exc_info[1] if isinstance(record.exc_info, tuple) else None


def stack(error: BaseException, trace: TracebackType | None) -> str:
    """The traceback as text, without the values of variables. Never raises."""
    try:
        return "".join(traceback.format_exception(type(error), error, trace, limit=-FRAMES))
    except Exception as other:
        return f"{type(error).__name__} (its stack can't be shown: {type(other).__name__})"


def fields(record: logging.LogRecord, scrub: Scrubber) -> dict[str, Any]:
    """All that a record says, without what is secret, as plain data. Never raises."""
    found: dict[str, Any] = {
        "time": _iso(record.created),
        "level": level(record.levelno),
        "logger": scrub.text(record.name),
        "message": scrub.text(message(record)),
    }
    extras = vars(record)
    for name in CONTEXT:
        if extras.get(name) not in (None, ""):
            found[name] = scrub.value(extras[name])
    others = {name: value for name, value in extras.items() if name not in _STANDARD}
    if others:
        found["extra"] = scrub.value(others)
    if record.levelno >= logging.WARNING or record.levelno < logging.INFO:
        found["at"] = scrub.text(f"{record.module}:{record.funcName}:{record.lineno}")
    found["process"], found["thread"] = record.process, scrub.text(record.threadName or "")
    error = error_of(record)
    if error is not None:
        found["error"] = {"type": type(error).__qualname__, "message": scrub.text(shown(error))}
        if record.exc_info:
            found["error"]["stack"] = scrub.text(stack(error, error.__traceback__))
    return found


def as_json(found: dict[str, Any]) -> str:
    return msgspec.json.encode(found).decode()


def for_people(found: dict[str, Any], created: float | None) -> str:
    """One line of text; without the time where who reads it knows that."""
    line = f"{found['level']:7} {found['message']}"
    if created is not None:
        line = f"{datetime.fromtimestamp(created):%H:%M:%S} {line}"  # noqa: DTZ006
    error = found.get("error")
    if error is not None and error["message"] not in line:
        line += f": {error['type']}: {error['message']}"
    if "stack" in (error or {}) and "error_id" in found:
        line += f" ('milena errors show {found['error_id']}')"
    return "".join(char if char.isprintable() else " " if char == "\n" else "?" for char in line)


def _iso(seconds: float) -> str:
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):  # a clock that is out of its mind
        moment = datetime.fromtimestamp(0, UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
