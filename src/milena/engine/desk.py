"""The desk: what a command sees and does for one invocation (see :class:`milena.domain.command.Desk`)."""

from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from milena.domain.command import Command, Invocation
from milena.domain.event import Changes
from milena.domain.game import Game
from milena.domain.guild import Guild
from milena.domain.guild.settings import setting, within
from milena.domain.ids import PlayerId, new_id
from milena.domain.limits import GameLimits
from milena.domain.lobby import SetAside
from milena.domain.member import key as member_key
from milena.domain.refusal import Refused
from milena.engine.traffic import Counted
from milena.store import Folded, Unreplayable

if TYPE_CHECKING:
    from milena.engine.unit_of_work import UnitOfWork


class InvocationDesk:
    """The Desk of one invocation; it sees what those before it did in ``work``. ``loaded`` is what it has
    looked at, ``changes`` what it did, both by stream; ``counted`` whose commands it is counted among."""

    __slots__ = (
        "_broken",
        "_work",
        "changes",
        "counted",
        "guild_id",
        "invocation",
        "loaded",
        "member_stream",
    )

    def __init__(self, work: "UnitOfWork", invocation: Invocation) -> None:
        self._work = work
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
            found = self.loaded[stream] = self._work.load(kind, key, stream)
        return found

    def member(self) -> Folded:
        """Who invoked it."""
        return self._load("member", self.member_stream.removeprefix("member:"), self.member_stream)

    @property
    def guild(self) -> Guild:
        """Where it was invoked."""
        if not self.changes:
            return self._work.guild(self.guild_id)
        guild: Guild = self.state("guild", self.guild_id)
        return guild

    @property
    def commands(self) -> Mapping[str, Command]:
        return {name: each for name, each in self._work.commands.items() if not each.internal}

    @property
    def limits(self) -> GameLimits:
        return within(self._work.house.limits, self.guild)

    @property
    def closed(self) -> str:
        return self._work.house.closed

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
        if stream in self._work.archived:
            raise Refused(
                "archived",
                f"Game {key} is over and was archived: nothing about it can be changed any more. "
                f"'milena replay {key}' shows it, and so does /game replay.",
            )
        decided = self._work.aggregates[kind].decide(state, command)
        if earlier is not None:
            decided.events = earlier.events + decided.events
        self.changes[stream] = decided
        return decided.state

    def consider(self, kind: str, key: str, command: Struct) -> Any:
        return self._work.aggregates[kind].decide(self.state(kind, key), command).state

    def seed(self, game: str) -> bytes:
        return self._work.vault.seed(game)

    def new_id(self) -> str:
        return new_id()

    def touched(self, kind: str, key: str) -> int:
        return self._work.touched(f"{kind}:{key}")

    def machine(self, name: str, game: Game) -> PlayerId:
        if not setting(self.guild, "machines"):
            raise Refused("no_machines", "Machines do not play here; /config set can change that.")
        name, _, number = name.partition("-")
        kind = self._work.house.machines(game.name, len(game.seats), name)
        first = int(number) if number.isdecimal() and len(number) < 4 else 1
        called = (kind if n == 1 else f"{kind}-{n}" for n in count(first))
        players = (self._work.vault.player("machine", each) for each in called)
        return next(player for player in players if game.seat_of(player) is None)

    def is_machine(self, player: PlayerId) -> bool:
        return self._work.vault.source(player) == "machine"

    def rating(self, game: str, player: PlayerId) -> float | None:
        return self._work.house.ratings(self.guild_id, game, player)

    def set_aside(self) -> dict[str, Changes[Any]]:
        """The lobby's changes where a game was met that can't be replayed. All else was refused with it."""
        if self._broken is None:
            return {}
        broken = self._broken
        opened = self._work.transaction.stream(f"game:{broken.game}", upto=1)
        place = opened[0].place if opened else self.invocation.place
        self.changes = {}
        self.act("lobby", place.partition("/")[0], broken)
        return {stream: changes for stream, changes in self.changes.items() if changes.events}
