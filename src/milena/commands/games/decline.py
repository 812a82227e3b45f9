"""/decline: turn down an invitation, a seat, a takeback or a draw."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Decline, Offer, require_offered
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    offer: Annotated[Offer, Meta(description="only if this is what is offered: seat, takeback or draw")] = ""


def run(desk: Desk, options: Options) -> Result:
    invocation = desk.invocation
    require_offered(desk.game(options.game), invocation.player, options.offer)
    request = Decline(invocation.player, desk.seed(options.game))
    return answer(act(desk, options.game, request))


command = Command("decline", "games", "Turn down an invitation, a seat, a takeback or a draw.", Options, run)
