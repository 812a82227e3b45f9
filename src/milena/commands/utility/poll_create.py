"""/poll create: ask a question, and let people vote."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.poll import OpenPoll
from milena.domain.polling import poll_result
from milena.domain.spans import seconds


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    question: Annotated[str, Meta(min_length=1, max_length=200, description="what is asked")]
    choices: Annotated[str, Meta(max_length=1000, description="2 to 10, parted by commas or |")]
    multiple: Annotated[bool, Meta(description="each may vote for several")] = False
    anonymous: Annotated[bool, Meta(description="nobody is told who voted for what")] = True
    during: Annotated[str, Meta(max_length=40, description="how long, such as 2h; else until closed")] = ""


def run(desk: Desk, options: Options) -> Result:
    asked, key = desk.invocation, desk.new_id()
    mark = "|" if "|" in options.choices else ","
    choices = tuple(choice.strip() for choice in options.choices.split(mark) if choice.strip())
    until = asked.time + seconds(options.during, asked.locale) * 1000 if options.during else 0
    request = OpenPoll(
        options.question, choices, asked.player, asked.place, until, options.multiple, options.anonymous
    )
    desk.act("poll", key, request)
    return {"poll": key}


def show(sight: Sight, options: Options, result: Result) -> Result:
    return poll_result(sight, result["poll"])


command = Command(
    "poll create", "utility", "Ask a question, and let people vote.", Options, run, cooldown=10, show=show
)
