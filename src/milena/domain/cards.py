"""Packs of 52 cards. A card is its rank and its suit: ``10H`` is the ten of hearts."""

from collections import Counter
from collections.abc import Iterable

SUITS = {"C": "clubs", "D": "diamonds", "H": "hearts", "S": "spades"}
RANKS = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")
CARDS = tuple(rank + suit for suit in SUITS for rank in RANKS)
PLACE = {card: place for place, card in enumerate(CARDS)}
"""Where each card stands among CARDS."""

Cards = tuple[str, ...]


def in_order(cards: Iterable[str]) -> Cards:
    """By suit, then by rank."""
    return tuple(sorted(cards, key=PLACE.__getitem__))


def remaining(packs: int, gone: Iterable[str]) -> list[tuple[str, int]]:
    """How many there are still of each card of so many packs; those that are all gone are left out."""
    count = Counter(gone)
    return [(card, packs - count[card]) for card in CARDS if count[card] < packs]
