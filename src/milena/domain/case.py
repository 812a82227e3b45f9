"""The Cases aggregate: what moderators did in one guild, numbered from 1. A case is amended, never edited:
what its reason was before stays to be read."""

from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from milena.domain.event import Changes, Event
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused

Act = Literal["warn", "timeout", "kick", "ban", "unban", "purge"]
LONGEST_REASON = 200
MOST_AMENDMENTS = 20
"""Of one case."""


class CaseOpened(Event, frozen=True):
    """``by`` did ``act`` to ``member`` (empty: to nobody's messages in particular) ``at`` a time, in ms since
    1970, as ``until`` is, 0: for good. ``effect`` is what was to be done for it outside, by its key."""

    tag: ClassVar[str] = "case.opened"
    number: int
    act: Act
    by: PlayerId
    at: int
    member: PlayerId = PlayerId("")
    reason: str = ""
    until: int = 0
    effect: str = ""


class CaseAmended(Event, frozen=True):
    """``reason`` stands instead of the one ``before``."""

    tag: ClassVar[str] = "case.amended"
    number: int
    by: PlayerId
    at: int
    before: str
    reason: str


class Amendment(Struct, frozen=True):
    """See :class:`CaseAmended`."""

    by: PlayerId
    at: int
    before: str


class Case(Struct, frozen=True, omit_defaults=True):
    """See :class:`CaseOpened`; ``reason`` is the one that stands now."""

    number: int
    act: Act
    by: PlayerId
    at: int
    member: PlayerId = PlayerId("")
    reason: str = ""
    until: int = 0
    effect: str = ""
    amendments: tuple[Amendment, ...] = ()


class Cases(Struct, frozen=True, omit_defaults=True):
    """``cases`` by their numbers, oldest first."""

    key: str
    cases: dict[int, Case] = {}

    def about(self, member: str) -> list[Case]:
        """Those of a member, oldest first."""
        return [case for case in self.cases.values() if case.member == member]


class OpenCase(Struct, frozen=True):
    """See :class:`CaseOpened`."""

    act: Act
    by: PlayerId
    at: int
    member: PlayerId = PlayerId("")
    reason: str = ""
    until: int = 0
    effect: str = ""


class AmendCase(Struct, frozen=True):
    """``chief``: may amend whoever's it is."""

    number: int
    by: PlayerId
    at: int
    reason: str
    chief: bool = False


class AllCases:
    """The aggregate of every guild's cases; the key is the guild's id."""

    kind = "case"
    events: tuple[type[Event], ...] = (CaseOpened, CaseAmended)

    def initial(self, key: str) -> Cases:
        return Cases(key)

    def evolve(self, state: Cases, event: Event) -> Cases:
        match event:
            case CaseOpened():
                return replace(state, cases={**state.cases, event.number: Case(**asdict(event))})
            case CaseAmended():
                case = state.cases[event.number]
                amendment = Amendment(event.by, event.at, event.before)
                case = replace(case, reason=event.reason, amendments=(*case.amendments, amendment))
                return replace(state, cases={**state.cases, event.number: case})
            case _:
                raise TypeError(f"cases know no {type(event).__name__}")

    def decide(self, state: Cases, command: Any) -> Changes[Cases]:
        changes = Changes(self, state)
        match command:
            case OpenCase():
                fields = {**asdict(command), "reason": checked(command.reason)}
                changes.add(CaseOpened(len(state.cases) + 1, **fields))
            case AmendCase():
                _amend(changes, command)
            case _:
                raise TypeError(f"cases know no {type(command).__name__}")
        return changes

    def deadline(self, state: Cases) -> int:
        return 0

    def secret(self, state: Cases) -> bool:
        return False

    def encode(self, state: Cases) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Cases:
        return msgspec.json.decode(data, type=Cases)


def _amend(changes: Changes[Cases], request: AmendCase) -> None:
    case = found(changes.state, request.number)
    reason = checked(request.reason)
    if not reason:
        raise Refused("bad_reason", "Say what the reason is.")
    if request.by != case.by and not request.chief:
        raise Refused("not_yours", f"Only <{case.by}>, or an admin, can amend case {case.number}.")
    if reason == case.reason:
        raise Refused("unchanged", "That is its reason already.")
    if len(case.amendments) >= MOST_AMENDMENTS:
        raise Refused("too_many_amendments", f"A case can be amended {MOST_AMENDMENTS} times.")
    changes.add(CaseAmended(case.number, request.by, request.at, case.reason, reason))


def found(cases: Cases, number: int) -> Case:
    """The case with this number. Raises Refused where there is none."""
    case = cases.cases.get(number)
    if case is None:
        there = f"there are 1 to {len(cases.cases)}" if cases.cases else "there are none yet"
        raise Refused("unknown_case", f"There is no case {number} here; {there}.")
    return case


def checked(reason: str) -> str:
    """A reason in one line. Raises Refused."""
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON or not (reason.isprintable() or not reason):
        raise Refused("bad_reason", f"A reason has at most {LONGEST_REASON} characters, all printable.")
    return reason
