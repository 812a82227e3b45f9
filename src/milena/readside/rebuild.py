"""A read model is made anew beside the live one, and takes its place when it has all that the log has.

Nobody notices before: the live file is followed and read meanwhile. If the making stops half-way (an event
that can't be taken in, a full disk, Ctrl-C), what was made is removed and the live file stays.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from milena.domain.refusal import Refused
from milena.readside.digest import digest
from milena.readside.errors import BadModel, Behind
from milena.readside.file import Letter, ModelFile, OtherLog, make
from milena.readside.log import Log
from milena.readside.model import Model
from milena.readside.shelf import Shelf
from milena.store import Unavailable
from milena.store.sqlite import explain, uri

Tell = Callable[[int, int], None]
"""Is told how far the log was taken in, and how far it goes."""


def rebuild(
    model: Model, shelf: Shelf, log: Log, *, tries: int | None = None, tell: Tell | None = None
) -> None:
    """Make ``model`` anew and put it in the place of the live one.

    An event that can't be taken in is parked after so many ``tries``; None: Poison is raised at the first.
    Raises Unavailable where the disk gives up, or somebody else is making it; BadModel for a bad schema.
    """
    with shelf.building() as part, explained(part):
        live = shelf.live()
        _create(part, model)
        with ModelFile(part, model, log, aside=True, tries=tries) as file:
            for letter in left_out(live):
                file.drop(letter)
            _take_all(file, log, tell)
            with _held(live):  # nobody saw more than will be seen from now on
                _take_all(file, log, tell)
                file.close()
                shelf.publish(part)


def check(model: Model, shelf: Shelf, log: Log, tell: Tell | None = None) -> bool:
    """Whether the live file holds what the log gives, made anew aside. What the live file left out is left
    out there, too. Raises Behind where there is no live file that fits this release."""
    live = shelf.live()
    if live is None or stamped(live) != model.fingerprint:
        raise Behind(
            f"There is no {model.name} that fits this release; 'milena projections rebuild' makes it."
        )
    with (
        explained(live),
        closing(look(live)) as db,
        TemporaryDirectory(dir=shelf.directory, prefix=".check-") as aside,
    ):
        db.execute("BEGIN")  # what is seen from here on stands still
        (position,) = db.execute("SELECT position FROM _readside").fetchone()
        path = Path(aside) / f"{model.name}.db"
        _create(path, model)
        with ModelFile(path, model, log, aside=True) as file:
            for letter in _letters(db):
                file.drop(letter)
            _take_all(file, log, tell, position)
            return digest(file.db) == digest(db)


def rollback(model: Model, shelf: Shelf) -> Path:
    """Make the generation before the live one again; returns its file. Raises Refused where there is none, or
    it does not fit this release."""
    path = shelf.previous()
    if path is None:
        raise Refused("no_previous", f"There is no earlier {model.name} to go back to.")
    with shelf.locked():
        fingerprint = stamped(path)
        if fingerprint != model.fingerprint:
            raise Refused(
                "other_version",
                f"{path.name} was made by another version of {model.name}: install the release that made "
                "it, or leave it.",
            )
        shelf.point_at(path)
    return path


def stamped(path: Path) -> str | None:
    """The fingerprint of the model that a file was made for; None where the file can't be read."""
    try:
        with closing(look(path)) as db:
            row = db.execute("SELECT fingerprint FROM _readside").fetchone()
    except sqlite3.Error:
        return None
    return row[0] if row else None


def left_out(live: Path | None) -> list[Letter]:
    """The events that the live file leaves out for ever."""
    if live is None:
        return []
    try:
        with closing(look(live)) as db:
            return [letter for letter in _letters(db) if letter.dropped]
    except sqlite3.Error:
        return []


def _letters(db: sqlite3.Connection) -> list[Letter]:
    rows = db.execute("SELECT * FROM _dead_letters ORDER BY position").fetchall()
    return [Letter(*row) for row in rows]


def look(path: Path) -> sqlite3.Connection:
    """A connection that can't write."""
    return sqlite3.connect(f"{uri(str(path))}?mode=ro", uri=True, isolation_level=None)


def _create(path: Path, model: Model) -> None:
    try:
        make(path, model)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        raise BadModel(f"read model {model.name!r}: schema.sql: {error}") from error


def _take_all(file: ModelFile, log: Log, tell: Tell | None, upto: int | None = None) -> None:
    while file.advance(upto):
        if tell is not None:
            tell(file.position, max(file.position, log.head()))


@contextmanager
def _held(live: Path | None) -> Iterator[None]:
    """Keep the live file where it is, so that it gets no further than the new one."""
    if live is None:
        yield
        return
    with closing(sqlite3.connect(uri(str(live)), uri=True, isolation_level=None)) as db:
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:  # it is damaged, or in use for long: then it is no measure
            yield
            return
        try:
            yield
        finally:
            db.execute("ROLLBACK")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of the disk, and of SQLite, as those of the store."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, str(path)) from error
    except OtherLog as error:
        raise Unavailable("The log was exchanged meanwhile; try again.") from error
    except OSError as error:
        raise Unavailable(f"{path} can't be written: {error.strerror}.") from error
