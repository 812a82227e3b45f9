"""The follower: a thread that takes every new event into the read models.

It is woken by the engine's commits, and looks by itself for those of other processes. A model that is not
there, does not fit this release, is damaged, or was made from another log is made anew in a second thread;
the others go on meanwhile.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from milena.domain.refusal import Refused
from milena.readside.errors import Behind
from milena.readside.followed import Followed, Stopped
from milena.readside.log import Log
from milena.readside.model import Model
from milena.readside.shelf import Shelf
from milena.store import StoreError

log = logging.getLogger(__name__)

TICK = 0.02
"""Seconds between two looks for what other processes wrote."""
BREATH = 0.04
"""Seconds in which commits that follow one another are taken in together, unless somebody waits for them.
Meanwhile those who gave the commands are answered."""
LOOK = 0.25
"""Seconds between two looks at the files of the read models, while nothing is new."""
LONG_ENOUGH = 30.0
"""Seconds that somebody waits for the read models, at most."""


class _Waiter(NamedTuple):
    """Somebody who waits in an event loop for a position, in these models."""

    position: int
    names: Collection[str]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[None]"


class Follower:
    """Follows ``source`` into the read models. Start it with ``with Follower(...)``."""

    def __init__(self, models: Iterable[Model], directory: Path, source: Log) -> None:
        self._source = source
        self._followed = {
            model.name: Followed(model, Shelf(directory, model.name), source) for model in models
        }
        self._wake = threading.Event()
        self._wanted = threading.Event()
        """Somebody waits."""
        self._stopping = False
        self._moved = threading.Condition()
        self._waiters: list[_Waiter] = []
        self._thread = threading.Thread(target=self._run, name="milena-follower", daemon=True)
        self._maker = threading.Thread(target=self._make, name="milena-rebuild", daemon=True)
        self._to_make = threading.Event()
        self._complaint = ""
        self._seen = -1
        self._look_at = 0.0

    def __enter__(self) -> "Follower":
        self._thread.start()
        self._maker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        self._hurry()
        self._to_make.set()
        self._thread.join()
        self._maker.join()
        for each in self._followed.values():
            each.close()
        self._tell()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive() and not self._stopping

    def wake(self, _: object = None) -> None:
        """There is something new in the log."""
        self._wake.set()

    @property
    def position(self) -> int:
        """Everything up to here is in every read model."""
        return self.reached()

    def reached(self, *names: str) -> int:
        """Everything up to here is in the read models of these names (all). Raises Refused where there is no
        such model."""
        return min((each.position for each in self._chosen(names)), default=0)

    @property
    def names(self) -> list[str]:
        """Of the read models that are followed."""
        return list(self._followed)

    @property
    def troubles(self) -> dict[str, str]:
        """The read models that can't be followed now, and why."""
        return {name: each.trouble for name, each in self._followed.items() if each.trouble}

    async def caught_up(self, position: int, *names: str, timeout: float | None = LONG_ENOUGH) -> None:
        """Wait until everything up to ``position`` is in the read models of these names (all).

        Who has to see what he wrote in one model names it: then another, that is being made, does not keep
        him. Raises Behind, which tells why, where it takes longer than ``timeout`` seconds, or it is
        stopped.
        """
        loop = asyncio.get_running_loop()
        waiter = _Waiter(position, names, loop, loop.create_future())
        with self._moved:
            if self.reached(*names) >= position:
                return
            if self._stopping:
                raise self._behind(position, names)
            self._waiters.append(waiter)
        self._hurry()
        try:
            async with asyncio.timeout(timeout):
                await waiter.future
        except TimeoutError:
            raise self._behind(position, names) from None
        finally:
            with self._moved:
                self._waiters = [each for each in self._waiters if each is not waiter]

    def wait(self, position: int, timeout: float | None = LONG_ENOUGH, *names: str) -> None:
        """:meth:`caught_up` for a thread."""
        if all(each.stands_for(position) for each in self._chosen(names)):
            return
        self._hurry()
        with self._moved:
            self._moved.wait_for(lambda: self.reached(*names) >= position or self._stopping, timeout)
            if self.reached(*names) < position:
                raise self._behind(position, names)

    def _hurry(self) -> None:
        self._wanted.set()
        self._wake.set()

    def _chosen(self, names: Collection[str]) -> list[Followed]:
        for name in names:
            if name not in self._followed:
                known = ", ".join(self._followed)
                raise Refused("unknown_model", f"There is no read model {name[:40]!r}. There are: {known}.")
        return [self._followed[name] for name in names or self._followed]

    def _behind(self, position: int, names: Collection[str]) -> Behind:
        late = [each for each in self._chosen(names) if each.position < position]
        told = "; ".join(
            f"{each.model.name} is at position {each.position}, and not yet at {position}"
            + (f" ({each.trouble})" if each.trouble else "")
            for each in late
        )
        return Behind(f"{told}.")

    # ------------------------------------------------------------------------------------- threads

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            self._wanted.clear()
            try:
                more = self._turn()
            except StoreError as error:
                self._complain(f"the read models have to wait: {error}", error)
            except Exception as error:  # whatever it is, those who wait must not wait for nobody
                self._complain(f"the read models have to wait: {error!r}", error)
            else:
                self._complaint = ""
                if not more and self._wake.wait(TICK):
                    self._wanted.wait(BREATH)
                continue
            self._wake.wait(1)

    def _turn(self) -> bool:
        """Each model takes in a batch at most; whether there is more to be taken in at once."""
        head = self._source.head()
        if head == self._seen and time.monotonic() < self._look_at:
            return False
        moved = []
        for each in self._followed.values():
            if not self._stopping and each.turn(head):
                moved.append(each)
                self._tell()  # who waits for this one goes on while the others take theirs in
        if any(each.unfit for each in self._followed.values()):
            self._to_make.set()
        more = any(each.position < head for each in moved)
        self._seen = head
        self._look_at = 0.0 if more else time.monotonic() + LOOK
        return more

    def _make(self) -> None:
        while True:
            self._to_make.wait()
            self._to_make.clear()
            for each in self._followed.values():
                if self._stopping:
                    return
                if each.unfit:
                    each.make(self._stop)
            self._look_at = 0.0
            self._wake.set()

    def _stop(self, _: int, __: int) -> None:
        if self._stopping:
            raise Stopped

    def _tell(self) -> None:
        """Tell those who wait how far it is."""
        with self._moved:
            self._moved.notify_all()
            ready = [
                each for each in self._waiters if self._stopping or self.reached(*each.names) >= each.position
            ]
        for each in ready:
            try:
                each.loop.call_soon_threadsafe(self._finish, each)
            except RuntimeError:  # that loop is closed: nobody waits there any more
                log.debug("an event loop closed before the read models had caught up")

    def _finish(self, waiter: _Waiter) -> None:
        if waiter.future.done():
            return
        if self.reached(*waiter.names) >= waiter.position or not self._stopping:
            waiter.future.set_result(None)
        else:
            waiter.future.set_exception(self._behind(waiter.position, waiter.names))

    def _complain(self, complaint: str, error: Exception) -> None:
        if complaint != self._complaint:
            log.error("%s", complaint, extra={"error": error, "recovery": "tried again in a second"})
        self._complaint = complaint
