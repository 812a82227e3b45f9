"""/privacy: what is kept of you, in plain words."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result, Sight

KEPT = """\
What Milena keeps:
- Each command that you give: which, with what, when, in which channel, and what came of it. Moderators \
of this server can see that. Of what was refused, long texts are cut off.
- Each move of each game, for good: that is what leaderboards, ratings and replays are made of.
- What you write for all to read: polls, lines of stories, reasons.
- Your reminders, encrypted; your time zone.
- Your name and your Discord id, in a file apart from all the rest, where each of us is a number.
What she does not keep: messages that are no commands, who is in which voice channel, addresses, devices.
Who sees it: the moderators of a server what happened there, the operator of this installation all that \
is not encrypted. Nothing is sent to anybody else.
Nothing in the log is ever changed, so a result stays; but who stands behind a number is in the file \
apart, and the operator can delete it there."""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    return {}


def show(sight: Sight, options: Options, result: Result) -> Result:
    return {"says": KEPT}


command = Command("privacy", "utility", "Read what is kept of you.", Options, run, discreet=True, show=show)
