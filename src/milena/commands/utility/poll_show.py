"""/poll show: how a poll stands."""

from typing import Annotated

from msgspec import Meta, Struct

from milena.domain.command import Command, Desk, Result, Sight
from milena.domain.polling import poll_here, poll_result


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    poll: Annotated[str, Meta(max_length=40, description="its id")]


def run(desk: Desk, options: Options) -> Result:
    return {"poll": poll_here(desk, options.poll).key}


def show(sight: Sight, options: Options, result: Result) -> Result:
    return poll_result(sight, result["poll"])


command = Command("poll show", "utility", "Show how a poll stands.", Options, run, show=show)
