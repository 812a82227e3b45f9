"""/void: take the result of a game away, while it goes on or after it."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Void
from milena.domain.table import act, answer, game_to_moderate


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    reason: Annotated[str, Meta(description="why; players and audit will read it")]


def run(desk: Desk, options: Options) -> Result:
    game_to_moderate(desk, options.game)
    request = Void(desk.invocation.player, options.reason, desk.seed(options.game))
    return answer(act(desk, options.game, request))


command = Command("void", "games", "Take the result of a game away.", Options, run, permission="moderator")
