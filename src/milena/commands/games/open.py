"""/open: open a game and sit down at it."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Open, TakeSeat


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="which game, such as tictactoe")]
    options: Annotated[dict[str, Any], Meta(description="that game's own options")] = {}
    seats: Annotated[int | None, Meta(description="how many play, where the game leaves it open")] = None
    sit: Annotated[bool, Meta(description="take the first seat")] = True
    salt: Annotated[str | None, Meta(description="what you bring to the draws of chance")] = None


def run(desk: Desk, options: Options) -> Result:
    key, player = desk.new_id(), desk.invocation.player
    seed = desk.seed(key)
    game = desk.act("game", key, Open(player, options.game, options.options, options.seats, seed))
    if options.sit:
        game = desk.act("game", key, TakeSeat(player, options.salt or desk.new_id(), seed))
    return {"game": key, "status": game.status, "ply": game.ply}


command = Command("open", "games", "Open a game and sit down at it.", Options, run)
