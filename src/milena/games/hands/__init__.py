"""Hands of blackjack: what they count, what the dealer pays for them, and how they are told."""

from typing import Literal

from msgspec import Struct

from milena.domain.cards import CARDS, PLACE, RANKS, Cards

PIPS = tuple(min(10, 1 + RANKS.index(card[:-1])) for card in CARDS)  # an ace as 1
HIDDEN = "?"

Odds = Literal["3:2", "6:5"]


def total(cards: Cards) -> int:
    pips = sum([PIPS[PLACE[card]] for card in cards])
    return pips + 10 if pips <= 11 and "A" in [card[0] for card in cards] else pips


def soft(cards: Cards) -> bool:
    return total(cards) != sum([PIPS[PLACE[card]] for card in cards])


def blackjack(cards: Cards) -> bool:
    return len(cards) == 2 and total(cards) == 21


class Hand(Struct, frozen=True, omit_defaults=True):
    """``end`` is how its player ended it, before 21 or a bust did."""

    seat: int
    cards: Cards
    stake: int
    split: bool = False
    end: Literal["", "stand", "double", "surrender"] = ""

    @property
    def natural(self) -> bool:
        return blackjack(self.cards) and not self.split

    @property
    def pair(self) -> bool:
        return len(self.cards) == 2 and self.cards[0][:-1] == self.cards[1][:-1]

    @property
    def played(self) -> bool:
        return len(self.cards) > 1 and (self.end != "" or total(self.cards) >= 21)

    @property
    def undecided(self) -> bool:
        """Whether more depends on the cards of the dealer than whether they are a blackjack."""
        return self.end != "surrender" and total(self.cards) <= 21 and not self.natural

    def gain(self, dealer: Cards, pays: Odds) -> int:
        """What the dealer pays for it, or takes."""
        if self.end == "surrender":
            return -self.stake // 2
        if self.natural:
            more, than = map(int, pays.split(":"))
            return 0 if blackjack(dealer) else self.stake * more // than
        ours, theirs = total(self.cards), total(dealer)
        if ours > 21 or blackjack(dealer) or ours < theirs <= 21:
            return -self.stake
        return 0 if ours == theirs else self.stake

    def told(self, usual: int) -> str:
        """The ``usual`` stake goes without saying."""
        staked = f", stake {self.stake}" if self.stake != usual else ""
        return tell(self.cards, named=not self.split) + staked + ", surrendered" * (self.end == "surrender")


def tell(cards: Cards, named: bool = True) -> str:
    """``AH 6S = soft 17``; ``named``: 21 may be a blackjack."""
    if not cards or HIDDEN in cards:
        return " ".join(cards) or "no card yet"
    if named and blackjack(cards):
        return f"{' '.join(cards)} = blackjack"
    return f"{' '.join(cards)} = {'soft ' * (soft(cards) and total(cards) < 21)}{total(cards)}"
