"""The Member aggregate: one player in one guild, and every command that he or she invoked there.

Cooldowns are not kept anywhere else: an accepted invocation records until when its command rests,
and the state is the fold of these events.
"""

from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct

from milena.domain.event import Changes, Event
from milena.domain.refusal import Refused

Verdict = Literal["accepted", "refused", "failed"]


class CommandInvoked(Event, frozen=True):
    """A command was called, and what came of it.

    ``code``, ``sentence``  why it was refused or failed (``sentence`` is what the player was told)
    ``result``    what an accepted command answered: plain data, given again when redelivered
    ``ready``     when the command may be used again, in ms since 1970, where it has a cooldown
    ``duration``  from the call to the verdict, in microseconds
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
    events: tuple[type[Event], ...] = (CommandInvoked,)

    def initial(self, key: str) -> Member:
        return Member(key)

    def evolve(self, state: Member, event: Event) -> Member:
        match event:
            case CommandInvoked(ready=0):
                return Member(state.key, state.invocations + 1, state.cooldowns)
            case CommandInvoked():
                cooldowns = {**state.cooldowns, event.command: event.ready}
                return Member(state.key, state.invocations + 1, cooldowns)
            case _:
                raise TypeError(f"a member knows no {type(event).__name__}")

    def decide(self, state: Member, command: CommandInvoked) -> Changes[Member]:
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


def check_cooldown(member: Member, command: str, now: int) -> None:
    """Refuse ``command`` while it rests for this member. ``now`` in ms since 1970."""
    ready = member.cooldowns.get(command, 0)
    if now < ready:
        seconds = (ready - now) / 1000
        raise Refused("cooldown", f"/{command} can be used again in {seconds:.1f} seconds.")
