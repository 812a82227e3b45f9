"""/story vote: those who tell a story vote on whether it is finished, or its last line is struck."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.shelf import act_on_story
from milena.domain.story import Ballot, VoteOnStory, standing


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    on: Annotated[Ballot, Meta(description="finish the story, or strike its last line")]
    line: Annotated[int, Meta(ge=0, le=200, description="which line is meant; 0: the last one")] = 0


def run(desk: Desk, options: Options) -> Result:
    story = act_on_story(desk, VoteOnStory(desk.invocation.player, options.on, options.line))
    passed = bool(story.finished) if options.on == "finish" else "strike" not in story.votes
    what = "The story is finished." if options.on == "finish" else "The last line is struck."
    return {"story": story.key, "passed": passed, "says": what if passed else f"Counted: {standing(story)}"}


command = Command(
    "story vote", "fun", "Vote to finish the story here, or to strike its last line.", Options, run
)
