"""What an invocation is answered with."""

from typing import Any

from msgspec import Struct

from milena.domain.command import Invocation
from milena.domain.member import CommandInvoked, Verdict


class Answer(Struct, frozen=True):
    """``verdict``   accepted, refused or failed
    ``code``, ``sentence``  why not; in a sentence ``<id>`` stands for the name of that player
    ``result``    what the command answers, plain data
    ``position``  of its ``command.invoked`` event; 0 where nothing could be written
    ``repeated``  the invocation had been answered before; this is that answer again
    """

    invocation: str
    verdict: Verdict
    code: str = ""
    sentence: str = ""
    result: dict[str, Any] = {}
    position: int = 0
    repeated: bool = False


def answer(invocation: str, event: CommandInvoked, position: int) -> Answer:
    """The answer that an invocation gets, from the event that records it."""
    return Answer(invocation, event.verdict, event.code, event.sentence, event.result, position)


def error_id(invocation: Invocation) -> str:
    """What a person tells the operator after a failure: the end of the invocation's id, which the log line
    has, and ``milena trace`` finds."""
    return invocation.id[-8:]


def went_wrong(invocation: Invocation) -> str:
    """What a person is told of a failure that is a bug."""
    return f"Something went wrong; nothing was changed. Tell the operator: {error_id(invocation)}."
