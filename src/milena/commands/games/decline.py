"""/decline: turn down an invitation, a seat, a takeback or a draw."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Decline
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    invocation = desk.invocation
    request = Decline(invocation.player, desk.seed(options.game))
    return answer(act(desk, options.game, request))


command = Command("decline", "games", "Turn down an invitation, a seat, a takeback or a draw.", Options, run)
