"""/roll: roll dice, such as 3d6+2. Anybody can check that they were not loaded (see milena.domain.urn)."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.rolling import parse, throw, written
from milena.domain.urn import Hand


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    dice: Annotated[str, Meta(max_length=80, description="3d6+2, 4d6kh3 (keep highest), 2d20kl1, 3d6!")] = (
        "1d6"
    )
    salt: Annotated[str, Meta(max_length=40, description="what you bring to the draws of chance")] = ""


def run(desk: Desk, options: Options) -> Result:
    parts, hand = parse(options.dice), Hand(desk, options.salt)
    thrown = throw(parts, lambda sides: hand.pick(sides) + 1)
    total = sum(each.value for each in thrown)
    shown = written(thrown)
    says = f"{options.dice.strip()}: {shown} = {total}" if shown != f"[{total}]" else f"{total}"
    return {"total": total, "dice": shown, "draw": hand.close(), "says": says}


command = Command("roll", "fun", "Roll dice, such as 3d6+2.", Options, run)
