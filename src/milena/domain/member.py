"""The Member aggregate: one player in one guild, and every command that he or she invoked there.

Cooldowns are not kept anywhere else: an accepted invocation records until when its command rests,
and the state is the fold of these events.
"""

from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct

from milena.domain.event import Changes, Event

Verdict = Literal["accepted", "refused", "failed"]


class CommandInvoked(Event, frozen=True):
    """A command was called, and what came of it.

    ``code``, ``sentence``  why it was refused or failed (``sentence`` is what the player was told)
    ``result``    what an accepted command answered: plain data, given again when redelivered
    ``ready``     when the command may be used again, in ms since 1970, where this member has to wait
    ``duration``  from the call to the verdict, in microseconds
    ``authority``  why it might be used, where that was not open to everyone: ``owner``, ``admin``,
                  ``moderator``, or a rule of the guild such as ``role:12 /void``
    """

    tag: ClassVar[str] = "command.invoked"

    command: str
    options: dict[str, Any]
    verdict: Verdict
    code: str = ""
    sentence: str = ""
    result: dict[str, Any] = {}
    ready: int = 0
    duration: int = 0
    authority: str = ""


class CommandThrottled(Event, frozen=True):
    """So many more commands than the throttle lets through were ``refused`` between ``since`` and ``until``
    (ms since 1970). The first one has its own ``command.invoked``; the others are only counted here."""

    tag: ClassVar[str] = "command.throttled"

    refused: int
    since: int
    until: int


class Member(Struct, frozen=True):
    """``cooldowns``: command -> ms since 1970 when it may be used again."""

    key: str
    invocations: int = 0
    cooldowns: dict[str, int] = {}


def key(guild: str, player: str) -> str:
    return f"{guild}:{player}"


class Members:
    """The aggregate of every member."""

    kind = "member"
    events: tuple[type[Event], ...] = (CommandInvoked, CommandThrottled)

    def initial(self, key: str) -> Member:
        return Member(key)

    def evolve(self, state: Member, event: Event) -> Member:
        match event:
            case CommandInvoked(ready=0):
                return Member(state.key, state.invocations + 1, state.cooldowns)
            case CommandInvoked():
                cooldowns = {**state.cooldowns, event.command: event.ready}
                return Member(state.key, state.invocations + 1, cooldowns)
            case CommandThrottled():
                return Member(state.key, state.invocations + event.refused, state.cooldowns)
            case _:
                raise TypeError(f"a member knows no {type(event).__name__}")

    def decide(self, state: Member, command: CommandInvoked | CommandThrottled) -> Changes[Member]:
        changes = Changes(self, state)
        changes.add(command)
        return changes

    def deadline(self, state: Member) -> int:
        return 0

    def secret(self, state: Member) -> bool:
        return False

    def encode(self, state: Member) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Member:
        return msgspec.json.decode(data, type=Member)
