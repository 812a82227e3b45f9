"""Packs of 52 cards. A card is its rank and its suit: ``10H`` is the ten of hearts."""

from collections import Counter
from collections.abc import Iterable

from milena.domain.rules import Pick

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
    left = [(card, packs - count.get(card, 0)) for card in CARDS]
    return [(card, number) for card, number in left if number > 0]


def uncovered(
    hands: Iterable[Cards], back: str, stock: Iterable[tuple[str, int]], pick: Pick
) -> tuple[Cards, ...]:
    """What these hands may be: for each ``back`` a card from the stock, picked by chance."""
    left = [card for card, count in stock for _ in range(count)]
    return tuple(
        in_order(left.pop(pick(len(left))) if card == back else card for card in hand) for hand in hands
    )


def told(hand: Cards, open: bool, most: int = 14) -> str:
    """``3 cards``, or which they are where they lie open, so many of them at most."""
    if not open or not hand:
        return "1 card" if len(hand) == 1 else f"{len(hand)} cards"
    more = f" and {len(hand) - most} more" if len(hand) > most else ""
    return f"{' '.join(hand[:most])}{more}"
