"""Polls as commands find them."""

from msgspec import to_builtins

from milena.domain.command import Action, Desk, Result, Sight
from milena.domain.poll import Poll, counted, shown
from milena.domain.refusal import Refused, moment


def poll_here(desk: Desk | Sight, key: str) -> Poll:
    """The poll with this id. Raises Refused where there is none in this guild."""
    poll: Poll = desk.state("poll", key)
    guild = desk.invocation.place.partition("/")[0]
    if poll.place.partition("/")[0] != guild:
        raise Refused("unknown_poll", f"There is no poll {key[:40]!r} here; its id stands below it.")
    return poll


def poll_result(sight: Sight, key: str) -> Result:
    """How a poll stands, and while it is open, the ways to vote: a button a choice, or what to type."""
    return standing(poll_here(sight, key))


def standing(poll: Poll) -> Result:
    """:func:`poll_result` of a poll, wherever it is."""
    result: Result = {
        "poll": poll.key, "votes": list(poll.counts), "closed": poll.closed, "says": shown(poll),
        "chart": to_builtins(counted(poll)),
    }  # fmt: skip
    if poll.closed:
        return result
    several = "; several with commas between" if poll.multiple else ""
    ends = f" It closes {moment(poll.until)}." if poll.until else ""
    result["says"] += f"{ends}\nVote with: /poll vote poll: {poll.key}{several}"
    # Of several choices each has a button of its own, which must not undo the one before.
    toggle = {"toggle": True} if poll.multiple else {}
    result["actions"] = [
        Action(choice, "poll vote", {"poll": poll.key, "choice": str(number)} | toggle)
        for number, choice in enumerate(poll.choices, 1)
    ]
    return result
