"""A read model is made anew beside the live one, and takes its place when it has all that the log has.

Nobody notices before: the live file is followed and read meanwhile. If the making stops half-way (an event
that can't be taken in, a full disk, Ctrl-C), what was made is removed and the live file stays.
"""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from milena.domain.refusal import Refused
from milena.readside.digest import digest
from milena.readside.disk import DAMAGED, code, connect, explained, look
from milena.readside.errors import Behind
from milena.readside.file import ModelFile, OtherLog
from milena.readside.log import Log
from milena.readside.model import Model
from milena.readside.own import Letter, Spoilt, make, read_letters, read_stamp
from milena.readside.shelf import Shelf
from milena.store import Unavailable

PATIENCE_MS = 60_000
"""How long to wait for somebody who writes to the live file, when all is made."""
SYNCED = 20
"""After so many batches what was written is sent to the disk, while the next ones are taken in."""
Tell = Callable[[int, int], None]
"""Is told how far the log was taken in, and how far it goes."""


def rebuild(
    model: Model,
    shelf: Shelf,
    log: Log,
    *,
    tries: int | None = None,
    tell: Tell | None = None,
    again: Collection[int] = (),
) -> None:
    """Make ``model`` anew and put it in the place of the live one.

    An event that can't be taken in is parked after so many ``tries``; None: Poison is raised at the first.
    What was dropped stays dropped, but for the positions ``again``. Raises Unavailable where the disk gives
    up, or somebody else is making it; BadModel for a bad schema.
    """
    with shelf.building() as part, explained(part), _one_log():
        live = shelf.live()
        make(part, model)
        with log.whole() as source, ModelFile(part, model, source, aside=True, tries=tries) as file:
            for letter in left_out(live):
                if letter.position not in again:
                    file.drop(letter)
            with _Syncing(part) as syncing:
                _take_all(file, source, tell, syncing=syncing)
        with ModelFile(part, model, log, aside=True, tries=tries) as file, _held(live):
            _take_all(file, log, tell)  # nobody saw more than will be seen from now on
            file.finish()
            shelf.publish(part)


def check(model: Model, shelf: Shelf, log: Log, tell: Tell | None = None) -> bool:
    """Whether the live file holds what the log gives, made anew aside. What the live file left out is left
    out there, too. Raises Behind where there is no live file that fits this release."""
    live = shelf.live()
    if live is None or stamped(live) != model.fingerprint:
        raise Behind(
            f"{model.name} is not made yet, or was made by another release: "
            f"'milena projections rebuild {model.name}' makes it."
        )
    with (
        shelf.building() as part,
        explained(live),
        closing(look(live)) as db,
        _one_log(),
        log.whole() as source,
    ):
        db.execute("BEGIN")  # what is seen from here on stands still
        position = read_stamp(db).position
        make(part, model)
        with ModelFile(part, model, source, aside=True) as file:
            for letter in read_letters(db):
                file.drop(letter)
            _take_all(file, source, tell, position)
            return digest(file.db) == digest(db)


def rollback(model: Model, shelf: Shelf) -> Path:
    """Make the generation before the live one again; returns its file. Raises Refused where there is none, or
    it does not fit this release."""
    with shelf.locked():
        path = shelf.previous()
        if path is None:
            raise Refused("no_previous", f"There is no earlier {model.name} to go back to.")
        if stamped(path) != model.fingerprint:
            raise Refused(
                "other_version",
                f"{path.name} was made by another version of {model.name}, or is damaged: install the "
                "release that made it, or leave it.",
            )
        shelf.point_at(path)
    return path


def stamped(path: Path) -> str | None:
    """The fingerprint of the model that a file was made for; None where the file can't be read."""
    try:
        with closing(look(path)) as db:
            return read_stamp(db).fingerprint
    except (sqlite3.Error, Spoilt):
        return None


def left_out(live: Path | None) -> list[Letter]:
    """The events that the live file leaves out for ever."""
    if live is None:
        return []
    try:
        with closing(look(live)) as db:
            return [letter for letter in read_letters(db) if letter.dropped]
    except sqlite3.Error:
        return []


def _take_all(
    file: ModelFile,
    log: Log,
    tell: Tell | None,
    upto: int | None = None,
    syncing: "_Syncing | None" = None,
) -> None:
    batches = 0
    while file.advance(upto):
        batches += 1
        if syncing is not None and batches % SYNCED == 0:
            syncing.start()
        if tell is not None:
            tell(file.position, max(file.position, log.head()))


class _Syncing:
    """Sends to the disk in a thread what was written to a file so far, so that little is left to wait for at
    the end. Raises OSError at its end where the disk failed: nobody else is told."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._pool = ThreadPoolExecutor(1, "sync")
        self._last: Future[None] | None = None

    def start(self) -> None:
        """Begin, unless the last one still goes on."""
        if self._last is None or self._last.done():
            self._check()
            self._last = self._pool.submit(os.fdatasync, self._file.fileno())

    def _check(self) -> None:
        if self._last is not None:
            self._last.result()

    def __enter__(self) -> "_Syncing":
        return self

    def __exit__(self, *_: object) -> None:
        with self._file, self._pool:
            self._check()


@contextmanager
def _held(live: Path | None) -> Iterator[None]:
    """Keep the live file where it is, so that it gets no further than the new one. One that is damaged, or
    gone, is no measure."""
    with ExitStack() as stack:
        if live is not None:
            try:
                db = stack.enter_context(closing(connect(live)))
                db.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
                db.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                if code(error) not in DAMAGED | {sqlite3.SQLITE_CANTOPEN}:
                    raise
        yield  # closing it ends the transaction


@contextmanager
def _one_log() -> Iterator[None]:
    try:
        yield
    except OtherLog as error:
        raise Unavailable(
            "The log was exchanged meanwhile, or games were moved to an archive; try again."
        ) from error
