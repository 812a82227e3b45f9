"""The guard: holds what Milena uses against her budgets, acts where one is crossed, and says so.

A thread looks every few seconds. What is crossed is a warning in the log files, an event in the log, and one
or more actions, which are undone when no crossed budget asks for them any more. What a former process left
crossed stays so until it is seen to be kept.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from milena import __version__
from milena.domain.budget import Budget as Recorded
from milena.domain.command import Invocation
from milena.domain.ids import HOUSE, InvocationId, Place, new_id
from milena.engine import Engine
from milena.home import Home
from milena.ops import status
from milena.ops.budgets import REMEDIES, Action, Watch, budgets, wanted, watch
from milena.ops.resources import Sampler, Sources
from milena.ops.sample import Sample
from milena.store import StoreError

log = logging.getLogger(__name__)

PLACE = Place(f"{HOUSE}/budgets")

LEAVING = 10.0
"""Seconds that it may take to end; a writer that hangs must not keep the process."""

Do = Callable[[str], None]
"""Does something because of the budget of this title; undoes it where that is empty."""


class Guard:
    """Watches ``engine`` and its process: ``with Guard(...)``. ``actions``: what to do; ``shards`` of this
    process, where several share the log."""

    def __init__(
        self,
        home: Home,
        engine: Engine,
        sources: Sources,
        actions: Mapping[Action, Do],
        shards: str = "",
    ) -> None:
        self.limits = home.config.budgets
        self.sampler = Sampler(home.path, engine.meter, sources)
        self.watches = {each.name: Watch(each) for each in budgets(self.limits)}
        self._home, self._engine, self._actions, self._shards = home, engine, actions, shards
        self._recorded: dict[str, bool] = {}
        self._taken: dict[Action, str] = {}
        self._started = time.time()
        self._complained = False
        self._failed = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="milena-guard", daemon=True)

    def __enter__(self) -> "Guard":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(LEAVING)
        self._tell(ended=True)

    def _run(self) -> None:
        while True:
            try:
                self.turn(time.monotonic())
                self._failed = ""
            except Exception as error:  # whatever it is, the games go on
                if self._failed != repr(error):
                    log.exception("what Milena uses can't be measured")
                self._failed = repr(error)
            if self._stop.wait(self.limits.every):
                return

    def turn(self, now: float, sample: Sample | None = None) -> None:
        """Measure once (or take ``sample``), and act. ``now`` in seconds, of a clock that never goes back."""
        self._begin()
        sample = sample or self.sampler.take()
        for name, before in self.watches.items():
            value = sample.values[name]
            after = self.watches[name] = watch(before, value, now, self.limits.patience)
            if after.crossed != before.crossed:
                self._warn(after, value)
        self._act()
        for name in self.watches:
            self._record(name, sample.values[name])
        self._tell()

    def status(self, *, ended: bool = False) -> status.Status:
        held = (
            status.Held(
                each.budget.name, each.budget.title, each.budget.unit, each.budget.limit, each.crossed,
                each.budget.actions, each.budget.least,
            )
            for each in self.watches.values()
        )  # fmt: skip
        return status.Status(
            os.getpid(), __version__, self._shards, self._started, time.time(), self.limits.every, ended,
            self._engine.trouble, tuple(held), tuple(self.sampler.history),
        )  # fmt: skip

    def _begin(self) -> None:
        """At the start: what the log says of each budget."""
        for name, each in self.watches.items():
            if name not in self._recorded:
                try:
                    recorded: Recorded = self._engine.read("budget", self._key(name)).state
                except StoreError:  # it is asked again
                    continue
                self._recorded[name] = recorded.crossed
                self.watches[name] = replace(each, crossed=recorded.crossed)

    def _warn(self, now: Watch, value: float) -> None:
        budget = now.budget
        must = "must" if budget.least else "may"
        what = f"{value:g} {budget.unit}, and {budget.limit:g} {must} be: budgets.{budget.name}"
        if now.crossed:
            done = ", ".join(budget.actions)
            remedy = f"; {REMEDIES[budget.name]}" if budget.name in REMEDIES else ""
            log.warning("budget crossed: %s (%s): %s%s", budget.title, what, done, remedy)
        else:
            log.warning("budget kept again: %s (%s)", budget.title, what)

    def _act(self) -> None:
        asked = wanted(self.watches)
        for action, do in self._actions.items():
            title = asked.get(action, "")
            if title != self._taken.get(action, ""):
                do(title)
                self._taken[action] = title

    def _record(self, name: str, value: float) -> None:
        """Say in the log how it stands, where it does not say so. What can't be written now is said later."""
        crossed = self.watches[name].crossed
        if self._recorded.get(name, False) == crossed:
            return
        options = {
            "budget": self._key(name), "crossed": crossed, "value": value,
            "limit": self.watches[name].budget.limit,
        }  # fmt: skip
        player, when = self._home.vault.player("machine", "clock"), time.time_ns() // 1_000_000
        answer = self._engine.call(
            Invocation(InvocationId(new_id()), "budget", options, player, PLACE, when, follows=None)
        )
        if answer.verdict == "accepted" or answer.code == "unchanged":
            self._recorded[name] = crossed

    def _key(self, name: str) -> str:
        return f"{name} {self._shards}".strip()

    def _tell(self, *, ended: bool = False) -> None:
        try:
            status.tell(self._home.path, self.status(ended=ended), status.file_name(self._shards))
            self._complained = False
        except OSError as error:
            if not self._complained:
                log.warning("%s can't be written (%s): 'milena status' is stale", status.FILE, error.strerror)
            self._complained = True
