"""/abort: end a game without a result, while not each side has moved."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Abort
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    invocation = desk.invocation
    request = Abort(invocation.player, desk.seed(options.game))
    return answer(act(desk, options.game, request))


command = Command("abort", "games", "End a game without a result, before each side has moved.", Options, run)
