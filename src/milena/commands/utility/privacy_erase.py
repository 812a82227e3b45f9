"""/privacy erase: become unknown, once that is confirmed by a word that is told to nobody else.

The word is made of who asks and when, with a secret of this installation: so nobody has to remember it, and
nobody can confirm for somebody else. Who is erased can't use it again: who comes back is somebody new.
"""

import hmac
from hashlib import sha256
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from milena.domain.command import Action, Command, Desk, Result, Sight
from milena.domain.refusal import Refused

PATIENCE = 600
"""Seconds in which it has to be confirmed."""
WARNING = """\
This erases who you are, in every server, and can't be undone: your name, your Discord id, and the key of \
what you wrote privately. Games that you play in are given up, reminders cancelled.
What stays, under a number that nobody can trace back to you: commands, moves, results, and what you wrote \
for all to read. If you use Milena again, you are somebody new: no rating, no results.
Get a copy first with /privacy export, if you want one."""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    confirm: Annotated[str, Meta(max_length=60, description="the word that confirms it, as it is told")] = ""


def run(desk: Desk, options: Options) -> Result:
    if not options.confirm:
        return {"confirm": _word(desk, desk.invocation.time)}
    _check(desk, options.confirm)
    return {"erase": "asked for"}


def _word(desk: Desk, time: int) -> str:
    secret = desk.seed(f"erase/{desk.invocation.player}/{time}")
    return f"{time}-{sha256(secret).hexdigest()[:16]}"


def _check(desk: Desk, word: str) -> None:
    """Raises Refused for a word that was told to somebody else, to nobody, or too long ago."""
    time, now = word.partition("-")[0], desk.invocation.time
    known = time.isascii() and time.isdecimal() and len(time) <= 13
    if (
        not known
        or not now - PATIENCE * 1000 <= int(time) <= now
        or not hmac.compare_digest(_word(desk, int(time)).encode(), word.encode())
    ):
        raise Refused(
            "not_confirmed", "That confirms nothing, or came too late: ask for /privacy erase again."
        )


def show(sight: Sight, options: Options, result: Result) -> Result:
    if not options.confirm:
        action = Action("Erase me", "privacy erase", {"confirm": result["confirm"]}, "bad")
        return {"says": WARNING, "actions": [msgspec.to_builtins(action)]}
    done = sight.erase()
    return {
        "says": f"You are erased. {_counted(done['games'], 'game')} given up, "
        f"{_counted(done['reminders'], 'reminder')} cancelled. "
        "Backups that were made before hold you until the operator lets them go."
    }


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{' was' if number == 1 else 's were'}"


command = Command(
    "privacy erase", "utility", "Become unknown: erase your name, id and private texts.", Options, run,
    discreet=True, personal=True, show=show,
)  # fmt: skip
