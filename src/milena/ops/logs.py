"""Logging: all that the standard library's loggers are told, to the terminal and to files.

Our code, and that of the dependencies, uses ``logging.getLogger(__name__)``; where a process begins that goes
on for a while, :func:`begin` routes it into loguru, which is imported there and nowhere else. In the folder
``logs`` of the data directory are ``milena.jsonl`` (info and above), ``errors.jsonl``, ``audit.jsonl``, and
``debug.jsonl`` where that is asked for: a JSON object a line. Nothing that goes wrong with the log stops a
command.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from milena import __version__, journal
from milena.ops.config import LogLimits
from milena.ops.errors import Recorder, classify
from milena.ops.logs_files import SHARES, Caps, Folder, private
from milena.ops.logs_lines import AUDIT, as_json, fields, for_people, level
from milena.ops.logs_scrub import Scrubber, secrets_of
from milena.ops.logs_trouble import Trouble

if TYPE_CHECKING:
    from loguru import Logger

Level = Literal["debug", "info", "warning", "error"]
FOLDER = "logs"
TERMINAL = "terminal"
MB = 1_000_000

log = logging.getLogger(__name__)


@contextmanager
def begin(
    directory: Path,
    limits: LogLimits | None = None,
    shows: Level = "warning",
    environment: Mapping[str, str] = os.environ,
) -> Iterator[None]:
    """Log to the terminal and to the files of a data directory while the block runs; failures also go into
    its ``errors.db``.

    ``shows``: the lowest level that the terminal shows; with debug there is a file for that too.
    ``environment``: what it holds under the name of a secret is in no line. A bug whose error leaves the
    block is recorded.
    """
    limits = limits or LogLimits()
    scrub = Scrubber(secrets_of(environment))
    caps = Caps(limits.file * MB, limits.day * MB, limits.total * MB, limits.days)
    with (
        closing(Recorder(directory, limits.errors, scrub)) as recorder,
        _handling(recorder),  # the first: it gives a failure its id
        routed(Folder(directory / FOLDER, caps), scrub, shows),
    ):
        log.info("Milena %s begins, with the data of %s", __version__, directory)
        try:
            yield
            log.info("Milena ends")
        except Exception as error:
            if classify(error) == "bug" and not type(error).__module__.startswith(("typer", "click")):
                log.error("this process ends with an error", exc_info=error)
            raise


@contextmanager
def recording(directory: Path, limits: LogLimits | None = None) -> Iterator[None]:
    """Record failures in the ``errors.db`` of a data directory, and log as the standard library does where
    nobody asks for more: for what is over soon."""
    scrub = Scrubber(secrets_of(os.environ))
    with closing(Recorder(directory, (limits or LogLimits()).errors, scrub)) as recorder:
        shown = [] if logging.root.handlers or logging.lastResort is None else [logging.lastResort]
        with _handling(recorder, *shown):
            yield


@contextmanager
def routed(folder: Folder, scrub: Scrubber, shows: Level) -> Iterator[None]:
    """Route what is logged into files, and the terminal."""
    from loguru import logger

    with suppress(OSError):  # the first line tells
        folder.path.mkdir(mode=0o700, exist_ok=True)
    with suppress(ValueError):
        logger.remove(0)  # loguru begins with a handler of its own
    try:
        logger.level("AUDIT")
    except ValueError:
        logger.level("AUDIT", no=AUDIT, color="<cyan>")
    debug = shows == "debug"
    names = [name for name in SHARES if debug or name != "debug"]
    sinks = [
        logger.add(
            folder.file(name), format="{extra[text]}", filter=_only(name), colorize=False,
            rotation=folder.is_full, compression=folder.pack, retention=lambda _: folder.tidy(),
            delay=True, watch=True, opener=private, level=0, catch=False,
        )
        for name in names
    ]  # fmt: skip
    coloured = "<level>{extra[text]}</level>"
    sinks.append(
        logger.add(_say, format=coloured, filter=_only(TERMINAL), colorize=_in_colour(), level=0, catch=False)
    )
    before = logging.root.level
    logging.root.setLevel(logging.DEBUG if debug else logging.INFO)
    logging.captureWarnings(True)
    try:
        with _handling(_Route(logger, folder, scrub, shows)), _threads():
            folder.tidy()
            yield
    finally:
        logging.root.setLevel(before)
        logging.captureWarnings(False)
        for sink in sinks:
            with suppress(Exception):  # a full disk, at the end
                logger.remove(sink)
        folder.close()


class _Route(logging.Handler):
    """Gives each record of the standard library's to the sinks that it is for, and never raises."""

    def __init__(self, logger: "Logger", folder: Folder, scrub: Scrubber, shows: Level) -> None:
        super().__init__()
        self._logger, self._folder, self._scrub = logger, folder, scrub
        self._shows = getattr(logging, shows.upper())
        self._debug = shows == "debug"
        self._troubles = {name: Trouble(f"the log file {folder.file(name)}") for name in SHARES}
        self._dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        try:
            found = fields(record, self._scrub)
            if record.levelno >= self._shows:
                self._show(found, record.created)
            text = as_json(found)
            for name in self._files(record.levelno):
                self._keep(name, found["level"], text)
        except Exception as error:  # whatever it is, whoever logs has to go on
            self._troubles["milena"].failed(error)

    def _files(self, number: int) -> Iterator[str]:
        named = level(number)
        if self._debug:
            yield "debug"
        if named == "ERROR":
            yield "errors"
        if named == "AUDIT":
            yield "audit"
        if named != "DEBUG":
            yield "milena"

    def _keep(self, name: str, named: str, text: str) -> None:
        """Write a line to a file, where that may still be written to today."""
        if not self._folder.admits(name, len(text.encode()) + 1):
            self._drop(name)
            return
        try:
            os.stat(self._folder.path.parent)  # a data directory that was moved away is not made anew
            self._write(name, named, text)
        except Exception as error:
            self._troubles[name].failed(error)
            return
        lost = self._troubles[name].well()
        if lost:
            self._note(name, f"{lost} lines before this one could not be written", lost=lost)
        if self._dropped and name == "milena":
            dropped, self._dropped = self._dropped, 0
            self._note(name, f"{dropped} lines were dropped: the log of a day was full", dropped=dropped)

    def _drop(self, name: str) -> None:
        self._dropped += 1
        if self._dropped == 1:
            full = f"the log of this day is full ({name}): more is dropped until midnight UTC"
            self._show({"level": "WARNING", "message": full}, time.time())

    def _note(self, name: str, message: str, **extra: int) -> None:
        """A line about the log itself."""
        record = logging.makeLogRecord(
            {"name": __name__, "levelno": logging.WARNING, "msg": message, "extra": extra}
        )
        text = as_json(fields(record, self._scrub))
        if self._folder.admits(name, len(text.encode()) + 1):
            with suppress(Exception):  # the next line tells
                self._write(name, "WARNING", text)

    def _show(self, found: dict[str, Any], created: float) -> None:
        head = journal.head(found["level"])
        self._write(TERMINAL, found["level"], head + for_people(found, None if head else created))

    def _write(self, to: str, named: str, text: str) -> None:
        self._logger.bind(to=to, text=text).log(named, "")


@contextmanager
def _handling(*handlers: logging.Handler) -> Iterator[None]:
    """With handlers for all that is logged."""
    for handler in handlers:
        logging.root.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            logging.root.removeHandler(handler)


@contextmanager
def _threads() -> Iterator[None]:
    """With what ends a thread in the log."""
    before = threading.excepthook

    def hook(given: Any) -> None:
        if given.exc_value is None or given.exc_type is SystemExit:
            return
        name = given.thread.name if given.thread else "?"
        log.error("the thread %s ended with an error", name, exc_info=given.exc_value)

    threading.excepthook = hook
    try:
        yield
    finally:
        threading.excepthook = before


def _only(name: str) -> Any:
    return lambda record: record["extra"].get("to") == name


def _say(message: str) -> None:
    """To standard error, as it is now: a status line may have taken its place."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(message)
        sys.stderr.flush()


def _in_colour() -> bool:
    return bool(sys.stderr and sys.stderr.isatty() and not os.environ.get("NO_COLOR"))
