"""/story start: begin a story that all in this channel tell together."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.shelf import PutStory
from milena.domain.story import LONGEST_TITLE, StartStory


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE, description="what it is called")]
    lines: Annotated[int, Meta(ge=2, le=200, description="how many lines it has at most")] = 50
    turns: Annotated[int, Meta(ge=0, le=100, description="how many lines each may tell; 0: any number")] = 0


def run(desk: Desk, options: Options) -> Result:
    asked, key = desk.invocation, desk.new_id()
    guild, _, channel = asked.place.partition("/")
    desk.act("shelf", guild, PutStory(channel, key))
    request = StartStory(options.title, asked.player, asked.place, options.lines, options.turns)
    story = desk.act("story", key, request)
    says = f"A story begins here: {story.title}\nTell its first line with: /story add text: ..."
    return {"story": key, "says": says}


command = Command(
    "story start", "fun", "Begin a story that all here tell together.", Options, run, cooldown=10
)
