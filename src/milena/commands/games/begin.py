"""/begin: start a game with those who are there."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Begin
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    invocation = desk.invocation
    request = Begin(invocation.player, desk.seed(options.game), invocation.time)
    return answer(act(desk, options.game, request))


command = Command("begin", "games", "Start a game before all its seats are taken.", Options, run)
