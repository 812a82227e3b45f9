"""The follower: a thread that takes every new event into the read models.

It is woken by the engine's commits, and looks by itself for those of other processes. A model that is not
there, does not fit this release, is damaged, or was made from another log is made anew in a second thread;
the others go on meanwhile.
"""

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from milena.readside.errors import BadModel, Behind, Poison
from milena.readside.file import TRIES, ModelFile, OtherLog, Stamp
from milena.readside.log import Log
from milena.readside.model import Model
from milena.readside.rebuild import Tell, rebuild
from milena.readside.shelf import Shelf
from milena.store import Damaged, StoreError

log = logging.getLogger(__name__)

TICK = 0.02
"""Seconds between two looks for what other processes wrote."""
PATIENCE = 30.0
"""Seconds until something is tried again that can't be done, at most; the first time is soon."""
FEW = 64
"""So many events are looked through to see whom they concern; more are given to everybody."""
NOTED = 1.0
"""Seconds between two notes in a file that events passed which do not concern it."""


class Follower:
    """Follows ``source`` into the read models. Start it with ``with Follower(...)``."""

    def __init__(self, models: Iterable[Model], directory: Path, source: Log) -> None:
        self._source = source
        self._followed = [Followed(model, Shelf(directory, model.name), source) for model in models]
        self._wake = threading.Event()
        self._stopping = False
        self._moved = threading.Condition()
        self._waiters: list[tuple[int, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._thread = threading.Thread(target=self._run, name="milena-follower", daemon=True)
        self._maker = threading.Thread(target=self._make, name="milena-rebuild", daemon=True)
        self._to_make = threading.Event()

    def __enter__(self) -> "Follower":
        self._thread.start()
        self._maker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        self._wake.set()
        self._to_make.set()
        self._thread.join()
        self._maker.join()
        for each in self._followed:
            each.close()
        with self._moved:
            self._moved.notify_all()

    def wake(self, _: object = None) -> None:
        """There is something new in the log."""
        self._wake.set()

    @property
    def position(self) -> int:
        """Everything up to here is in every read model."""
        return min((each.position for each in self._followed), default=0)

    async def caught_up(self, position: int) -> None:
        """Wait until everything up to ``position`` is in every read model."""
        if self.position >= position:
            return
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._moved:
            self._waiters.append((position, loop, future))
        self._wake.set()
        await future

    def wait(self, position: int, timeout: float | None = None) -> None:
        """:meth:`caught_up` for a thread. Raises Behind where it takes longer than ``timeout`` seconds."""
        self._wake.set()
        with self._moved:
            if not self._moved.wait_for(lambda: self.position >= position or self._stopping, timeout):
                raise Behind(f"The read models are at position {self.position}, and not yet at {position}.")

    # ------------------------------------------------------------------------------------- threads

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            moved = False
            try:
                head = self._source.head()
            except StoreError as error:
                log.error("the read models have to wait: %s", error)
                self._wake.wait(1)
                continue
            for each in self._followed:
                if not self._stopping:
                    moved |= each.turn(head)
            if any(each.unfit for each in self._followed):
                self._to_make.set()
            if moved:
                self._tell()
            else:
                self._wake.wait(TICK)

    def _make(self) -> None:
        while True:
            self._to_make.wait()
            self._to_make.clear()
            for each in self._followed:
                if self._stopping:
                    return
                if each.unfit:
                    each.make(self._stop)
            self._wake.set()

    def _stop(self, _: int, __: int) -> None:
        if self._stopping:
            raise Stopped

    def _tell(self) -> None:
        """Tell those who wait how far it is."""
        position = self.position
        with self._moved:
            self._moved.notify_all()
            ready = [each for each in self._waiters if each[0] <= position]
            self._waiters = [each for each in self._waiters if each[0] > position]
        for _, loop, future in ready:
            try:
                loop.call_soon_threadsafe(_finish, future)
            except RuntimeError:  # that loop is closed: nobody waits there any more
                log.debug("an event loop closed before the read models had caught up")


class Stopped(Exception):
    """The follower is to stop in the middle of making a model."""


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class Followed:
    """One read model that is followed. ``unfit``: it has to be made anew before it can be."""

    def __init__(self, model: Model, shelf: Shelf, source: Log) -> None:
        self.model = model
        self.unfit = False
        self.position = 0
        """Everything up to here is in it, or does not concern it."""
        self._shelf = shelf
        self._source = source
        self._file: ModelFile | None = None
        self._unfit: Path | None = None
        """The file that is to be replaced."""
        self._note_at = 0.0
        self._again = 0.0
        self._failures = 0
        self._complaint = ""

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def turn(self, head: int) -> bool:
        """Take in what is new, a batch at most; whether it has come any further."""
        if self.unfit or time.monotonic() < self._again:
            return False
        try:
            moved = self._advance(head)
        except Poison as error:
            self._later(str(error))
            return False
        except (OtherLog, Damaged) as error:
            self._make_anew(str(error))
            return False
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                self._make_anew(f"its file is damaged ({error})")
            else:
                self._later(f"{self.model.name} has to wait: {error}")
            return False
        except Exception as error:
            self.close()
            self._later(f"{self.model.name} has to wait: {error!r}")
            return False
        self._failures, self._complaint = 0, ""
        return moved

    def _advance(self, head: int) -> bool:
        file = self._open()
        if file is None:
            return False
        before = self.position
        if before > head:
            raise OtherLog(f"{self.model.name} is at position {before}, and the log ends at {head}")
        if before < head and not self._concerned(before, head):
            self.position = head
        if self.position < head or (file.position < head and time.monotonic() >= self._note_at):
            file.advance()  # which notes how far it is, too
            self.position = max(self.position, file.position)
            self._note_at = time.monotonic() + NOTED
        return self.position != before

    def _concerned(self, after: int, upto: int) -> bool:
        """Whether any of these events can change this model."""
        return upto - after > FEW or not self.model.tags.isdisjoint(self._source.tags(after, upto))

    def _open(self) -> ModelFile | None:
        """The live file; None where there is none that can be followed."""
        live = self._shelf.live()
        if self._file is not None and live == self._file.path:
            return self._file
        self.close()
        if live is None:
            self._make_anew("")
            return None
        file = ModelFile(live, self.model, self._source, tries=TRIES)
        stamp = file.stamp()
        if stamp.fingerprint != self.model.fingerprint:
            file.close()
            self._misfit(stamp)
            return None
        self._file, self.position = file, file.position
        return file

    def _misfit(self, stamp: Stamp) -> None:
        if stamp.version > self.model.version:
            self._later(f"{self.model.name} was made by a newer Milena ({stamp.milena}); it is left alone.")
        else:
            self._make_anew(f"it is of version {stamp.version}, or has another schema")

    def _make_anew(self, why: str) -> None:
        if why:
            log.warning("%s is made anew: %s", self.model.name, why)
        self.close()
        self.position = 0
        self._unfit = self._shelf.live()
        self.unfit = True

    def make(self, tell: Tell) -> None:
        """Make it anew, unless somebody else has; in the second thread."""
        if time.monotonic() < self._again:
            return
        try:
            if self._shelf.live() == self._unfit:
                rebuild(self.model, self._shelf, self._source, tries=1, tell=tell)
        except Stopped:
            return
        except (StoreError, BadModel) as error:
            self._later(f"{self.model.name} can't be made: {error}")
            return
        except Exception as error:
            self._later(f"{self.model.name} can't be made: {error!r}")
            return
        self._failures, self._complaint = 0, ""
        self.unfit = False

    def _later(self, complaint: str) -> None:
        """Try again in a while, longer each time. The same complaint is logged once."""
        if complaint != self._complaint:
            log.error("%s", complaint)
        self._complaint = complaint
        self._again = time.monotonic() + min(PATIENCE, 0.05 * 2**self._failures)
        self._failures += 1
