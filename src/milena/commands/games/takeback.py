"""/takeback: ask to take your last move back, or agree to what another player asks."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.game import AskTakeback
from milena.domain.table import act, answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    invocation = desk.invocation
    request = AskTakeback(invocation.player, invocation.time)
    return answer(act(desk, options.game, request))


command = Command("takeback", "games", "Ask to take your last move back, or agree to it.", Options, run)
