"""/privacy show: what is kept of you, in plain words."""

import msgspec
from msgspec import Struct

from milena.domain.command import Action, Command, Desk, Result, Sight

KEPT = """\
What Milena keeps:
- Each command that you give: which, with what, when, in which channel, and what came of it. Moderators \
of this server can see that. Of what was refused, long texts are cut off.
- Each move of each game, for good: that is what leaderboards, ratings and replays are made of.
- What you write for all to read: polls, lines of stories, jokes and quotes, reasons, questions to the ball.
- Your reminders, encrypted with a key of your own; your time zone.
- Your name and your Discord id, in a file apart from all the rest, where each of us is a number.
What she does not keep: messages that are no commands, who is in which voice channel, addresses, devices.
Who sees it: the moderators of a server what happened there, the operator of this installation all that \
is not encrypted. Nothing is sent to anybody else.
Nothing in the log is ever changed, so a result stays. But you can have all of it (/privacy export), and \
become unknown (/privacy erase): who stands behind the number, and the key of private texts, are destroyed."""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    actions = [Action("Export", "privacy export"), Action("Erase", "privacy erase", tone="bad")]
    return {"says": KEPT, "actions": [msgspec.to_builtins(action) for action in actions]}


command = Command(
    "privacy show", "utility", "Read what is kept of you.", Options, run, discreet=True, personal=True,
    show=show,
)  # fmt: skip
