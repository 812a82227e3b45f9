"""/poll show: how a poll stands."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.poll import shown
from milena.domain.polling import poll_here


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    poll: Annotated[str, Meta(max_length=40, description="its id")]


def run(desk: Desk, options: Options) -> Result:
    poll = poll_here(desk, options.poll)
    return {"poll": poll.key, "votes": list(poll.counts), "closed": poll.closed, "says": shown(poll)}


command = Command("poll show", "utility", "Show how a poll stands.", Options, run)
