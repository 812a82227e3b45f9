"""/story show: read the story of this channel, or another one of this server, a page at a time."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.paging import PAGE, Number
from milena.domain.refusal import Refused
from milena.domain.story import Story, shown


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    story: Annotated[str, Meta(max_length=40, description="its id; without it, the last one here")] = ""
    page: Annotated[Number, Meta(description="which page")] = 1


def run(desk: Desk, options: Options) -> Result:
    guild, _, channel = desk.invocation.place.partition("/")
    key = options.story or desk.state("shelf", guild).last.get(channel, "")
    if not key:
        raise Refused("no_story", "No story was ever told here; /story start begins one.")
    story: Story = desk.state("story", key)
    if story.place.partition("/")[0] != guild:
        raise Refused("unknown_story", f"There is no story {key[:40]!r} in this server.")
    return {"story": key}


def show(sight: Sight, options: Options, result: Result) -> Result:
    story: Story = sight.state("story", result["story"])
    first = PAGE * (options.page - 1)
    lines = story.told[first : first + PAGE]
    if not lines and options.page > 1:
        raise Refused("no_page", f"This story has no page {options.page}.")
    actions = []
    if options.page > 1:
        actions.append(Action("Previous", "story show", {"story": story.key, "page": options.page - 1}))
    if len(story.told) > first + PAGE:
        actions.append(Action("Next", "story show", {"story": story.key, "page": options.page + 1}))
    return {**result, "says": shown(story, lines, first + 1), "actions": actions}


command = Command("story show", "fun", "Read a story that was told together.", Options, run, show=show)
