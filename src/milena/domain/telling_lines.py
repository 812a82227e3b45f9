"""Jokes and quotes: one of those that ship and those that the guild has added, by chance."""

from milena.domain.collection import Entry, of_category
from milena.domain.command import Desk, Result
from milena.domain.own_lines import Kind, entries
from milena.domain.urn import Hand


def tell(desk: Desk, kind: Kind, shipped: list[Entry], category: str) -> Result:
    """Raises Refused where there is no such category."""
    guild = desk.invocation.place.partition("/")[0]
    own = entries(desk.state("collection", guild), kind)
    hand, known = Hand(desk), of_category([*shipped, *own], category)
    told = known[hand.pick(len(known))]
    credit = f" ({': '.join(told.more)})" if told.more else ""
    return {"category": told.category, "draw": hand.close(), "says": f"{told.text}{credit}"}
