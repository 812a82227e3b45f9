"""The desk: what one batch of invocations reads and writes, before it is committed.

Invocations are decided one after the other, each on the state that those before it leave. What one
of them does is kept apart until its command is through, so a refusal or a bug undoes just its own.
"""

import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from milena.domain.command import Command, Invocation
from milena.domain.event import Aggregate, Changes
from milena.domain.game import Game
from milena.domain.guild import Guild
from milena.domain.guild.settings import setting, within
from milena.domain.ids import PlayerId, new_id
from milena.domain.limits import GameLimits
from milena.domain.lobby import SetAside
from milena.domain.member import CommandInvoked, Verdict
from milena.domain.member import key as member_key
from milena.domain.refusal import Refused
from milena.domain.throttle import CODES, Throttle
from milena.engine import pipeline
from milena.engine.cache import Cache
from milena.engine.traffic import Counted, Flood, Traffic
from milena.store import Conflict, Damaged, Folded, Transaction, Unavailable, Unreplayable, Vault
from milena.store.snapshot import policies

if TYPE_CHECKING:
    from milena.engine.degraded import Unwritten

LONGEST_OPTION = 200
"""Characters of an option's text that are kept of a refused invocation."""

Row = tuple[Any, ...]


def _no_machine(game: str, seats: int, name: str) -> str:
    raise Refused("unknown_opponent", f"There is no machine {name[:40]!r} here.")


class House(Struct, frozen=True):
    """What commands may know of the house that they are called in.

    ``machines``  (game, seats, name) -> the machine to play it; raises Refused where there is none
    ``ratings``   (guild, game, player) -> rating, None where there is none
    ``closed``    why no new games are opened now; empty where they are
    """

    limits: GameLimits = GameLimits()
    machines: Callable[[str, int, str], str] = _no_machine
    ratings: Callable[[str, str, str], float | None] = lambda guild, game, player: None
    throttle: Throttle = Throttle()
    closed: str = ""


class Decided(NamedTuple):
    """``event``   the invocation and its verdict; it is recorded at ``position``
    ``bug``      what was raised where it failed
    ``counted``  it is not recorded: it belongs to a flood whose first refusal is at ``position``
    """

    event: CommandInvoked
    position: int
    bug: BaseException | None = None
    counted: bool = False


