"""/story finish: end the story in this channel; who started it, and moderators, may."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result
from milena.domain.guild.permissions import is_moderator
from milena.domain.shelf import act_on_story
from milena.domain.story import FinishStory, standing


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    asked = desk.invocation
    story = act_on_story(desk, FinishStory(asked.player, is_moderator(desk.guild, asked)))
    return {"story": story.key, "says": f"{story.title}: {standing(story)}"}


command = Command("story finish", "fun", "End the story here, if you started it.", Options, run)
