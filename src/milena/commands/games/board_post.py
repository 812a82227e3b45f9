"""/board post: note which message on Discord shows a game. Milena asks for it herself."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.board import PostBoard
from milena.domain.command import Command, Desk, Result
from milena.domain.table import answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    game: Annotated[str, Meta(description="the game's id")]
    channel: Annotated[str, Meta(max_length=24, description="the channel's id on Discord")]
    message: Annotated[str, Meta(max_length=24, description="the message's id on Discord")]


def run(desk: Desk, options: Options) -> Result:
    game = desk.game(options.game)
    desk.act("board", options.game, PostBoard(options.channel, options.message))
    return answer(game)


command = Command("board post", "games", "Note which message shows a game.", Options, run, internal=True)
