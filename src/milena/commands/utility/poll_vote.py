"""/poll vote: vote, or change your vote."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.poll import Vote
from milena.domain.polling import poll_here
from milena.domain.refusal import Refused


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    poll: Annotated[str, Meta(max_length=40, description="its id")]
    choice: Annotated[str, Meta(max_length=40, description="a number, or several parted by commas")]


def run(desk: Desk, options: Options) -> Result:
    poll = poll_here(desk, options.poll)
    words = [word.strip() for word in options.choice.split(",")]
    if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
        raise Refused("bad_vote", f"Vote for a number from 1 to {len(poll.choices)}.")
    asked = desk.invocation
    chosen = tuple(int(word) - 1 for word in words)
    desk.act("poll", poll.key, Vote(asked.player, chosen, asked.time))
    names = ", ".join(poll.choices[number] for number in sorted(set(chosen)))
    return {"poll": poll.key, "says": f"You voted for: {names}. You can change that until it closes."}


command = Command("poll vote", "utility", "Vote, or change your vote.", Options, run, discreet=True)
