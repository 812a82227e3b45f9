"""One read model that is followed: taken further, made anew where it has to be, and left in peace for a while
where neither can be done."""

import logging
import time
from pathlib import Path

from milena.readside.disk import DAMAGED, code
from milena.readside.errors import BadModel, Poison
from milena.readside.file import TRIES, ModelFile, OtherLog
from milena.readside.log import Log
from milena.readside.model import Model
from milena.readside.own import Spoilt, Stamp
from milena.readside.rebuild import Tell, rebuild
from milena.readside.shelf import Shelf
from milena.store import StoreError

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds until something is tried again that can't be done, at most; the first time is soon."""
FEW = 64
"""So many events are looked through to see whom they concern; more are given to everybody."""
NOTED = 1.0
"""Seconds between two notes in a file that events passed which do not concern it."""


class Stopped(Exception):
    """The follower is to stop in the middle of making a model."""


class Followed:
    """``position``  everything up to here is in it, or does not concern it
    ``unfit``     it has to be made anew before it can be followed
    ``trouble``   what keeps it from being followed, empty where nothing does
    """

    def __init__(self, model: Model, shelf: Shelf, source: Log) -> None:
        self.model = model
        self.position = 0
        self.unfit = False
        self.trouble = ""
        self._shelf = shelf
        self._source = source
        self._file: ModelFile | None = None
        self._unfit: Path | None = None
        """The file that is to be replaced."""
        self._note_at = 0.0
        self._again = 0.0
        self._failures = 0

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def stands_for(self, position: int) -> bool:
        """Whether it tells what it would at this position of the log: nothing that is not in it yet concerns
        it. For any thread. Raises StoreError."""
        known, file = self.position, self._file
        if position <= known:
            return True
        if file is None or file.path != self._shelf.live() or position > self._source.head():
            return False
        return not self._concerned(known, position)

    def turn(self, head: int) -> bool:
        """Take in what is new, a batch at most; whether it has come any further."""
        if self.unfit and self._shelf.live() != self._unfit:  # somebody has made it
            self._is_well()
        if self.unfit or time.monotonic() < self._again:
            return False
        try:
            moved = self._advance(head)
        except Poison as error:
            self._later(str(error), error)
        except (OtherLog, Spoilt) as error:
            self._make_anew(str(error))
        except BadModel as error:
            self._later(str(error), error)
        except Exception as error:
            if code(error) in DAMAGED:
                self._make_anew(f"its file is damaged ({error})")
            else:
                self.close()
                told = error if isinstance(error, StoreError) or code(error) else repr(error)
                self._later(f"{self.model.name} has to wait: {told}", error)
        else:
            if self._file is not None:
                self._is_well()
            return moved
        return False

    def _advance(self, head: int) -> bool:
        before = self.position
        file = self._open()
        if file is None:
            return self.position != before
        if self.position > head:  # maybe the log has grown since, and somebody else was quicker
            head = self._source.head()
        if self.position > head:
            raise OtherLog(f"it is at position {self.position}, and the log ends at {head}")
        if self.position < head and not self._concerned(self.position, head):
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
            self._make_anew("its file is gone" if self._shelf.is_gone else "")
            return None
        file = ModelFile(live, self.model, self._source, tries=TRIES, is_live=self._shelf.is_live)
        try:
            stamp = file.stamp()
            if stamp.fingerprint == self.model.fingerprint:
                file.check_log()
                self._file, self.position = file, file.position
                return file
        finally:
            if self._file is None:
                file.close()
        self._misfit(stamp)
        return None

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
        self.trouble = f"it is being made: {why}" if why else "it is being made"
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
        except (StoreError, BadModel, Poison) as error:
            self._later(f"{self.model.name} can't be made: {error}", error)
            return
        except Exception as error:
            self._later(f"{self.model.name} can't be made: {error!r}", error)
            return
        self._is_well()

    def _is_well(self) -> None:
        self._failures, self._again, self.trouble = 0, 0.0, ""
        self.unfit = False

    def _later(self, complaint: str, error: Exception | None = None) -> None:
        """Try again in a while, longer each time. The same complaint is logged once."""
        if complaint != self.trouble:
            kind = "data" if isinstance(error, (Poison, BadModel)) else ""
            log.error(
                "%s", complaint, extra={"error": error, "kind": kind, "recovery": "tried again in a while"}
            )
        self.trouble = complaint
        self._again = time.monotonic() + min(PATIENCE, 0.05 * 2 ** min(self._failures, 20))
        self._failures += 1
