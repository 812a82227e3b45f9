"""What goes on while the log can't be written: who only looks something up is answered.

Nothing of it is recorded, as nothing can be. Whatever would have to be written fails, and says so.
"""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from milena.domain.command import Command, Invocation
from milena.domain.refusal import Refused
from milena.domain.throttle import CODES
from milena.engine import pipeline
from milena.engine.answer import Answer, went_wrong
from milena.engine.desk import InvocationDesk
from milena.engine.traffic import Traffic
from milena.engine.unit_of_work import UnitOfWork
from milena.store import Head, Store, StoreError, Unavailable
from milena.store.reading import Params, Reading

log = logging.getLogger(__name__)

STILL = "Until then, what only looks something up is answered."
AGAIN = 2.0
"""Seconds until it is tried again whether the log can be written."""


class Trouble:
    """Why ``store`` can't be written; ``sentence`` is empty where it can. For the writer thread only."""

    def __init__(self, store: Store) -> None:
        self.sentence = ""
        self._store = store
        self._since = self._next_try = 0.0

    def met(self, error: Unavailable) -> None:
        if not self.sentence:
            self._since = time.monotonic()
            log.warning("the log can't be written, which is tried again: %s %s", error, STILL)
        self.sentence = str(error)
        self._next_try = time.monotonic() + AGAIN

    def wait(self) -> float | None:
        """Seconds until it is to be tried again; None: there is no trouble."""
        return max(0.0, self._next_try - time.monotonic()) if self.sentence else None

    def try_again(self) -> None:
        try:
            self._store.try_writing()
        except Unavailable as error:
            self.met(error)
        except Exception:
            log.exception("it can't be tried whether the log can be written")
            self._next_try = time.monotonic() + AGAIN
        else:
            self.over()

    def over(self) -> None:
        """It was written."""
        if self.sentence:
            log.warning("the log can be written again, after %.1f s", time.monotonic() - self._since)
            self.sentence = ""


class Unwritten(Reading):
    """Stands for a transaction of ``store``: all that was committed, and nothing is ever appended."""

    def __init__(self, store: Store) -> None:
        self.codec, self.archives = store.codec, store.archives
        self._store = store
        self._head = store.head()

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        return self._store.rows(sql, params)

    def head(self) -> Head:
        return self._head

    def append(self, rows: Iterable[tuple[Any, ...]]) -> None:
        raise NotImplementedError

    def snapshot(self, kind: str, stream: str, version: int, state: bytes, *, secret: bool = False) -> None:
        raise NotImplementedError


def look(
    invocation: Invocation, command: Command | None, work: Callable[[], UnitOfWork], traffic: Traffic
) -> Answer | None:
    """The answer to an invocation that changes nothing; None where something would have to be written. It
    has to be allowed as ever, and is counted for the throttle."""
    try:
        found = work()
        desk = InvocationDesk(found, invocation)
        try:
            result = pipeline.run(desk, command, traffic).result
            told = Answer(invocation.id, "accepted", result=result, position=found.position)
        except Refused as refusal:
            code, sentence = refusal.code, refusal.sentence
            told = Answer(invocation.id, "refused", code, sentence, position=found.position)
            desk.changes = desk.set_aside()
    except Exception:  # what is wrong is recorded when it can be
        return None
    if any(change.events for change in desk.changes.values()):
        return None
    if told.code not in CODES and invocation.follows is None:
        traffic.count(invocation, desk.counted)
        traffic.keep()
    return told


def failed(invocation: Invocation, error: Exception) -> Answer:
    """The answer to an invocation of which nothing was written, for that error."""
    code, sentence = type(error).__name__, went_wrong(invocation)
    if isinstance(error, Unavailable):
        code, sentence = "unavailable", f"{error.told} {STILL}"
    elif isinstance(error, StoreError):
        sentence = error.told
    return Answer(invocation.id, "failed", code, sentence)
