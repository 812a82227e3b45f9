"""/board lose: note that the message that showed a game or a poll is gone. Milena asks for it herself."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.board import Gone, LoseBoard
from milena.domain.command import Command, Desk, Result
from milena.domain.polling import poll_here
from milena.domain.table import answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    message: Annotated[str, Meta(max_length=24, description="the message's id on Discord, if there was one")]
    gone: Annotated[Gone, Meta(description="what is gone: the message, or its channel")]
    game: Annotated[str, Meta(description="the game's id")] = ""
    poll: Annotated[str, Meta(description="the poll's id, where it is none of a game")] = ""


def run(desk: Desk, options: Options) -> Result:
    result = {"poll": poll_here(desk, options.poll).key} if options.poll else answer(desk.game(options.game))
    desk.act("board", options.poll or options.game, LoseBoard(options.message, options.gone))
    return result


command = Command(
    "board lose", "games", "Note that no message shows a game or a poll any more.", Options, run,
    internal=True,
)  # fmt: skip
