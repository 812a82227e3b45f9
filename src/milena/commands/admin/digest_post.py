"""/digest post: tell the operator's channel what has happened. Milena asks for it herself."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.digest import Digest, Tell
from milena.domain.effect import Details, Intend


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    channel: Annotated[str, Meta(pattern="^[0-9]{1,20}$", description="where")]
    slot: Annotated[int, Meta(ge=0, description="the time of the day for which it is; 0: it is urgent")] = 0


def run(desk: Desk, options: Options) -> Result:
    told: Digest = desk.act(
        "digest", options.channel, Tell(desk.invocation.time, desk.new_id(), options.slot)
    )
    about = f"digest:{'daily' if options.slot else 'urgent'}"
    span = Details(after=told.since, before=told.told)
    desk.act("effect", told.effect, Intend("message", about, desk.invocation.place, span))
    return {"effect": told.effect}


command = Command("digest post", "admin", "Tell what has happened.", Options, run, internal=True)
