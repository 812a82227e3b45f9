"""A data directory and all that lives in it: the one place where the parts are put together."""

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from milena import games, opponents, privacy
from milena.aggregates import AGGREGATES, EVENTS, GAMES, POLLS, REMINDERS
from milena.commands import broken, commands
from milena.domain.command import Command
from milena.engine import Engine, House, Kind, Scheduler
from milena.housekeeping import Housekeeping
from milena.ops import backup
from milena.ops.config import Config
from milena.readside import BadModel, Log, Model, People, ReadSide
from milena.readside import load as load_model
from milena.readside import names as model_names
from milena.readside.ratings import Ratings
from milena.showing import Showing
from milena.store import Head, Store, StoreError, Unavailable, Vault, heads
from milena.store.heads import HeadKeeper
from milena.unfinished import open_games, open_polls
from milena.upgrade.upgrading import ready

log = logging.getLogger(__name__)


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
        """An engine on this log, not started. Soon after each commit it is noted in ``head.json`` how far the
        log goes; ``told`` are told at once (such as a follower of the log, to wake it)."""
        self._keeper = self._keeper or HeadKeeper(self.store)
        keep = self._keeper.soon

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
        return Showing(engine, readside, Housekeeping(self.path, self.store, readside, self.eraser(engine)))

    def backups(self) -> backup.Schedule:
        """What makes the backups that ``[backup]`` asks for, not started; where it asks for none, it does
        nothing."""
        return backup.Schedule(self.path, self.config.backup)

    def eraser(self, engine: Engine) -> privacy.Eraser:
        """What erases people."""
        return privacy.Eraser(self.path, self.store, engine)

    def scheduler(self, engine: Engine) -> Scheduler:
        """What fires the deadlines of this log, not started."""
        games = Kind(GAMES, "expire", lambda: open_games(self.store), self.config.limits.idle)
        polls = Kind(POLLS, "poll expire", lambda: open_polls(self.store))
        reminders = Kind(REMINDERS, "remind fire", lambda: self.store.streams(REMINDERS.kind))
        return Scheduler(engine, [games, polls, reminders], self.vault.player("machine", "clock"))

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
            self._keeper.close()
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
