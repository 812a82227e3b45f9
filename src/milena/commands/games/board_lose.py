"""/board lose: note that the message that showed a game is gone. Milena asks for it herself."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.board import Gone, LoseBoard
from milena.domain.command import Command, Desk, Result
from milena.domain.table import answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    message: Annotated[str, Meta(max_length=24, description="the message's id on Discord, if there was one")]
    gone: Annotated[Gone, Meta(description="what is gone: the message, or its channel")]


def run(desk: Desk, options: Options) -> Result:
    game = desk.game(options.game)
    desk.act("board", options.game, LoseBoard(options.message, options.gone))
    return answer(game)


command = Command(
    "board lose", "games", "Note that no message shows a game any more.", Options, run, internal=True
)
