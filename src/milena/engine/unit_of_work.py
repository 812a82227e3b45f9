"""The unit of work: what a batch of invocations reads and writes in one transaction, before it is committed.

Invocations are decided one after the other, each on the state that those before it leave. What one
of them does is kept apart until its command is through, so a refusal or a bug undoes just its own.
"""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from milena.domain.command import Command, Invocation
from milena.domain.event import Aggregate, Changes
from milena.domain.guild import Guild
from milena.domain.member import CommandInvoked, Verdict
from milena.domain.refusal import Refused
from milena.domain.throttle import CODES
from milena.engine import pipeline
from milena.engine.answer import went_wrong
from milena.engine.cache import Cache
from milena.engine.desk import InvocationDesk
from milena.engine.house import House
from milena.engine.redaction import recorded_name, recorded_options, storable
from milena.engine.traffic import Flood, Traffic
from milena.store import Conflict, Damaged, Folded, Transaction, Unavailable, Unreplayable, Vault
from milena.store.snapshot import policies

if TYPE_CHECKING:
    from milena.engine.degraded import Unwritten

Row = tuple[Any, ...]


class Decided(NamedTuple):
    """``event``   the invocation and its verdict; it is recorded at ``position``
    ``bug``      what was raised where it failed
    ``counted``  it is not recorded: it belongs to a flood whose first refusal is at ``position``
    """

    event: CommandInvoked
    position: int
    bug: BaseException | None = None
    counted: bool = False


class UnitOfWork:
    """Decides invocations on top of a transaction. ``rows`` are the events so far, ``states`` what the
    streams have come to."""

    def __init__(
        self,
        transaction: "Transaction | Unwritten",
        cache: Cache,
        aggregates: Mapping[str, Aggregate[Any]],
        commands: Mapping[str, Command],
        vault: Vault,
        house: House,
        traffic: Traffic,
    ) -> None:
        self.transaction = transaction
        self.cache = cache
        self.aggregates = aggregates
        self.commands = commands
        self.vault = vault
        self.house = house
        self.traffic = traffic
        self.rows: list[Row] = []
        self.states: dict[str, Folded] = {}
        self.archived: dict[str, Folded] = {}
        self._guilds: dict[str, Guild] = {}
        self.position = transaction.head().position
        self.intervals = {kind: policies()[kind].interval for kind in aggregates}

    def load(self, kind: str, key: str, stream: str) -> Folded:
        found = self.states.get(stream) or self.cache.get(stream) or self.archived.get(stream)
        if found is None:
            if kind == "game" and self.transaction.packed(stream):
                found = self.archived[stream] = self._load_archived(kind, key)
            else:
                found = self.transaction.fold(self.aggregates[kind], key)
                self.cache.put(stream, found)
        return found

    def _load_archived(self, kind: str, key: str) -> Folded:
        """A game that can be looked at and not be changed; it is not cached, so that this is known of it."""
        try:
            return self.transaction.fold(self.aggregates[kind], key)
        except Unreplayable:
            raise
        except Damaged as error:
            raise Refused("archived", f"Game {key} was archived, and can't be shown: {error}") from error

    def guild(self, key: str) -> Guild:
        """A guild as those before leave it: every invocation asks, so it is kept at hand."""
        found = self._guilds.get(key)
        if found is None:
            found = self._guilds[key] = self.load("guild", key, f"guild:{key}").state
        return found

    def touched(self, stream: str) -> int:
        times = [row[4] for row in self.rows if row[0] == stream]
        return times[-1] if times else self.transaction.touched(stream)

    def decide(self, invocation: Invocation, received: int) -> Decided:
        """Decide one invocation and keep its events. ``received``: the clock (perf_counter_ns) when it
        came in. Raises Conflict where one that is refused for the throttle was answered before."""
        desk = InvocationDesk(self, invocation)
        command = self.commands.get(invocation.command)
        position = self.position + 1
        bug: BaseException | None
        verdict: Verdict
        try:
            passed = pipeline.run(desk, command, self.traffic)
            event = CommandInvoked(
                invocation.command, passed.options, "accepted", result=passed.result, ready=passed.ready,
                duration=_since(received), authority=passed.authority,
            )  # fmt: skip
            self._keep(desk, event, desk.changes)
            self._count(desk)
            return Decided(event, position)
        except Refused as refusal:
            bug, verdict, code, sentence = None, "refused", refusal.code, storable(refusal.sentence)
        except (Unavailable, Conflict):  # the store's trouble is everybody's
            raise
        except (Exception, SystemExit) as error:  # a bug in one command must not take the others down
            bug, verdict, code, sentence = error, "failed", type(error).__name__, went_wrong(invocation)
        event = CommandInvoked(
            recorded_name(invocation.command), recorded_options(desk, command, self.aggregates), verdict,
            code, sentence, duration=_since(received),
        )  # fmt: skip
        if code in CODES:
            flood = self._flood(desk)
            if flood is not None:
                return Decided(event, flood.position, counted=True)
        else:
            self._count(desk)
        self._keep(desk, event, desk.set_aside())
        return Decided(event, position, bug)

    def _count(self, desk: InvocationDesk) -> None:
        if desk.invocation.follows is None:
            self.traffic.count(desk.invocation, desk.counted)

    def _flood(self, desk: InvocationDesk) -> Flood | None:
        """One more for the flood that goes on; None where this is the first refusal of a new one."""
        if self.transaction.invocation(desk.invocation.id) is not None:
            raise Conflict(f"{desk.invocation.id} is in the log")
        flood = self.traffic.flood(desk.invocation, desk.counted)
        if flood is None:
            self.traffic.begin(desk.invocation, desk.counted, self.position + 1)
        else:
            self.traffic.add(flood)
        return flood

    def _keep(self, desk: InvocationDesk, event: CommandInvoked, changes: dict[str, Changes[Any]]) -> None:
        """Keep the invocation and what it changed: all of it, or nothing if something can't be stored."""
        invocation, encode = desk.invocation, self.transaction.codec.encode
        correlation, cause = invocation.follows or (invocation.id, None)
        when, player, place = invocation.time, invocation.player, invocation.place
        own = self.position + 1

        members, stream = self.aggregates["member"], desk.member_stream
        version, member = desk.member()
        kept = [(members, stream, version, Folded(version + 1, members.evolve(member, event)))]
        head = (stream, version + 1, event.tag, encode(event, stream))
        rows: list[Row] = [(*head, when, player, place, correlation, cause, invocation.id)]
        for stream, change in changes.items():
            before = version = desk.loaded[stream].version
            for each in change.events:
                version += 1
                payload = encode(each, stream)
                rows.append((stream, version, each.tag, payload, when, player, place, correlation, own, None))
            kept.append((change.aggregate, stream, before, Folded(version, change.state)))

        snapshots = [
            (aggregate, stream, folded, aggregate.encode(folded.state), aggregate.secret(folded.state))
            for aggregate, stream, before, folded in kept
            if before // (interval := self.intervals[aggregate.kind]) != folded.version // interval
        ]

        # From here on nothing of this invocation can fail any more, but for the disk.
        self.rows += rows
        self.position += len(rows)
        for aggregate, stream, _, folded in kept:
            self.states[stream] = folded
            if aggregate.kind == "guild":
                self._guilds[folded.state.key] = folded.state
        for aggregate, stream, folded, state, secret in snapshots:
            self.transaction.snapshot(aggregate.kind, stream, folded.version, state, secret=secret)


def _since(started: int) -> int:
    return (time.perf_counter_ns() - started) // 1000
