"""/game end: a moderator ends a game that goes on, without a result."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Stop
from milena.domain.table import act, answer, game_to_moderate


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    reason: Annotated[str, Meta(description="why; players and audit will read it")]


def run(desk: Desk, options: Options) -> Result:
    game = game_to_moderate(desk, options.game)
    return answer(act(desk, game.key, Stop(desk.invocation.player, options.reason, desk.seed(game.key))))


command = Command(
    "game end", "games", "End a game that goes on, without a result.", Options, run, permission="moderator"
)