class Batch:
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
        position = self.position + 1
        bug: BaseException | None
        verdict: Verdict
        try:
            passed = pipeline.run(desk, self.commands.get(invocation.command), self.traffic)
            event = CommandInvoked(
                invocation.command, passed.options, "accepted", result=passed.result, ready=passed.ready,
                duration=_since(received), authority=passed.authority,
            )  # fmt: skip
            self._keep(desk, event, desk.changes)
            self._count(desk)
            return Decided(event, position)
        except Refused as refusal:
            bug, verdict, code, sentence = None, "refused", refusal.code, _storable(refusal.sentence)
        except (Unavailable, Conflict):  # the store's trouble is everybody's
            raise
        except (Exception, SystemExit) as error:  # a bug in one command must not take the others down
            bug, verdict, code = error, "failed", type(error).__name__
            sentence = (
                f"Something went wrong; nothing was changed. Tell the operator: {error_id(invocation)}."
            )
        event = CommandInvoked(
            recorded_name(invocation.command), _clip_all(desk.told_options()), verdict,
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

    def _count(self, desk: "InvocationDesk") -> None:
        if desk.invocation.follows is None:
            self.traffic.count(desk.invocation, desk.counted)

    def _flood(self, desk: "InvocationDesk") -> Flood | None:
        """One more for the flood that goes on; None where this is the first refusal of a new one."""
        if self.transaction.invocation(desk.invocation.id) is not None:
            raise Conflict(f"{desk.invocation.id} is in the log")
        flood = self.traffic.flood(desk.invocation, desk.counted)
        if flood is None:
            self.traffic.begin(desk.invocation, desk.counted, self.position + 1)
        else:
            self.traffic.add(flood)
        return flood

    def _keep(self, desk: "InvocationDesk", event: CommandInvoked, changes: dict[str, Changes[Any]]) -> None:
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


class InvocationDesk:
    """The Desk of one invocation (see milena.domain.command). ``loaded`` is what it has looked at,
    ``changes`` what it did, both by stream; ``counted`` whose commands it is counted among."""

    __slots__ = (
        "_batch",
        "_broken",
        "changes",
        "counted",
        "guild_id",
        "invocation",
        "loaded",
        "member_stream",
    )

    def __init__(self, batch: Batch, invocation: Invocation) -> None:
        self._batch = batch
        self.invocation = invocation
        self.loaded: dict[str, Folded] = {}
        self.changes: dict[str, Changes[Any]] = {}
        self._broken: SetAside | None = None
        self.guild_id = invocation.place.partition("/")[0]
        self.member_stream = f"member:{member_key(self.guild_id, invocation.player)}"
        self.counted: Counted = (self.member_stream, self.guild_id)

    def _load(self, kind: str, key: str, stream: str) -> Folded:
        found = self.loaded.get(stream)
        if found is None:
            found = self.loaded[stream] = self._batch.load(kind, key, stream)
        return found

    def member(self) -> Folded:
        """Who invoked it."""
        return self._load("member", self.member_stream.removeprefix("member:"), self.member_stream)

    @property
    def guild(self) -> Guild:
        """Where it was invoked."""
        if not self.changes:
            return self._batch.guild(self.guild_id)
        guild: Guild = self.state("guild", self.guild_id)
        return guild

    @property
    def commands(self) -> Mapping[str, Command]:
        return {name: each for name, each in self._batch.commands.items() if not each.internal}

    @property
    def limits(self) -> GameLimits:
        return within(self._batch.house.limits, self.guild)

    @property
    def closed(self) -> str:
        return self._batch.house.closed

    def game(self, key: str) -> Game:
        try:
            game: Game = self.state("game", key)
        except Unreplayable as error:
            ply = getattr(error.state, "ply", 0)
            self._broken = SetAside(key, error.version, error.tag, ply, str(error))
            raise Refused(
                "set_aside",
                f"Game {key} is set aside: its event {error.version} ({error.tag}) can't be replayed. "
                f"It stands at ply {ply}, and can be read up to there.",
            ) from error
        if game.status == "unopened":
            raise Refused("unknown_game_id", f"There is no game {key[:40]!r}; see which there are.")
        return game

    def state(self, kind: str, key: str) -> Any:
        stream = f"{kind}:{key}"
        changes = self.changes.get(stream)
        return self._load(kind, key, stream).state if changes is None else changes.state

    def act(self, kind: str, key: str, command: Struct) -> Any:
        stream = f"{kind}:{key}"
        earlier = self.changes.get(stream)
        state = self.state(kind, key)
        if stream in self._batch.archived:
            raise Refused(
                "archived",
                f"Game {key} is over and was archived: nothing about it can be changed any more. "
                f"'milena replay {key}' shows it, and so does /game replay.",
            )
        decided = self._batch.aggregates[kind].decide(state, command)
        if earlier is not None:
            decided.events = earlier.events + decided.events
        self.changes[stream] = decided
        return decided.state

    def consider(self, kind: str, key: str, command: Struct) -> Any:
        return self._batch.aggregates[kind].decide(self.state(kind, key), command).state

    def seed(self, game: str) -> bytes:
        return self._batch.vault.seed(game)

    def new_id(self) -> str:
        return new_id()

    def touched(self, kind: str, key: str) -> int:
        return self._batch.touched(f"{kind}:{key}")

    def machine(self, name: str, game: Game) -> PlayerId:
        if not setting(self.guild, "machines"):
            raise Refused("no_machines", "Machines do not play here; /config set can change that.")
        name, _, number = name.partition("-")
        kind = self._batch.house.machines(game.name, len(game.seats), name)
        first = int(number) if number.isdecimal() and len(number) < 4 else 1
        called = (kind if n == 1 else f"{kind}-{n}" for n in count(first))
        players = (self._batch.vault.player("machine", each) for each in called)
        return next(player for player in players if game.seat_of(player) is None)

    def is_machine(self, player: PlayerId) -> bool:
        return self._batch.vault.source(player) == "machine"

    def rating(self, game: str, player: PlayerId) -> float | None:
        guild = self.invocation.place.partition("/")[0]
        return self._batch.house.ratings(guild, game, player)

    def told_options(self) -> dict[str, Any]:
        """The options of a command that was not accepted, as they may be recorded: what is private is left
        out, unless it was meant for something that hides nothing; and so is what has no name that the
        command knows, since that may be a private one mistyped."""
        options = self.invocation.options
        command = self._batch.commands.get(self.invocation.command)
        if command is None or not command.private or not isinstance(options, dict):
            return options
        seen = [(stream.partition(":")[0], folded) for stream, folded in self.loaded.items()]
        meant = [(kind, folded) for kind, folded in seen if kind not in ("member", "guild")]
        if meant and not any(self._batch.aggregates[kind].secret(folded.state) for kind, folded in meant):
            return options
        known = {*command.options.__struct_fields__} - {*command.private}
        return {name: value for name, value in options.items() if name in known}

    def set_aside(self) -> dict[str, Changes[Any]]:
        """The lobby's changes where a game was met that can't be replayed. All else was refused with it."""
        if self._broken is None:
            return {}
        broken = self._broken
        opened = self._batch.transaction.stream(f"game:{broken.game}", upto=1)
        place = opened[0].place if opened else self.invocation.place
        self.changes = {}
        self.act("lobby", place.partition("/")[0], broken)
        return {stream: changes for stream, changes in self.changes.items() if changes.events}


def error_id(invocation: Invocation) -> str:
    """What a person tells the operator after a failure: the end of the invocation's id, which the log line
    has, and ``milena trace`` finds."""
    return invocation.id[-8:]


def went_wrong(invocation: Invocation) -> str:
    return f"Something went wrong; nothing was changed. Tell the operator: {error_id(invocation)}."


def _since(started: int) -> int:
    return (time.perf_counter_ns() - started) // 1000


def _storable(text: str) -> str:
    """Text without lone surrogates, which UTF-8 can't hold."""
    return text.encode("utf-8", "replace").decode()


def recorded_name(command: str) -> str:
    """What is kept of the name of a command that was not accepted; the same again for what was kept."""
    return _clip(command, 40)


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
