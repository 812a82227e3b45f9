"""/game show: show a game again, as it stands. Front ends draw it; each reader sees what is for all eyes."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.table import answer, game_here


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]


def run(desk: Desk, options: Options) -> Result:
    return answer(game_here(desk, options.game))


command = Command("game show", "games", "Show a game as it stands.", Options, run)
