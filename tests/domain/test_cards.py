"""Packs of cards: what is in them, what is left of them, and hands that are not seen."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.cards import CARDS, PLACE, RANKS, SUITS, in_order, remaining, told, uncovered

HAND = st.lists(st.sampled_from(CARDS), max_size=20)


def test_a_pack_has_13_cards_of_each_of_four_suits() -> None:
    assert len(set(CARDS)) == 52
    assert Counter(card[-1] for card in CARDS) == dict.fromkeys(SUITS, 13)
    assert Counter(card[:-1] for card in CARDS) == dict.fromkeys(RANKS, 4)
    assert all(CARDS[PLACE[card]] == card for card in CARDS)


def test_cards_are_sorted_by_suit_and_then_by_rank() -> None:
    assert in_order(["10H", "2H", "AS", "KC", "2H"]) == ("KC", "2H", "2H", "10H", "AS")


@given(hand=HAND, packs=st.integers(1, 3))
def test_what_is_left_and_what_is_gone_are_all_there_is(hand: list[str], packs: int) -> None:
    gone = [card for card in CARDS for _ in range(min(packs, hand.count(card)))]
    left = dict(remaining(packs, gone))
    assert all(count > 0 for count in left.values())
    assert Counter(left) + Counter(gone) == Counter(dict.fromkeys(CARDS, packs))


def test_what_is_left_is_listed_in_the_order_of_the_pack_and_backs_count_for_nothing() -> None:
    left = remaining(1, [*CARDS[5:], "?", "?"])
    assert left == [(card, 1) for card in CARDS[:5]]


@given(seed=st.integers(0, 999))
def test_backs_become_cards_of_the_stock_each_at_most_as_often_as_it_is_there(seed: int) -> None:
    hands = (("?", "?", "?"), ("AC", "KH"), ("?",), ())
    stock = [("2D", 2), ("3D", 1), ("9S", 2)]
    found = uncovered(hands, "?", stock, Random(seed).randrange)
    assert list(map(len, found)) == [3, 2, 1, 0]
    assert found[1] == ("AC", "KH")
    assert all(hand == in_order(hand) for hand in found)
    assert Counter(found[0] + found[2]) <= Counter(dict(stock))


@pytest.mark.parametrize(
    ("count", "open", "text"),
    [
        (0, True, "0 cards"), (1, False, "1 card"), (5, False, "5 cards"),
        (2, True, "AC 2C"), (3, True, "AC 2C 3C"), (5, True, "AC 2C 3C and 2 more"),
    ],
)  # fmt: skip
def test_a_hand_is_told_by_its_cards_or_by_how_many_there_are(count: int, open: bool, text: str) -> None:
    assert told(CARDS[:count], open, most=3) == text
