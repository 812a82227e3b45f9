"""/join: take a seat at a game; it starts when all are taken."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import TakeSeat
from milena.domain.table import act, answer, game_here


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    seat: Annotated[int, Meta(ge=1, description="which seat, from 1; else the first free")] | None = None
    salt: Annotated[str | None, Meta(description="what you bring to the draws of chance")] = None


def run(desk: Desk, options: Options) -> Result:
    game_here(desk, options.game)  # who knows the id of another server's game does not sit down there
    invocation, seed = desk.invocation, desk.seed(options.game)
    seat = None if options.seat is None else options.seat - 1
    salt = options.salt or desk.new_id()
    return answer(act(desk, options.game, TakeSeat(invocation.player, salt, seed, seat, invocation.time)))


command = Command("join", "games", "Take a seat at a game; it starts when all are taken.", Options, run)
