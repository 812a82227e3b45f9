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
    toggle: Annotated[bool, Meta(description="add it to your vote, or take it out of it")] = False


def run(desk: Desk, options: Options) -> Result:
    poll = poll_here(desk, options.poll)
    words = [word.strip() for word in options.choice.split(",")]
    if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
        raise Refused("bad_vote", f"Vote for a number from 1 to {len(poll.choices)}.")
    asked = desk.invocation
    chosen = {int(word) - 1 for word in words}
    if options.toggle and poll.multiple:
        chosen ^= set(poll.votes.get(asked.player, ()))
        if not chosen:
            raise Refused("bad_vote", "That is all that you voted for: vote for something else first.")
    desk.act("poll", poll.key, Vote(asked.player, tuple(sorted(chosen)), asked.time))
    names = ", ".join(poll.choices[number] for number in sorted(chosen))
    return {"poll": poll.key, "says": f"You voted for: {names}. You can change that until it closes."}


command = Command("poll vote", "utility", "Vote, or change your vote.", Options, run, discreet=True)
