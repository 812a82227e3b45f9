"""/kick: take a member out of the server; who is kicked may come back."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.ids import PlayerId
from milena.domain.moderating import ID, act_on


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    member: Annotated[PlayerId, Meta(max_length=40, pattern=ID, description="who")]
    reason: Annotated[str, Meta(max_length=200, description="why; moderators will read it")] = ""


def run(desk: Desk, options: Options) -> Result:
    return act_on(desk, "kick", options.member, options.reason)


command = Command(
    "kick", "admin", "Take a member out of the server.", Options, run, permission="moderator", discreet=True
)
