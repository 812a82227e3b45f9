"""The Effect aggregate: something that is to be done outside of Milena, and what came of it.

A command only says that it is wanted, in its one atomic append; a front end does it afterwards, and says
what came of it. An effect without an end is found again after a crash. No private text is in here: an effect
names what it is about, and whoever does it looks that up.
"""

from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from milena.domain.event import Changes, Event
from milena.domain.ids import Place, PlayerId
from milena.domain.refusal import Refused

What = Literal["message", "timeout", "kick", "ban", "unban", "purge"]
Status = Literal["", "pending", "done", "failed"]


class Details(Struct, frozen=True, omit_defaults=True):
    """More of what is wanted; what does not fit an effect stays as it is.

    ``member``     to whom it is done, or who is told
    ``privately``  the message is for the member alone
    ``until``      when a time-out ends, in ms since 1970
    ``due``, ``late``  when a message was due, and by how many ms it is late
    ``forget``     seconds: what a banned member wrote in that time is removed as well
    ``count``      how many messages are removed at most; ``bots``: only those of bots
    ``after``, ``before``  only messages of that time, in ms since 1970
    ``question``   the invocation before which the messages were written, where a front end can tell by its
                   id: clocks differ by seconds
    """

    member: PlayerId = PlayerId("")
    privately: bool = False
    until: int = 0
    due: int = 0
    late: int = 0
    forget: int = 0
    count: int = 0
    bots: bool = False
    after: int = 0
    before: int = 0
    question: str = ""


class EffectIntended(Event, frozen=True):
    """``what`` is wanted at ``place``; ``about``: a stream, and a number in it where it has some, such as
    ``poll:2q4610vyh0k3`` or ``case:811:7``."""

    tag: ClassVar[str] = "effect.intended"
    what: What
    about: str
    place: Place
    data: Details = Details()


class EffectDone(Event, frozen=True):
    tag: ClassVar[str] = "effect.done"
    result: dict[str, Any] = {}


class EffectFailed(Event, frozen=True):
    """It could not be done, and is not tried again; ``sentence`` is meant for people."""

    tag: ClassVar[str] = "effect.failed"
    code: str
    sentence: str


class Effect(Struct, frozen=True, omit_defaults=True):
    """See the events; ``status`` is empty before the first one."""

    key: str
    what: What = "message"
    about: str = ""
    place: Place = Place("")
    data: Details = Details()
    status: Status = ""
    result: dict[str, Any] = {}
    code: str = ""
    sentence: str = ""


class Intend(Struct, frozen=True):
    """See :class:`EffectIntended`."""

    what: What
    about: str
    place: Place
    data: Details = Details()


class Finish(Struct, frozen=True):
    """It is done."""

    result: dict[str, Any] = {}


class Fail(Struct, frozen=True):
    """It can't be done."""

    code: str
    sentence: str


class Effects:
    """The aggregate of every effect; the key of one is its id."""

    kind = "effect"
    events: tuple[type[Event], ...] = (EffectIntended, EffectDone, EffectFailed)

    def initial(self, key: str) -> Effect:
        return Effect(key)

    def evolve(self, state: Effect, event: Event) -> Effect:
        match event:
            case EffectIntended():
                return Effect(state.key, event.what, event.about, event.place, event.data, "pending")
            case EffectDone():
                return replace(state, status="done", result=event.result)
            case EffectFailed():
                return replace(state, status="failed", code=event.code, sentence=event.sentence)
            case _:
                raise TypeError(f"an effect knows no {type(event).__name__}")

    def decide(self, state: Effect, command: Any) -> Changes[Effect]:
        changes = Changes(self, state)
        match command:
            case Intend():
                if state.status:
                    raise Refused("done_already", "That was asked for before, and is not done again.")
                fields = {name: getattr(command, name) for name in command.__struct_fields__}
                changes.add(EffectIntended(**fields))
            case Finish() | Fail():
                if state.status != "pending":
                    raise Refused("not_pending", "What came of that is known already.")
                changes.add((EffectDone if isinstance(command, Finish) else EffectFailed)(**asdict(command)))
            case _:
                raise TypeError(f"an effect knows no {type(command).__name__}")
        return changes

    def deadline(self, state: Effect) -> int:
        return 0

    def secret(self, state: Effect) -> bool:
        return False

    def encode(self, state: Effect) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Effect:
        return msgspec.json.decode(data, type=Effect)
