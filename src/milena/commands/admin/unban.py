"""/unban: let somebody who was banned come back."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.ids import PlayerId
from milena.domain.moderating import ID, act_on


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    member: Annotated[PlayerId, Meta(max_length=40, pattern=ID, description="who")]
    reason: Annotated[str, Meta(max_length=200, description="why; moderators will read it")] = ""


def run(desk: Desk, options: Options) -> Result:
    return act_on(desk, "unban", options.member, options.reason)


command = Command(
    "unban", "admin", "Let somebody who was banned come back.", Options, run, permission="moderator",
    discreet=True,
)  # fmt: skip
