"""/choose: let chance choose one of several things."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.refusal import Refused
from milena.domain.urn import Hand

MOST = 20


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    among: Annotated[str, Meta(max_length=1000, description="the things, parted by commas or |")]


def run(desk: Desk, options: Options) -> Result:
    mark = "|" if "|" in options.among else ","
    things = [thing.strip() for thing in options.among.split(mark) if thing.strip()]
    if not 2 <= len(things) <= MOST:
        raise Refused("bad_choice", f"Give 2 to {MOST} things, parted by commas or |.")
    hand = Hand(desk)
    chosen = things[hand.pick(len(things))]
    return {"chosen": chosen, "draw": hand.close(), "says": chosen}


command = Command("choose", "fun", "Let chance choose one of several things.", Options, run)
