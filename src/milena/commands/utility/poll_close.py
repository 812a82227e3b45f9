"""/poll close: close a poll; its author and moderators may."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.effect import Intend
from milena.domain.guild.permissions import is_moderator
from milena.domain.ids import Place
from milena.domain.poll import ClosePoll
from milena.domain.polling import poll_here, poll_result


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    poll: Annotated[str, Meta(max_length=40, description="its id")]


def run(desk: Desk, options: Options) -> Result:
    asked, poll = desk.invocation, poll_here(desk, options.poll)
    closed = desk.act("poll", poll.key, ClosePoll(asked.player, is_moderator(desk.guild, asked)))
    if poll.place != asked.place:  # here the answer tells it
        desk.act("effect", desk.new_id(), Intend("message", f"poll:{poll.key}", Place(poll.place)))
    return {"poll": poll.key, "votes": list(closed.counts)}


def show(sight: Sight, options: Options, result: Result) -> Result:
    return poll_result(sight, result["poll"])


command = Command("poll close", "utility", "Close a poll that is yours.", Options, run, show=show)
