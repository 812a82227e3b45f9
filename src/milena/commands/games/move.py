"""/move: make a move."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Play


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    move: Annotated[str, Meta(description="the move, in the game's notation")]
    ply: Annotated[int, Meta(ge=0, description="the ply of the board you look at")] | None = None


def run(desk: Desk, options: Options) -> Result:
    desk.game(options.game)
    play = Play(desk.invocation.player, options.move, desk.seed(options.game), options.ply)
    game = desk.act("game", options.game, play)
    return {"game": options.game, "status": game.status, "ply": game.ply}


command = Command("move", "games", "Make a move.", Options, run, private=("move",))
