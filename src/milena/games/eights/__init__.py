"""The cards of crazy eights: how one is typed, which may follow which, and what they are worth in the end."""

import re
from typing import NamedTuple

from milena.domain.cards import PLACE, SUITS, Cards
from milena.domain.refusal import Refused

WORTH = {"A": 1, "8": 50, "J": 10, "Q": 10, "K": 10}

TYPED = re.compile("(10|[2-9ATJQK]) ?([CDHS])(?:[ =]+([CDHS]))?")
SYMBOLS = str.maketrans("♣♦♥♠", "CDHS")
WORDS = {"D": "draw", "DRAW": "draw", "P": "pass", "PASS": "pass"}


def decks(players: int) -> int:
    return 1 if players < 6 else 2


def worth(card: str) -> int:
    return WORTH.get(card[:-1]) or int(card[:-1])


def meant(text: str) -> str:
    """The move that somebody typed: ``8♠ = ♦`` is ``8S=D``, and ``8S=S`` just ``8S``."""
    typed = text.strip().upper().translate(SYMBOLS)
    if typed in WORDS:
        return WORDS[typed]
    found = TYPED.fullmatch(typed)
    if not found:
        return typed
    rank, suit, named = found.groups()
    card = ("10" if rank == "T" else rank) + suit
    return f"{card}={named}" if named and named != suit else card


def gains(left: dict[int, Cards]) -> tuple[dict[int, int], str]:
    """What each seat scores for what all hold at the end of a deal, and how this is told. Whoever is out of
    cards holds the least."""
    held = {seat: sum(map(worth, hand)) for seat, hand in left.items()}
    least = min(held.values())
    gain = sum(held.values()) - least * len(held)
    scorers = " and ".join(f"player {seat + 1}" for seat in held if held[seat] == least)
    story = f"{'blocked' if least else 'out of cards'}, {scorers} scored {gain}"
    return {seat: gain * (held[seat] == least) for seat in held}, story


class Lead(NamedTuple):
    """What is to be followed: the rank of the card on ``top``, or the ``suit``, which an eight may have
    named; and where twos have made a ``fine``, with a two only."""

    top: str
    suit: str
    fine: int

    def fits(self, card: str) -> bool:
        if self.fine:
            return card[0] == "2"
        return card[-1] == self.suit or card[0] == "8" or card[:-1] == self.top[:-1]

    def moves(self, hand: Cards) -> list[str]:
        """The cards that fit; an eight with each suit that it may name."""
        moves = []
        for card in dict.fromkeys(hand):
            if self.fits(card):
                moves.append(card)
                if card[0] == "8":
                    moves += [f"{card}={suit}" for suit in SUITS if suit != card[-1]]
        return moves

    @property
    def told(self) -> str:
        if self.fine:
            return f"Draw {self.fine} cards and miss the turn, or play a two"
        rank = self.top[:-1]
        return f"Follow with {SUITS[self.suit]}, {f'a rank of {rank}, ' * (rank != '8')}or an eight"

    def refusal(self, move: str, hand: Cards, legal: list[str]) -> Refused:
        """Why ``move`` is none of those that are ``legal`` with this hand."""
        possible = f"Possible: {', '.join(each for each in legal if '=' not in each)}."
        card, _, named = move.partition("=")
        if move == "pass":
            return Refused("must_draw", f"You may pass when you can draw no more cards. {possible}")
        if move == "draw":
            return Refused("no_more_cards", f"You can draw no more cards in this turn. {possible}")
        if card not in PLACE or (named and named not in SUITS):
            return Refused("no_such_card", f"That is no card: write one like QH or 10S. {possible}")
        if card not in hand:
            return Refused("not_in_hand", f"You do not hold {card}. {possible}")
        if not self.fits(card):
            return Refused("does_not_fit", f"{card} does not fit. {self.told}. {possible}")
        return Refused("not_an_eight", f"Only an eight names a suit. {possible}")
