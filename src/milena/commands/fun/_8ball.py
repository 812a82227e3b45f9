"""/8ball: ask the ball a question that has no better answer."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.urn import Hand

ANSWERS = (
    "Yes, and sooner than you think.", "Yes.", "All I see says yes.", "Count on it.",
    "It looks good from here.",
    "Yes, if you do your part.", "Surely.", "The odds are with you.",
    "Perhaps.", "Ask me when the tea is ready.", "Even I would toss a coin.", "The mist does not lift.",
    "It depends on somebody who is not here.", "Ask again, and mean it.",
    "No.", "I would not bet on it.", "Not in this weather.", "All I see says no.", "Better not.",
    "No, and you knew that.",
)  # fmt: skip


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    question: Annotated[str, Meta(min_length=1, max_length=200, description="what you want to know")]


def run(desk: Desk, options: Options) -> Result:
    hand = Hand(desk)
    reply = ANSWERS[hand.pick(len(ANSWERS))]
    return {"answer": reply, "draw": hand.close(), "says": reply}


command = Command("8ball", "fun", "Ask the ball a question.", Options, run)
