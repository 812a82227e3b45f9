"""/invite: keep a free seat for somebody; once the game has begun, hand your own one over."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.ids import PlayerId
from milena.domain.table import act, answer, invitation


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    player: Annotated[PlayerId, Meta(description="who is invited")]


def run(desk: Desk, options: Options) -> Result:
    return answer(act(desk, options.game, invitation(desk, options.player)))


command = Command("invite", "games", "Keep a free seat for somebody, or hand over your own.", Options, run)
