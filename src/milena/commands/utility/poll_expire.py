"""/poll expire: close a poll whose time is over. Milena asks for it herself."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.effect import Intend
from milena.domain.ids import Place
from milena.domain.poll import ExpirePoll, Poll, shown


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    poll: Annotated[str, Meta(max_length=40, description="its id")]


def run(desk: Desk, options: Options) -> Result:
    closed: Poll = desk.act("poll", options.poll, ExpirePoll(desk.invocation.time))
    desk.act("effect", desk.new_id(), Intend("message", f"poll:{closed.key}", Place(closed.place)))
    return {"poll": closed.key, "votes": list(closed.counts), "says": shown(closed)}


command = Command("poll expire", "utility", "Close a poll whose time is over.", Options, run, internal=True)
