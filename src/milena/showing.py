"""What people are told of an answer that is looked up: after the commit, by the command's own ``show``."""

import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from milena.domain.command import Command, Invocation
from milena.domain.game import Game
from milena.domain.guild import Guild
from milena.domain.refusal import Refused
from milena.engine import Answer, Engine
from milena.engine.answer import error_id
from milena.engine.logged import about
from milena.housekeeping import PATIENCE, Housekeeping
from milena.readside import Answered, BadModel, Behind, ReadSide
from milena.store import StoreError

log = logging.getLogger(__name__)

ROWS = 20


class Showing:
    """See :class:`milena.seeing.Seeing`."""

    def __init__(self, engine: Engine, readside: ReadSide, housekeeping: Housekeeping) -> None:
        self.engine = engine
        self.readside = readside
        self.housekeeping = housekeeping

    def shown(self, invocation: Invocation, answer: Answer) -> Answer:
        command = self.engine.commands.get(invocation.command)
        if answer.verdict != "accepted" or command is None or command.show is None:
            return answer
        try:
            options = msgspec.convert(invocation.options, command.options)
            result = command.show(Looking(self, invocation, answer.position), options, answer.result)
            msgspec.json.encode(result)  # plain data, as it says
        except Refused as refusal:
            return replace(answer, verdict="refused", code=refusal.code, sentence=refusal.sentence, result={})
        except (Exception, SystemExit) as error:
            return self._failed(invocation, answer, error)
        return replace(answer, result=result)

    def _failed(self, invocation: Invocation, answer: Answer, error: BaseException) -> Answer:
        """The command is through: only what is told of it is lost."""
        known, id = isinstance(error, StoreError), error_id(invocation)
        sentence = f"It was done, but can't be shown. Tell the operator: {id}."
        log.error(
            "the answer of invocation %s can't be shown (%s): %s",
            invocation.id, id, error, exc_info=None if known else error,
            extra={
                **about(invocation), "error_id": id, "told": sentence, "error": error,
                "recovery": "what was asked for is done",
            },
        )  # fmt: skip
        return replace(answer, verdict="failed", code=type(error).__name__, sentence=sentence, result={})


class Looking:
    """The Sight of one answer (see milena.domain.command); ``position`` is that of its invocation."""

    def __init__(self, showing: Showing, invocation: Invocation, position: int) -> None:
        self.invocation = invocation
        self._showing = showing
        self._position = position
        self._guild = invocation.place.partition("/")[0]

    @property
    def guild(self) -> Guild:
        guild: Guild = self.state("guild", self._guild)
        return guild

    @property
    def commands(self) -> Mapping[str, Command]:
        return {name: each for name, each in self._showing.engine.commands.items() if not each.internal}

    def ask(self, model: str, question: str, /, **given: Any) -> Answered:
        readside = self._showing.readside
        limit, offset = given.pop("limit", ROWS), given.pop("offset", 0)
        try:
            readside.wait(model, self._position, PATIENCE)
            asked = readside.question(model, question)
            with readside.asking(model, self._guild) as asking:
                return asking.ask(asked, given, limit=limit, offset=offset)
        except Behind as error:
            raise Refused(
                "behind", f"What is counted lags behind: {error.told} Try again in a moment."
            ) from error
        except BadModel as error:
            log.error("%s", error)
            raise Refused("no_read_model", f"{model} can't be asked now; tell the operator.") from error

    def game(self, key: str) -> Game:
        try:
            game: Game = self._showing.engine.read("game", key).state
        except StoreError as error:
            raise Refused("set_aside", f"Game {key[:40]} can't be replayed: it is set aside.") from error
        if game.status == "unopened" or game.place.partition("/")[0] != self._guild:
            raise Refused("unknown_game_id", f"There is no game {key[:40]!r}; see which there are.")
        return game

    def state(self, kind: str, key: str) -> Any:
        """What is another guild's is refused: it bears its place, or the guild leads its key."""
        state = self._showing.engine.read(kind, key).state
        guild = (getattr(state, "place", None) or key).replace("/", ":").partition(":")[0]
        if guild != self._guild:
            raise Refused("elsewhere", f"There is no {kind} {key[:40]!r} here.")
        return state

    def status(self) -> dict[str, Any]:
        return self._showing.housekeeping.status(self._position - 1)

    def back_up(self) -> dict[str, Any]:
        return self._showing.housekeeping.back_up(self.invocation)

    def personal(self) -> dict[str, Any]:
        return self._showing.housekeeping.personal(self.invocation, self._position)

    def erase(self) -> dict[str, Any]:
        return self._showing.housekeeping.erase(self.invocation, self._position)
