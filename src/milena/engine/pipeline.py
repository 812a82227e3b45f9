"""The pipeline: what every invocation passes, in this order, until it is refused or decided.

1. the throttle, before anything costs anything (see :mod:`milena.engine.traffic`)
2. its command, and the options that this one allows
3. restrictions, permissions, the cooldown (see :mod:`milena.domain.admission`)
4. the command decides: its events are kept with the invocation's own, or none of them

What Milena asks herself (a deadline, a machine's move) comes from an event, and is not throttled; a command
that only she can call is not looked at in step 3.
"""

from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from milena.domain.admission import admit
from milena.domain.command import Command, Result
from milena.domain.guild.requests import Rest
from milena.domain.options import describe_error
from milena.domain.refusal import Refused
from milena.engine.desk import InvocationDesk
from milena.engine.traffic import Traffic

_encode = msgspec.json.Encoder().encode
"""Only what can be written down can be taken: no lone surrogates, no endless numbers."""


class Passed(NamedTuple):
    """What is recorded of an invocation that was accepted.

    ``options``    without what is private where it led to something sealed
    ``ready``      when this member may use it again, in ms since 1970; 0: at once, or others wait too
    ``authority``  see :class:`~milena.domain.member.CommandInvoked`
    """

    options: dict[str, Any]
    result: Result
    ready: int
    authority: str


def run(desk: InvocationDesk, command: Command | None, traffic: Traffic) -> Passed:
    """Raises Refused, or whatever a bug in the command raises."""
    invocation = desk.invocation
    if invocation.follows is None:
        traffic.check(invocation, desk.counted)
    if command is None:
        raise Refused("unknown_command", f"There is no command {invocation.command[:40]!r}.")
    options = _valid(command, invocation.options)
    authority = ""
    if not command.internal:
        authority = admit(command, invocation, desk.guild, desk.member().state)
    result = command.run(desk, options)
    ready = _rest(desk, command) if command.cooldown else 0
    return Passed(_recorded(desk, command), result, ready, authority)


def _valid(command: Command, options: dict[str, Any]) -> Struct:
    try:
        _encode(options)
    except (TypeError, ValueError, OverflowError):
        raise Refused(
            "bad_option", f"/{command.name}: that is not text, or a number too large to be kept."
        ) from None
    try:
        converted: Struct = msgspec.convert(options, command.options)
    except msgspec.ValidationError as error:
        raise Refused("bad_option", f"/{command.name}: {describe_error(error, command.options)}") from None
    return converted


def _rest(desk: InvocationDesk, command: Command) -> int:
    """The cooldown begins, now that the command is through: a refusal or a failure costs nothing."""
    ready = desk.invocation.time + round(command.cooldown * 1000)
    if command.scope == "member":
        return ready
    channel = desk.invocation.place.partition("/")[2] if command.scope == "channel" else ""
    desk.act("guild", desk.guild.key, Rest(command.name, ready, channel))
    return 0


def _recorded(desk: InvocationDesk, command: Command) -> dict[str, Any]:
    options = desk.invocation.options
    if command.private and any(event.sealed for change in desk.changes.values() for event in change.events):
        return {name: value for name, value in options.items() if name not in command.private}
    return options
