"""/resign: give up a game."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Resign
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    invocation = desk.invocation
    request = Resign(invocation.player, desk.seed(options.game), invocation.time)
    return answer(act(desk, options.game, request))


command = Command("resign", "games", "Give up a game.", Options, run)
