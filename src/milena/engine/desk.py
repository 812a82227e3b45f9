"""The desk: what one batch of invocations reads and writes, before it is committed.

Invocations are decided one after the other, each on the state that those before it leave. What one
of them does is kept apart until its command is through, so a refusal or a bug undoes just its own.
"""

import time
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from milena.domain.command import Command, Invocation, Result
from milena.domain.event import Aggregate, Changes
from milena.domain.game import Game
from milena.domain.ids import new_id
from milena.domain.member import CommandInvoked, Verdict, check_cooldown
from milena.domain.member import key as member_key
from milena.domain.refusal import Refused
from milena.engine.cache import Cache
from milena.store import Folded, Transaction, Vault
from milena.store.snapshot import policies

LONGEST_OPTION = 200
"""Characters of an option's text that are kept of a refused invocation."""

Row = tuple[Any, ...]


class Batch:
    """Decides invocations on top of a transaction. ``rows`` are the events so far, ``states`` what the
    streams have come to."""

    def __init__(
        self,
        transaction: Transaction,
        cache: Cache,
        aggregates: Mapping[str, Aggregate[Any]],
        commands: Mapping[str, Command],
        vault: Vault,
    ) -> None:
        self.transaction = transaction
        self.cache = cache
        self.aggregates = aggregates
        self.commands = commands
        self.vault = vault
        self.rows: list[Row] = []
        self.states: dict[str, Folded] = {}
        self.position = transaction.head().position
        self._encode = transaction.codec.encode

    def load(self, kind: str, key: str) -> Folded:
        stream = f"{kind}:{key}"
        found = self.states.get(stream) or self.cache.get(stream)
        if found is None:
            found = self.transaction.fold(self.aggregates[kind], key)
            self.cache.put(stream, found)
        return found

    def decide(self, invocation: Invocation, received: int) -> tuple[CommandInvoked, BaseException | None]:
        """Decide one invocation and keep its events. Returns how it is recorded, and the bug if it
        failed. ``received``: the clock (perf_counter_ns) when it came in."""
        desk = InvocationDesk(self, invocation)
        bug: BaseException | None
        verdict: Verdict
        try:
            options, result, ready = self._run(desk)
            took = _since(received)
            event = CommandInvoked(
                invocation.command, options, "accepted", result=result, ready=ready, duration=took
            )
            self._keep(invocation, event, desk.changes)
            return event, None
        except Refused as refusal:
            bug, verdict, code, sentence = None, "refused", refusal.code, _storable(refusal.sentence)
        except Exception as error:  # a bug in one command must not take the others down
            bug, verdict, code = error, "failed", type(error).__name__
            sentence = f"Something went wrong; nothing was changed. Tell the operator: {invocation.id}."
        event = CommandInvoked(
            _clip(invocation.command, 40), _clip_all(invocation.options), verdict,
            code, sentence, duration=_since(received),
        )  # fmt: skip
        self._keep(invocation, event, {})
        return event, bug

    def _run(self, desk: "InvocationDesk") -> tuple[dict[str, Any], Result, int]:
        """Run the command; returns the options to record, what it answers, and until when it rests
        (0: it does not)."""
        invocation = desk.invocation
        command = self.commands.get(invocation.command)
        if command is None:
            raise Refused("unknown_command", f"There is no command {invocation.command[:40]!r}.")
        if command.cooldown:
            guild = invocation.place.partition("/")[0]
            member = self.load("member", member_key(guild, invocation.player)).state
            check_cooldown(member, command.name, invocation.time)
        result = command.run(desk, _options(command, invocation.options))
        options = invocation.options
        if command.private and any(
            event.sealed for change in desk.changes.values() for event in change.events
        ):
            options = {name: value for name, value in options.items() if name not in command.private}
        return options, result, invocation.time + round(command.cooldown * 1000) if command.cooldown else 0

    def _keep(self, invocation: Invocation, event: CommandInvoked, changes: dict[str, Changes[Any]]) -> None:
        """Keep the invocation and what it changed: all of it, or nothing if something can't be stored."""
        key = member_key(invocation.place.partition("/")[0], invocation.player)
        members = self.aggregates["member"]
        version, member = self.load("member", key)
        own = self.position + 1
        correlation, cause = invocation.follows or (invocation.id, None)
        common = (invocation.time, invocation.player, invocation.place, correlation)
        stream = f"member:{key}"
        payload = self._encode(event, stream)
        rows: list[Row] = [(stream, version + 1, event.tag, payload, *common, cause, invocation.id)]
        states = [(members, stream, version, Folded(version + 1, members.evolve(member, event)))]
        for stream, change in changes.items():
            kind, _, key = stream.partition(":")
            before = version = self.load(kind, key).version
            for each in change.events:
                version += 1
                payload = self._encode(each, stream)
                rows.append((stream, version, each.tag, payload, *common, own, None))
            states.append((change.aggregate, stream, before, Folded(version, change.state)))
        self.rows += rows
        self.position += len(rows)
        for aggregate, stream, before, folded in states:
            self.states[stream] = folded
            self._snapshot(aggregate, stream, before, folded)

    def _snapshot(self, aggregate: Aggregate[Any], stream: str, before: int, folded: Folded) -> None:
        interval = policies()[aggregate.kind].interval
        if before // interval != folded.version // interval:
            key = stream.partition(":")[2]
            self.transaction.snapshot(aggregate.kind, key, folded.version, aggregate.encode(folded.state))


class InvocationDesk:
    """The Desk of one invocation (see milena.domain.command)."""

    __slots__ = ("_batch", "changes", "invocation")

    def __init__(self, batch: Batch, invocation: Invocation) -> None:
        self._batch = batch
        self.invocation = invocation
        self.changes: dict[str, Changes[Any]] = {}

    def _state(self, kind: str, key: str) -> Any:
        changes = self.changes.get(f"{kind}:{key}")
        return changes.state if changes is not None else self._batch.load(kind, key).state

    def game(self, key: str) -> Game:
        game: Game = self._state("game", key)
        if game.status == "unopened":
            raise Refused("unknown_game_id", f"There is no game {key[:40]!r}; see which there are.")
        return game

    def act(self, kind: str, key: str, command: Struct) -> Any:
        stream = f"{kind}:{key}"
        decided = self._batch.aggregates[kind].decide(self._state(kind, key), command)
        earlier = self.changes.get(stream)
        if earlier is not None:
            decided.events = earlier.events + decided.events
        self.changes[stream] = decided
        return decided.state

    def seed(self, game: str) -> bytes:
        return self._batch.vault.seed(game)

    def new_id(self) -> str:
        return new_id()


def _options(command: Command, options: dict[str, Any]) -> Struct:
    try:
        converted: Struct = msgspec.convert(options, command.options)
    except msgspec.ValidationError as error:
        raise Refused("bad_option", f"/{command.name}: {error}") from None
    return converted


def _since(started: int) -> int:
    return (time.perf_counter_ns() - started) // 1000


def _storable(text: str) -> str:
    """Text without lone surrogates, which UTF-8 can't hold."""
    return text.encode("utf-8", "replace").decode()


def _clip(text: str, longest: int) -> str:
    return _storable(text if len(text) <= longest else text[:longest] + "…")


def _clip_all(options: dict[str, Any]) -> dict[str, Any]:
    """What is kept of options that were not accepted: nobody can fill the disk with them."""
    return {
        _clip(str(name), 40): value
        if isinstance(value, (int, float, type(None)))
        else _clip(str(value), LONGEST_OPTION)
        for name, value in list(options.items())[:20]
    }
