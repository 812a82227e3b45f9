"""/move: make a move."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Play
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    move: Annotated[str, Meta(description="the move, in the game's notation")]
    ply: Annotated[int, Meta(ge=0, description="the ply of the board you look at")] | None = None
    turn: Annotated[int, Meta(description="the number of the turn you look at")] | None = None


def run(desk: Desk, options: Options) -> Result:
    invocation, seed = desk.invocation, desk.seed(options.game)
    request = Play(invocation.player, options.move, seed, options.ply, invocation.time, options.turn)
    return answer(act(desk, options.game, request))


command = Command("move", "games", "Make a move.", Options, run, private=("move",))
