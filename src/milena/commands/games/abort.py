"""/abort: end a game without a result."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Abort


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    desk.game(options.game)
    game = desk.act("game", options.game, Abort(desk.invocation.player, desk.seed(options.game)))
    return {"game": options.game, "status": game.status, "ply": game.ply}


command = Command("abort", "games", "End a game without a result.", Options, run)
