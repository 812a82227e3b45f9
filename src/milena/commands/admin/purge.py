"""/purge: remove messages from this channel, the newest first, once that is confirmed.

What is confirmed is the question, by its id: pressed twice, or delivered twice, it happens once. Nothing
that was written since the question is removed.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from milena.domain.command import Action, Command, Desk, Result
from milena.domain.effect import Details
from milena.domain.ids import PlayerId
from milena.domain.moderating import check_power, open_case
from milena.domain.refusal import Refused
from milena.domain.spans import UNITS, seconds

LONGEST = 14 * UNITS["d"]
"""Seconds; and 100 messages at once:
https://docs.discord.com/developers/resources/message#bulk-delete-messages"""
MARGIN = 600
"""Seconds that a message may grow older until it is removed."""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    count: Annotated[int, Meta(ge=1, le=100, description="how many messages at most")]
    user: Annotated[PlayerId, Meta(max_length=40, description="only those of this user")] = PlayerId("")
    bots: Annotated[bool, Meta(description="only those of bots")] = False
    age: Annotated[str, Meta(max_length=40, description="only those of the last 10m, 2h ... 14d at most")] = (
        "14d"
    )
    reason: Annotated[str, Meta(max_length=200, description="why; moderators will read it")] = ""
    confirm: Annotated[str, Meta(max_length=60, description="the word that confirms it, as it is told")] = ""


def run(desk: Desk, options: Options) -> Result:
    check_power(desk, "purge")
    age = seconds(options.age, desk.invocation.locale)
    if age > LONGEST:
        raise Refused("bad_time", "Messages older than 14 days can't be removed together.")
    if not options.confirm:
        return _asked(desk, options)
    before, question = _when(desk, options.confirm), options.confirm.partition("-")[2]
    after = max(desk.invocation.time - (LONGEST - MARGIN) * 1000, before - age * 1000)
    data = Details(
        options.user, count=options.count, bots=options.bots, after=after, before=before, question=question
    )
    number = open_case(desk, "purge", data, options.reason, f"purge-{options.confirm}")
    return {"case": number, "says": f"Case {number}: {_told(options)} will be removed."}


def _asked(desk: Desk, options: Options) -> Result:
    confirm = f"{desk.invocation.time}-{desk.invocation.id}"
    action = Action("Remove them", "purge", {**desk.invocation.options, "confirm": confirm}, "bad")
    return {
        "says": f"This removes {_told(options)}, but nothing that is written from now on. "
        "It can't be undone.",
        "actions": [msgspec.to_builtins(action)],
    }


def _when(desk: Desk, confirm: str) -> int:
    """When it was asked for, in ms since 1970. Raises Refused where that was never, or too long ago. (What
    was confirmed before is refused by the effect, which bears the word in its key.)"""
    time, dash, key = confirm.partition("-")
    now = desk.invocation.time
    known = time.isascii() and time.isdecimal() and len(time) <= 13 and dash
    if not known or not key.isascii() or not key.isalnum() or not now - MARGIN * 1000 <= int(time) <= now:
        raise Refused("not_confirmed", "That confirms nothing, or came too late: ask for /purge again.")
    return int(time)


def _told(options: Options) -> str:
    of = f" of <{options.user}>" if options.user else ""
    bots = " of bots" if options.bots else ""
    newest = f"up to {options.count} messages" if options.count > 1 else "up to one message"
    return f"{newest}{of}{bots} of the last {options.age.strip()}"


command = Command(
    "purge", "admin", "Remove messages from this channel.", Options, run, permission="moderator",
    discreet=True,
)  # fmt: skip
