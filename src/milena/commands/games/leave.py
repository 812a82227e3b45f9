"""/leave: give your seat back before the game starts."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import LeaveSeat


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    desk.game(options.game)
    game = desk.act("game", options.game, LeaveSeat(desk.invocation.player))
    return {"game": options.game, "status": game.status, "ply": game.ply}


command = Command("leave", "games", "Give your seat back before the game starts.", Options, run)
