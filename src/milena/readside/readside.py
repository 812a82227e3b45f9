"""The read side of one data directory: all its read models, and what can be done with them."""

import logging
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from milena.domain.refusal import Refused
from milena.readside.asking import SECONDS, Asking, People
from milena.readside.disk import explained, look
from milena.readside.errors import BadModel, Behind
from milena.readside.file import ModelFile, OtherLog
from milena.readside.follower import Follower
from milena.readside.log import Log
from milena.readside.model import Model
from milena.readside.own import Letter, Spoilt, read_letters
from milena.readside.person import Rows, rows_about
from milena.readside.question import Question
from milena.readside.rebuild import Tell, check, rebuild, rollback
from milena.readside.shelf import Shelf
from milena.readside.status import Status, status
from milena.store import Damaged

log = logging.getLogger(__name__)


class ReadSide:
    """The read models in ``directory``, made from ``log``. ``broken``: what is wrong with those that can't be
    used."""

    def __init__(
        self,
        directory: Path,
        log: Log,
        models: Mapping[str, Model],
        people: People,
        broken: Mapping[str, str] | None = None,
    ) -> None:
        self.directory = directory
        self.models = models
        self.broken = broken or {}
        self._log = log
        self._people = people
        self._follower: Follower | None = None

    def model(self, name: str) -> Model:
        """Raises Refused where there is none, BadModel where it can't be used."""
        if name in self.broken:
            raise BadModel(self.broken[name])
        if name not in self.models:
            known = ", ".join(self.models)
            raise Refused("unknown_model", f"There is no read model {name[:40]!r}. There are: {known}.")
        return self.models[name]

    def question(self, model: str, name: str) -> Question:
        """Raises Refused where there is none."""
        questions = self.model(model).questions
        if name not in questions:
            known = ", ".join(questions)
            raise Refused("unknown_question", f"{model} has no question {name[:40]!r}. There are: {known}.")
        return questions[name]

    def follower(self) -> Follower:
        """What takes new events in as they come, not started."""
        self._follower = Follower(self.models.values(), self.directory, self._log)
        return self._follower

    def wait(self, name: str, position: int, timeout: float) -> None:
        """Until everything up to ``position`` is in a read model: its follower, where it runs, has so many
        seconds for that; else it is taken in here and now. Raises Behind, which says how far it is."""
        self.model(name)
        if self._follower is not None and self._follower.is_running:
            self._follower.wait(position, timeout, name)
        else:
            self.catch_up([name])

    def asking(self, model: str, guild: str | None, *, seconds: float = SECONDS) -> Asking:
        """A way to ask a read model as it stands, for one guild or (None) as an operator. Raises Behind where
        it is not there yet."""
        shelf = self._shelf(self.model(model))
        return Asking(shelf.live(), model, guild, self._people, seconds=seconds)

    def about(self, model: str, player: str) -> dict[str, Rows]:
        """The rows of each table of a read model that are about a person, in whatever guild. Raises Behind
        where it is not there yet, and StoreError."""
        live = self._shelf(self.model(model)).live()
        if live is None:
            raise Behind(f"The read model {model} is not there yet; try again in a moment.")
        return rows_about(live, player, self._people)

    def catch_up(self, names: Iterable[str] | None = None, tell: Tell | None = None) -> None:
        """Bring these read models (all) to the head of the log, here and now; those that are not there, or
        don't fit, are made. An event that can't be taken in is parked.

        Raises Unavailable where the disk gives up, Damaged where the log is.
        """
        for name in self.models if names is None else names:
            model = self.model(name)
            if not self._advance(model, tell):
                rebuild(model, self._shelf(model), self._log, tries=1, tell=tell)

    def _advance(self, model: Model, tell: Tell | None) -> bool:
        """Bring the live file to the head of the log; False where it has to be made anew."""
        shelf = self._shelf(model)
        live = shelf.live()
        if live is None:
            return False
        try:
            with (
                explained(live),
                ModelFile(live, model, self._log, tries=1, is_live=shelf.is_live) as file,
            ):
                stamp = file.stamp()
                if stamp.version > model.version:
                    raise Behind(
                        f"{model.name} was made by a newer Milena ({stamp.milena}): upgrade, or rebuild it."
                    )
                if stamp.fingerprint != model.fingerprint:
                    return False
                file.check_log()
                while file.advance():
                    if tell is not None:
                        tell(file.position, max(file.position, self._log.head()))
        except (OtherLog, Spoilt, Damaged) as error:
            log.warning("%s is made anew: %s", model.name, error)
            return False
        return shelf.is_live(live) or self._advance(model, tell)

    # ---------------------------------------------------------------------------------- operators

    def status(self) -> list[Status]:
        """Where every read model stands."""
        return [status(model, self._shelf(model), self._log) for model in self.models.values()]

    def rebuild(self, name: str, tell: Tell | None = None) -> None:
        """Make a read model anew; see :func:`milena.readside.rebuild.rebuild`, which stops at the first event
        that can't be taken in."""
        model = self.model(name)
        rebuild(model, self._shelf(model), self._log, tell=tell)

    def retry(self, name: str, positions: Collection[int], tell: Tell | None = None) -> list[Letter]:
        """Make a read model anew, with these events tried in their places, also those that were dropped;
        returns what can't be taken in now."""
        model = self.model(name)
        rebuild(model, self._shelf(model), self._log, tries=1, tell=tell, again=positions)
        return self.letters(name)

    def rollback(self, name: str) -> Path:
        """Go back to the generation before the live one."""
        model = self.model(name)
        return rollback(model, self._shelf(model))

    def check(self, name: str, tell: Tell | None = None) -> bool:
        """Whether a read model holds what the log gives."""
        model = self.model(name)
        return check(model, self._shelf(model), self._log, tell)

    def letters(self, name: str) -> list[Letter]:
        """The events that a read model could not take in."""
        model = self.model(name)
        live = self._shelf(model).live()
        if live is None:
            return []
        with explained(live), closing(look(live)) as db:
            return read_letters(db)

    def drop(self, name: str, position: int) -> Letter:
        """Leave an event out of a read model for ever. Raises Refused where there is none at ``position``,
        Unavailable while it is made anew."""
        model = self.model(name)
        shelf = self._shelf(model)
        with shelf.locked():
            live = shelf.live()
            if live is None:
                raise Behind(f"{name} is not there yet.")
            with explained(live), ModelFile(live, model, self._log) as file:
                return file.leave_out(position)

    def _shelf(self, model: Model) -> Shelf:
        return Shelf(self.directory, model.name)
