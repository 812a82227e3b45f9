"""A data directory and all that lives in it: the one place where the parts are put together."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from milena import games, opponents, privacy
from milena.commands import broken, commands
from milena.domain.board import Boards
from milena.domain.budget import Budgets
from milena.domain.case import AllCases
from milena.domain.command import Command, Invocation
from milena.domain.digest import Digests
from milena.domain.effect import Effects
from milena.domain.game import Games
from milena.domain.guild import Guilds
from milena.domain.ids import PlayerId
from milena.domain.lobby import Lobbies, Lobby
from milena.domain.member import Members
from milena.domain.own_lines import Collections
from milena.domain.poll import PollClosed, Polls
from milena.domain.refusal import Refused
from milena.domain.reminder import AllReminders
from milena.domain.shelf import Shelves
from milena.domain.story import Stories
from milena.domain.urn import Urns
from milena.engine import Engine, House, Kind, Scheduler
from milena.ops import backup, status
from milena.ops.config import Config
from milena.ops.process import measure
from milena.readside import BadModel, Behind, Log, Model, People, ReadSide
from milena.readside import load as load_model
from milena.readside import names as model_names
from milena.readside.ratings import Ratings
from milena.showing import PATIENCE, Showing
from milena.store import Head, Store, StoreError, Unavailable, Unreplayable, Vault, heads
from milena.store.heads import HeadKeeper
from milena.store.lookup import guilds, unfinished
from milena.upgrade.upgrading import ready

log = logging.getLogger(__name__)

GAMES = Games(games.load)
MEMBERS = Members()
LOBBIES = Lobbies()
GUILDS = Guilds()
URNS = Urns()
POLLS = Polls()
REMINDERS = AllReminders()
CASES = AllCases()
EFFECTS = Effects()
STORIES = Stories()
SHELVES = Shelves()
BOARDS = Boards()
COLLECTIONS = Collections()
BUDGETS = Budgets()
DIGESTS = Digests()
AGGREGATES = (
    GAMES, MEMBERS, LOBBIES, GUILDS, URNS, POLLS, REMINDERS, CASES, EFFECTS, STORIES, SHELVES, BOARDS,
    COLLECTIONS, BUDGETS, DIGESTS,
)  # fmt: skip

EVENTS = tuple(event for aggregate in AGGREGATES for event in aggregate.events)

HOUSE = "milena"
"""The guild of what concerns nobody but Milena herself."""


class Home:
    """Opens the data directory ``path``, or makes it (for its owner only).

    Raises Unavailable or Damaged (see milena.store.errors), with a sentence that says what to do.
    """

    def __init__(self, path: Path, config: Config | None = None) -> None:
        self.path = path
        self.config = config or Config()
        self._keeper: HeadKeeper | None = None
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(
                f"The data directory {path} can't be made: {error.strerror}; choose another with --data."
            ) from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise Unavailable(f"The data directory {path} can't be written; check its rights, or use --data.")
        self._lock = ready(path, EVENTS)
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise

    def _open(self) -> None:
        path = self.path
        _refuse_half(path)
        self.vault = Vault(path / "vault.db")
        try:
            self.store = Store(path / "events.db", self.vault, EVENTS)
        except BaseException:
            self.vault.close()
            raise
        try:
            again = privacy.erased_again(path, self.store)
        except BaseException:
            self.store.close()
            self.vault.close()
            raise
        if again:
            log.warning("%d people who were erased before were known again, and are erased again", again)

    def engine(self, *told: Callable[[Head], None]) -> Engine:
        """An engine on this log, not started. After each commit it notes how far the log goes in
        ``head.json``, and tells ``told`` (such as a follower of the log, to wake it)."""
        self._keeper = HeadKeeper(self.store)
        keep = self._keeper.keep

        def committed(head: Head) -> None:
            for tell in (*told, keep):
                tell(head)

        house = House(self.config.limits, _machine, Ratings(self._read_models), self.config.throttle)
        return Engine(self.store, AGGREGATES, self._commands(), self.config.engine, committed, house)

    @property
    def _read_models(self) -> Path:
        return self.path / "projections"

    def readside(self) -> ReadSide:
        """The read models of this data directory. One that can't be used is logged, and left out."""
        models: dict[str, Model] = {}
        broken: dict[str, str] = {}
        for name in model_names():
            try:
                models[name] = load_model(name)
            except BadModel as error:
                log.error("%s", error, extra={"error": error, "kind": "data"})
                broken[name] = str(error)
        people = People(self.vault.name, lambda player: self.vault.source(player) == "machine")
        source = Log(self.store, AGGREGATES)
        return ReadSide(self._read_models, source, models, people, broken)

    def seeing(self, engine: Engine, readside: ReadSide) -> Showing:
        """What shows people the answers that are looked up. Where ``readside`` is followed, it waits for
        the follower, and not for long."""
        return Showing(
            engine,
            readside,
            lambda position: self._status(readside, position),
            self._back_up,
            lambda invocation, position: self._personal(readside, invocation.player, position),
            lambda invocation, position: self._erase(engine, invocation, position),
        )

    def _status(self, readside: ReadSide, position: int) -> dict[str, Any]:
        measured = measure()
        return {
            "uptime": round(measured.uptime),
            "guilds": len(set(guilds(self.store)) - {HOUSE}),
            "games": sum(len(self._lobby(guild).games) for guild in self.store.streams(LOBBIES.kind)),
            "head": self.store.head().position,
            "lag": max([0, *(position - each.position for each in readside.status())]),
            "memory": measured.memory,
            "cpu": round(measured.cpu, 1),
            "resources": status.shown(self.path),
        }

    def _back_up(self, invocation: Invocation) -> dict[str, Any]:
        """One backup an invocation, however often its answer is told."""
        to = backup.folder_of(self.path) / backup.name_of(invocation.time, f"{invocation.id[-8:]}")
        try:
            done = backup.make(self.path, to)
        except StoreError as error:
            log.error("%s", error, extra={"error": error})
            raise Refused("no_backup", f"No backup was made: {error}") from error
        return {
            "name": to.name.removesuffix(backup.SUFFIX),
            "position": done.head.position,
            "size": done.size,
        }

    def backups(self) -> backup.Schedule:
        """What makes the backups that ``[backup]`` asks for, not started; where it asks for none, it does
        nothing."""
        return backup.Schedule(self.path, self.config.backup)

    def personal(self, readside: ReadSide, player: PlayerId) -> dict[str, Any]:
        """All that is kept of a person. Raises StoreError."""
        return privacy.document(self.store, AGGREGATES, readside, player)

    def eraser(self, engine: Engine) -> privacy.Eraser:
        """What erases people."""
        return privacy.Eraser(self.path, self.store, engine)

    def _personal(self, readside: ReadSide, player: PlayerId, position: int) -> dict[str, Any]:
        try:
            for name in readside.models:
                with suppress(Behind):  # then it is told as it stands
                    readside.wait(name, position, PATIENCE)
            return self.personal(readside, player)
        except StoreError as error:
            log.error("what is kept of %s can't be told: %s", player, error, extra={"error": error})
            raise Refused("no_export", f"It can't be read now: {error}") from error

    def _erase(self, engine: Engine, invocation: Invocation, position: int) -> dict[str, Any]:
        follows = (invocation.follows[0] if invocation.follows else invocation.id, position)
        try:
            done = self.eraser(engine).erase(invocation.player, invocation.time, follows)
        except StoreError as error:
            log.error("%s was not erased: %s", invocation.player, error, extra={"error": error})
            raise Refused("not_erased", f"That was not done, or not all of it; try again. {error}") from error
        if done.copies:
            log.warning(
                "%s was erased, and %d older copies hold that one still", done.player, len(done.copies)
            )
        return {"games": done.games, "reminders": done.reminders}

    def scheduler(self, engine: Engine) -> Scheduler:
        """What fires the deadlines of this log, not started."""
        games = Kind(GAMES, "expire", self.open_games, self.config.limits.idle)
        polls = Kind(POLLS, "poll expire", self.open_polls)
        reminders = Kind(REMINDERS, "remind fire", lambda: self.store.streams(REMINDERS.kind))
        return Scheduler(engine, [games, polls, reminders], self.vault.player("machine", "clock"))

    def open_games(self) -> list[str]:
        """The ids of all games that are open in some guild, oldest first."""
        lobbies = [self._lobby(guild) for guild in self.store.streams(LOBBIES.kind)]
        again = [key for lobby in lobbies for key in lobby.aside if self._is_readable(key)]
        return sorted([*again, *(key for lobby in lobbies for key in lobby.games)])

    def states_of_games(self) -> Iterator[str]:
        """Of every open game: ``waiting``, ``playing`` or ``set_aside``."""
        for guild in self.store.streams(LOBBIES.kind):
            lobby = self._lobby(guild)
            yield from ("playing" if each.began else "waiting" for each in lobby.games.values())
            yield from ("set_aside" for _ in lobby.aside)

    def open_polls(self) -> list[str]:
        """The ids of all polls that are not closed."""
        return unfinished(self.store, POLLS.kind, PollClosed.tag)

    def _lobby(self, guild: str) -> Lobby:
        """The lobby of a guild, as far as it can be replayed."""
        try:
            lobby: Lobby = self.store.fold(LOBBIES, guild).state
        except Unreplayable as error:
            extra = {"error": error, "guild": guild}
            log.error("the games of guild %s are known in part: %s", guild, error, extra=extra)
            lobby = error.state
        return lobby

    def _is_readable(self, game: str) -> bool:
        """Whether a game that was set aside can be replayed again: an upgrade, or a package, may help."""
        try:
            self.store.fold(GAMES, game)
        except StoreError:
            return False
        return True

    def _commands(self) -> dict[str, Command]:
        """The commands, with the cooldowns of the configuration."""
        found = dict(commands())
        for complaint in broken().values():
            log.error("%s", complaint)
        for field, values in (("cooldown", self.config.cooldowns), ("scope", self.config.scopes)):
            for name, value in values.items():
                if name in found and not found[name].internal:  # what nobody else can call is not delayed
                    found[name] = msgspec.structs.replace(found[name], **{field: value})
        return found

    def close(self) -> None:
        if self._keeper is not None:
            with suppress(StoreError):  # a log that can't be read: whoever used it has been told
                self._keeper.keep(self.store.head(), now=True)
        self.store.close()
        self.vault.close()
        self._lock.release()

    def __enter__(self) -> "Home":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


LOST = {
    "events.db": "all games",
    "vault.db": "who the players are, and every game that is not over",
}
"""What is lost with a file."""


def _refuse_half(path: Path) -> None:
    """Raises Unavailable where there was a log, and it or its vault is gone: a new one would hide that."""
    for name, lost in LOST.items():
        if (path / heads.NAME).exists() and not (path / name).exists():
            raise Unavailable(
                f"{path / name} is missing, and with it {lost}: put it back, or restore a backup. To begin "
                f"anew without it, remove {heads.NAME} beside it."
            )


def _machine(game: str, seats: int, name: str) -> str:
    return opponents.choose_for(games.load(game), seats, name)
