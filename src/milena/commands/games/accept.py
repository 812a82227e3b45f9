"""/accept: agree to what is offered: a seat at a game, a takeback or a draw."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import (
    AskTakeback,
    Game,
    Offer,
    OfferDraw,
    TakeOver,
    TakeSeat,
    offered,
    require_offered,
)
from milena.domain.refusal import Refused
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    salt: Annotated[str | None, Meta(description="what you bring to the draws of chance")] = None
    offer: Annotated[Offer, Meta(description="only if this is what is offered: seat, takeback or draw")] = ""


def run(desk: Desk, options: Options) -> Result:
    return answer(act(desk, options.game, _request(desk, desk.game(options.game), options)))


def _request(desk: Desk, game: Game, options: Options) -> Struct:
    player, now, seed = desk.invocation.player, desk.invocation.time, desk.seed(game.key)
    require_offered(game, player, options.offer)
    match offered(game, player):
        case "seat" if game.status == "playing":
            return TakeOver(player, now)
        case "seat":
            return TakeSeat(player, options.salt or desk.new_id(), seed, now=now)
        case "takeback":
            return AskTakeback(player, now)
        case "draw":
            return OfferDraw(player, seed)
    raise Refused("nothing_offered", "Nothing is offered to you in this game.")


command = Command("accept", "games", "Agree to what is offered: a seat, a takeback or a draw.", Options, run)
