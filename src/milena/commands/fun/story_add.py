"""/story add: tell the next line of the story in this channel."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.shelf import act_on_story
from milena.domain.story import LONGEST_LINE, AddLine, Line, Story, shown

LAST = 3
"""Lines that are told again, so that one knows how it goes on."""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE, description="how it goes on")]


def run(desk: Desk, options: Options) -> Result:
    story = act_on_story(desk, AddLine(desk.invocation.player, options.text))
    return {"story": story.key, "line": len(story.told)}


def show(sight: Sight, options: Options, result: Result) -> Result:
    story: Story = sight.state("story", result["story"])
    last: tuple[Line, ...] = story.told[-LAST:]
    says = shown(story, last, len(story.told) - len(last) + 1)
    actions = [] if story.finished else [
        Action("Strike this line", "story vote", {"on": "strike", "line": len(story.told)}),
        Action("It is finished", "story vote", {"on": "finish"}),
    ]  # fmt: skip
    return {**result, "says": says, "actions": [*actions, Action("All of it", "story show")]}


command = Command("story add", "fun", "Tell the next line of the story here.", Options, run, show=show)
