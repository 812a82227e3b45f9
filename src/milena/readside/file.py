"""The SQLite file of one read model, and how it takes in events.

Rows and checkpoint are committed together, under the file's write lock: several processes may follow the log
into one file, and no event is missed or taken in twice.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from milena.domain.event import Event
from milena.domain.game import Game
from milena.domain.masking import masked_json
from milena.domain.refusal import Refused
from milena.readside.disk import connect, is_of_the_disk
from milena.readside.errors import Poison
from milena.readside.log import Log
from milena.readside.model import Model
from milena.readside.own import Letter, Spoilt, Stamp, bad_sql, read_letters, read_stamp
from milena.store import Envelope
from milena.store.envelope import envelope
from milena.store.formats import statements

BATCH = 5000
"""Events in one transaction."""
PAGE = 200
"""Events that are in memory at once, for handlers."""
TRIES = 3
"""So often an event is tried before it is parked."""
LETTERS = 1000
"""So many events are parked, and no more: then it is the model that is wrong, and not its events."""


class OtherLog(Exception):
    """The file can't go on with the log that is there. It was made from another one: an older one was
    restored, maybe; or what it would have to take in next was moved to an archive."""


class ModelFile:
    """The file at ``path``, open to take in events of ``log``.

    ``aside``: it is being made and nobody else has it; it is written faster, and must be made anew after a
    crash. An event that can't be taken in is parked after so many ``tries``; None: never. Nothing is taken in
    once it is not ``is_live`` any more: another file has taken its place.
    """

    def __init__(
        self,
        path: Path,
        model: Model,
        log: Log,
        *,
        aside: bool = False,
        tries: int | None = None,
        is_live: Callable[[Path], bool] = lambda path: True,
    ) -> None:
        self.path = path
        self.model = model
        self._log = log
        self._tries = tries
        self._is_live = is_live
        self._tried: tuple[int, int] = (0, 0)
        self._tags = ",".join("?" * len(model.handlers))
        self.db = connect(path)
        try:
            self._prepare(aside)
            stamp = self.stamp()
            self.position = stamp.position
            if stamp.fingerprint == model.fingerprint:
                self._check_fold()
        except BaseException:
            self.db.close()
            raise

    def _prepare(self, aside: bool) -> None:
        db = self.db
        db.execute(f"PRAGMA journal_mode = {'MEMORY' if aside else 'WAL'}")
        db.execute(f"PRAGMA synchronous = {'OFF' if aside else 'NORMAL'}")
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("PRAGMA recursive_triggers = ON")  # so that REPLACE fires what deletes
        db.create_function("masked", 1, masked_json, deterministic=True)
        db.execute("ATTACH ? AS log", (self._log.database,))
        for statement in statements(files("milena.readside").joinpath("views.sql").read_text("utf-8")):
            db.execute(statement)

    def _check_fold(self) -> None:
        """Compile it: what can't be, is no fault of the events. Raises BadModel."""
        for statement in self.model.fold:
            with bad_sql(self.model, "fold.sql"):
                self.db.execute(f"EXPLAIN {statement}").close()

    def finish(self) -> None:
        """It was made aside and is ready: from now on others will read it while it is written."""
        self.db.execute("PRAGMA journal_mode = WAL")
        self.close()

    def close(self) -> None:
        self.db.close()

    def __enter__(self) -> "ModelFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ----------------------------------------------------------------------------- where it stands

    def stamp(self) -> Stamp:
        return read_stamp(self.db)

    def letters(self) -> list[Letter]:
        """The events that were not taken in, in order."""
        return read_letters(self.db)

    def drop(self, letter: Letter) -> None:
        """Leave an event out for ever, also when the model is made anew."""
        self.db.execute("INSERT OR REPLACE INTO main._dead_letters VALUES (?, ?, ?, ?, 1)", letter[:4])

    def leave_out(self, position: int) -> Letter:
        """Leave the event at ``position`` out for ever. Raises Refused where there is none."""
        row = self.db.execute("SELECT tag FROM log.events WHERE position = ?", (position,)).fetchone()
        if row is None:
            raise Refused("unknown_position", f"The log has no event at position {position}.")
        with self.transaction():
            known = {letter.position: letter for letter in self.letters()}
            if position <= self.stamp().position and position not in known:
                raise Refused(
                    "taken_in",
                    f"{self.model.name} has taken in position {position}: there is nothing to drop.",
                )
            letter = known.get(position) or Letter(position, row[0], "", round(time.time() * 1000), 1)
            self.drop(letter)
        return letter._replace(dropped=1)

    # -------------------------------------------------------------------------------- taking in

    def check_log(self) -> None:
        """Raises OtherLog where the log does not hold what was taken in, or not any more what comes next."""
        stamp = self.stamp()
        if stamp.position and self._hash(stamp.position) != stamp.hash:
            raise OtherLog(f"The log does not hold the event that {self.path} took in last.")
        (archived,) = self.db.execute("SELECT coalesce(max(position), 0) FROM log.archived").fetchone()
        if archived > stamp.position:
            raise OtherLog(f"{self.path} has not taken in all that was moved to archives since.")

    def advance(self, most: int | None = None) -> int:
        """Take in the next events, at most BATCH, and none behind position ``most``; returns how many.

        Raises Poison (see above; one that will be tried again does, too), OtherLog, or what SQLite raises
        when the disk fails.
        """
        after = self.stamp().position
        head = self._head()
        if after > head:
            raise OtherLog(f"{self.path} is at position {after}, and the log ends at {head}.")
        upto = min(head if most is None else min(most, head), after + BATCH)
        if upto > after:
            self._take(after, upto)
        self.position = max(after, self.stamp().position)
        return self.position - after

    def _head(self) -> int:
        return self.db.execute("SELECT coalesce(max(position), 0) FROM log.events").fetchone()[0]  # type: ignore[no-any-return]

    def _take(self, after: int, upto: int) -> None:
        """Take in a span of positions; where an event is poison, find it by halves."""
        try:
            with self.transaction():
                if self._stands_at(after):
                    self._fold(after, upto)
                    self._note(upto)
        except (OtherLog, Spoilt):
            raise
        except Exception as error:
            if is_of_the_disk(error):
                raise
            if upto - after > 1:
                middle = (after + upto) // 2
                self._take(after, middle)
                self._take(middle, upto)
            else:
                self._meet_poison(upto, error)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Nobody else takes events in meanwhile."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:  # a full disk may have ended it
                with suppress(sqlite3.Error):
                    self.db.execute("ROLLBACK")
            raise

    def _stands_at(self, position: int) -> bool:
        """Whether nobody was quicker. Raises OtherLog."""
        self.check_log()
        return self.stamp().position == position and self._is_live(self.path)

    def _fold(self, after: int, upto: int) -> None:
        db, model = self.db, self.model
        db.execute("UPDATE temp.span SET after = ?, upto = ?", (after, upto))
        for statement in model.fold:
            db.execute(statement)
        if not model.handlers and model.settle is None:
            return
        folding = _Folding(db, self._log, upto)
        if model.handlers:
            wanted = f"SELECT * FROM batch WHERE tag IN ({self._tags}) ORDER BY position"  # noqa: S608
            cursor = db.execute(wanted, tuple(model.handlers))
            while rows := cursor.fetchmany(PAGE):
                for event in map(envelope, rows):
                    model.handlers[event.tag](folding, event)
        if model.settle is not None:
            model.settle(folding)

    def _note(self, position: int) -> None:
        self.db.execute("UPDATE main._readside SET position = ?, hash = ?", (position, self._hash(position)))

    def _hash(self, position: int) -> bytes | None:
        sql = (
            "SELECT hash FROM log.events WHERE position = :position UNION ALL "
            "SELECT hash FROM log.archived WHERE position = :position"
        )
        row = self.db.execute(sql, {"position": position}).fetchone()
        return row[0] if row else None

    def _meet_poison(self, position: int, error: Exception) -> None:
        row = self.db.execute("SELECT tag FROM log.events WHERE position = ?", (position,)).fetchone()
        tag, problem = row[0] if row else "", f"{type(error).__name__}: {error}"[:500]
        before, tries = self._tried
        self._tried = (position, tries + 1 if before == position else 1)
        if self._tries is None or self._tried[1] < self._tries or self._has_enough_letters():
            raise Poison(self.model.name, position, tag, problem) from error
        with self.transaction():
            if self._stands_at(position - 1):
                letter = (position, tag, problem, round(time.time() * 1000))
                self.db.execute("INSERT INTO main._dead_letters VALUES (?, ?, ?, ?, 0)", letter)
                self._note(position)

    def _has_enough_letters(self) -> bool:
        (letters,) = self.db.execute("SELECT count(*) FROM main._dead_letters").fetchone()
        return bool(letters >= LETTERS)


class _Folding(NamedTuple):
    """See :class:`milena.readside.model.Folding`."""

    db: sqlite3.Connection
    log: Log
    upto: int

    def event(self, envelope: Envelope) -> Event:
        return self.log.event(envelope)

    def game(self, key: str) -> Game | None:
        return self.log.game(key, self.upto)
