"""/coin: toss a coin."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.urn import Hand

SIDES = ("heads", "tails")


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    times: Annotated[int, Meta(ge=1, le=20, description="how often")] = 1


def run(desk: Desk, options: Options) -> Result:
    hand = Hand(desk)
    sides = [SIDES[hand.pick(2)] for _ in range(options.times)]
    count = f" ({sides.count('heads')} heads)" if options.times > 2 else ""
    return {"sides": sides, "draw": hand.close(), "says": f"{', '.join(sides)}{count}"}


command = Command("coin", "fun", "Toss a coin.", Options, run)
