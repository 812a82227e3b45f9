"""/invite: keep a free seat for somebody; once the game has begun, hand your own one over."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Invite
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    player: Annotated[PlayerId, Meta(description="who is invited")]


def run(desk: Desk, options: Options) -> Result:
    invocation = desk.invocation
    if desk.is_machine(options.player):
        raise Refused("machine", "A machine can't be invited; open the game with it.")
    until = invocation.time + desk.limits.invitation * 1000
    return answer(act(desk, options.game, Invite(invocation.player, options.player, until)))


command = Command("invite", "games", "Keep a free seat for somebody, or hand over your own.", Options, run)
