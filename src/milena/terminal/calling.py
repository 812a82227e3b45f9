"""Commands called from a terminal."""

from typing import Any

from msgspec.structs import replace

from milena.domain.command import Invocation, Result
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.refusal import Refused, fill_moments, fill_names
from milena.engine import Answer, Engine
from milena.seeing import Seeing
from milena.store import StoreError, Unavailable
from milena.telling import Name
from milena.terminal.clock import now, until

PLACE = Place("terminal/main")


class Caller:
    """Calls commands for the players at this keyboard. In what is answered, names stand for ids; ``seeing``
    shows what has to be looked up."""

    def __init__(
        self, engine: Engine, name: Name, place: Place = PLACE, seeing: Seeing | None = None
    ) -> None:
        self.engine = engine
        self.name = name
        self.place = place
        self.seeing = seeing

    def call(self, command: str, player: PlayerId, /, **options: Any) -> Answer:
        # Whoever sits at the operator's own terminal may do what moderators and admins may.
        time = now()
        invocation = Invocation(
            InvocationId(new_id()), command, options, player, self.place, time, moderator=True, admin=True
        )
        answer = self.engine.call(invocation)
        if self.seeing is not None:
            answer = self.seeing.shown(invocation, answer)
        result = answer.result
        if "says" in result:
            result = {**result, "says": in_words(result["says"], self.name, time)}
        return replace(answer, sentence=in_words(answer.sentence, self.name, time), result=result)

    def must(self, command: str, player: PlayerId, /, **options: Any) -> Result:
        """:meth:`call` where only an accepted command will do. Raises Refused or StoreError."""
        return accepted(self.call(command, player, **options))


def in_words(text: str, name: Name, now: int) -> str:
    """A text of an answer, with names and times as people say them."""
    return fill_moments(fill_names(text, name), lambda ms: until(ms, now))


def accepted(answer: Answer) -> Result:
    """What an accepted command answers. Raises Refused or StoreError for any other."""
    if answer.verdict == "refused":
        raise Refused(answer.code, answer.sentence)
    if answer.verdict == "failed":
        raise (Unavailable if answer.code == "unavailable" else StoreError)(answer.sentence)
    return answer.result
