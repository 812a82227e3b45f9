"""/accept: agree to what is offered: a seat at a game, a takeback or a draw."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import AskTakeback, Game, OfferDraw, TakeOver, TakeSeat
from milena.domain.refusal import Refused
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    salt: Annotated[str | None, Meta(description="what you bring to the draws of chance")] = None


def run(desk: Desk, options: Options) -> Result:
    return answer(act(desk, options.game, _request(desk, desk.game(options.game), options)))


def _request(desk: Desk, game: Game, options: Options) -> Struct:
    player, now, seed = desk.invocation.player, desk.invocation.time, desk.seed(game.key)
    if game.invitation(player) is not None:
        if game.status == "playing":
            return TakeOver(player, now)
        return TakeSeat(player, options.salt or desk.new_id(), seed, now=now)
    if game.seat_of(player) is not None and game.takeback is not None:
        return AskTakeback(player, now)
    if game.seat_of(player) is not None and game.draw_offers:
        return OfferDraw(player, seed)
    raise Refused("nothing_offered", "Nothing is offered to you in this game.")


command = Command("accept", "games", "Agree to what is offered: a seat, a takeback or a draw.", Options, run)
