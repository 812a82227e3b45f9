"""Hands of blackjack: what they count, what may be done with them, what the dealer pays, and how they are
told."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from milena.domain.cards import CARDS, PLACE, RANKS, Cards
from milena.domain.items import either
from milena.domain.refusal import Refused

PIPS = tuple(min(10, 1 + RANKS.index(card[:-1])) for card in CARDS)  # an ace as 1
MOST_PIPS = 30  # of one hand, aces as 1: nobody draws to 21, and no card has more than 10
MOST_CARDS = 21  # of one hand, all aces
HIDDEN = "?"

Odds = Literal["3:2", "6:5"]

SHORT = {"h": "hit", "s": "stand", "d": "double", "p": "split", "r": "surrender"}


def total(cards: Cards) -> int:
    pips = sum([PIPS[PLACE[card]] for card in cards])
    return pips + 10 if pips <= 11 and "A" in [card[0] for card in cards] else pips


def soft(cards: Cards) -> bool:
    return total(cards) != sum([PIPS[PLACE[card]] for card in cards])


def blackjack(cards: Cards) -> bool:
    return len(cards) == 2 and total(cards) == 21


def must_draw(dealer: Cards, soft17: bool) -> bool:
    """``soft17``: to that one, too."""
    have = total(dealer)
    return have < 17 or (have == 17 and soft17 and soft(dealer))


def lasts(shoe: Sequence[int], players: int) -> bool:
    """Whether no round can use up a shoe with so many of each of CARDS."""
    pips = sum([count * each for count, each in zip(shoe, PIPS, strict=True)])
    return pips >= MOST_PIPS * (2 * players + 1)


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

    def moves(self, spare: int, surrender: bool) -> list[str]:
        """What its player may do, who has so many chips beside those at stake."""
        moves = ["hit", "stand"]
        if len(self.cards) == 2:
            if spare >= self.stake:
                moves.append("double")
                if self.pair and not self.split:
                    moves.append("split")
            if surrender and not self.split:
                moves.append("surrender")
        return moves

    def refusal(self, move: str, legal: list[str], surrender: bool) -> Refused:
        """Why ``move`` is none of those that are ``legal``."""
        possible = f"You may {either(legal)}."
        if move not in SHORT.values():
            return Refused("no_such_move", f"There is no such move. {possible}")
        if move == "surrender" and not surrender:
            return Refused("no_surrender", f"There is no surrender at this table. {possible}")
        if len(self.cards) > 2:
            return Refused("too_late", f"You can {move} with your first two cards only. {possible}")
        if self.split and move != "double":
            return Refused("split_before", f"You can't {move} after a split. {possible}")
        if move == "split" and not self.pair:
            return Refused("no_pair", f"Only a pair of the same rank can be split. {possible}")
        return Refused(
            "too_few_chips", f"To {move} takes {self.stake} chips beside those at stake. {possible}"
        )

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
