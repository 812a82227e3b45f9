"""/board post: note which message on Discord shows a game or a poll. Milena asks for it herself."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.board import PostBoard
from milena.domain.command import Command, Desk, Result
from milena.domain.polling import poll_here
from milena.domain.table import answer


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    channel: Annotated[str, Meta(max_length=24, description="the channel's id on Discord")]
    message: Annotated[str, Meta(max_length=24, description="the message's id on Discord")]
    game: Annotated[str, Meta(description="the game's id")] = ""
    poll: Annotated[str, Meta(description="the poll's id, where it is none of a game")] = ""


def run(desk: Desk, options: Options) -> Result:
    result = {"poll": poll_here(desk, options.poll).key} if options.poll else answer(desk.game(options.game))
    desk.act("board", options.poll or options.game, PostBoard(options.channel, options.message))
    return result


command = Command(
    "board post", "games", "Note which message shows a game or a poll.", Options, run, internal=True
)
