"""Idempotency: an invocation that is delivered again changes nothing, and is answered as it was at first."""

from msgspec.structs import replace

from milena.domain.command import Invocation
from milena.domain.ids import Place, PlayerId
from milena.domain.member import CommandInvoked
from milena.engine.answer import Answer, answer
from milena.engine.redaction import recorded_name
from milena.engine.traffic import Traffic
from milena.store import Store


def find(invocation: Invocation, store: Store, traffic: Traffic) -> Answer | None:
    """The answer of an invocation whose id came before; None where it is new."""
    found = find_counted(invocation, traffic)
    if found is not None:
        return found
    stored = store.invocation(invocation.id)
    if stored is None:
        return None
    event = store.event(stored)
    assert isinstance(event, CommandInvoked)
    player, place = PlayerId(stored.player), Place(stored.place)
    first = Invocation(invocation.id, event.command, {}, player, place, stored.time)
    return again(invocation, first, answer(invocation.id, event, stored.position))


def find_counted(invocation: Invocation, traffic: Traffic) -> Answer | None:
    """:func:`find` among those that were only counted, as part of a flood, and so are not in the log."""
    found = traffic.answers.get(invocation.id)
    return None if found is None else again(invocation, *found)


def again(invocation: Invocation, first: Invocation, reply: Answer) -> Answer:
    """What an invocation is answered whose id came before, with ``first``, which got ``reply``. Two processes
    can come upon the same id, if rarely: then the second must not be taken for the first."""
    if _is_same(first, invocation):
        return replace(reply, repeated=True)
    sentence = "Another command came first under this id; nothing was changed. Try again."
    return Answer(invocation.id, "refused", "id_taken", sentence)


def _is_same(one: Invocation, other: Invocation) -> bool:
    if (one.player, one.place) != (other.player, other.place):
        return False
    return recorded_name(one.command) == recorded_name(other.command)
