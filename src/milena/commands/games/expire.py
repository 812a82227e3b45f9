"""/expire: let happen what is due in a game. Milena asks for it herself, when a deadline has passed."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import Expire
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    desk.game(options.game)
    now, idle = desk.invocation.time, desk.limits.idle * 1000
    untouched = now - desk.touched("game", options.game)
    request = Expire(desk.seed(options.game), now, idle=0 < idle <= untouched)
    return answer(act(desk, options.game, request))


command = Command("expire", "games", "Let happen what is due in a game.", Options, run, internal=True)
