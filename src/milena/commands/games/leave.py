"""/leave: give your seat back before the game starts."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import LeaveSeat
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    invocation = desk.invocation
    request = LeaveSeat(invocation.player, desk.seed(options.game))
    return answer(act(desk, options.game, request))


command = Command("leave", "games", "Give your seat back before the game starts.", Options, run)
