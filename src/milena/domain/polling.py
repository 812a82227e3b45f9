"""Polls as commands find them."""

from milena.domain.command import Desk, Sight
from milena.domain.poll import Poll
from milena.domain.refusal import Refused


def poll_here(desk: Desk | Sight, key: str) -> Poll:
    """The poll with this id. Raises Refused where there is none in this guild."""
    poll: Poll = desk.state("poll", key)
    guild = desk.invocation.place.partition("/")[0]
    if poll.place.partition("/")[0] != guild:
        raise Refused("unknown_poll", f"There is no poll {key[:40]!r} here; its id stands below it.")
    return poll
