"""Crazy eights: the deal, what fits, drawing and passing, scores, action cards, and what stays hidden."""

from collections import Counter
from itertools import chain
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE
from milena.games.crazy_eights import (
    BACK,
    CARDS,
    MOST_DEALS,
    MOST_SHUFFLES,
    Options,
    State,
    rules,
    stock,
)
from milena.games.eights import worth

OPTIONS = st.builds(
    Options,
    points=st.sampled_from([0, 0, 60]),
    hand=st.integers(0, 9),
    draws=st.sampled_from([0, 0, 1, 3]),
    actions=st.booleans(),
)


def table(top: str, *hands: str, **others: Any) -> State:
    """A deal under way: the pile, top card last, and the cards of each hand; seat 0 is on turn."""
    pile = tuple(top.split())
    held = tuple(tuple(sorted(hand.split(), key=CARDS.index)) for hand in hands)
    given = {"options": Options(), "points": (0,) * len(hands), "suit": pile[-1][-1]} | others
    return State(hands=held, pile=pile, **given)


def without(*kept: str) -> str:
    """All cards of one deck but these."""
    return " ".join(card for card in CARDS if card not in kept)


def dealt(seats: int, seed: int = 1, options: Options | None = None) -> State:
    state = rules.start(seats, options or Options())
    return by_chance(state, Random(seed))


def by_chance(state: State, random: Random) -> State:
    while rules.actors(state) == (CHANCE,):
        cards, counts = zip(*rules.chances(state), strict=True)
        state = rules.resolve(state, random.choices(cards, counts)[0])
    return state


def refused(state: State, move: str) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.play(state, state.turn, move)
    return caught.value


# The deal


@pytest.mark.parametrize(("seats", "hand", "size"), [(2, 0, 7), (3, 0, 5), (8, 0, 5), (2, 3, 3), (5, 9, 9)])
def test_each_is_dealt_seven_cards_if_two_play_else_five_or_what_was_agreed(
    seats: int, hand: int, size: int
) -> None:
    state = dealt(seats, options=Options(hand=hand))

    assert [len(cards) for cards in state.hands] == [size] * seats
    assert len(state.pile) == 1
    assert rules.actors(state) == (0,)


def test_cards_are_dealt_one_by_one_round_the_table_in_secret_and_the_first_of_the_pile_is_open() -> None:
    state = rules.start(3, Options())
    got = []
    while rules.secret(state):
        before = state
        state = rules.resolve(state, rules.chances(state)[0][0])
        got += [seat for seat in range(3) if before.hands[seat] != state.hands[seat]]

    assert got == [0, 1, 2] * 5
    assert rules.actors(state) == (CHANCE,)
    assert state.pile == ()
    assert rules.resolve(state, "QH").pile == ("QH",)


def test_no_eight_is_turned_up_to_start_the_pile() -> None:
    state = rules.start(2, Options(hand=1))
    state = rules.resolve(rules.resolve(state, "8S"), "QH")

    assert [card for card, _ in rules.chances(state)] == without("8C", "8D", "8H", "8S", "QH").split()


@pytest.mark.parametrize(("seats", "decks"), [(5, 1), (6, 2), (8, 2)])
def test_six_and_more_play_with_two_decks(seats: int, decks: int) -> None:
    assert rules.chances(rules.start(seats, Options())) == [(card, decks) for card in CARDS]


def test_even_the_largest_hands_leave_a_card_to_start_with() -> None:
    state = rules.start(5, Options(hand=9))
    while rules.secret(state):  # all go where they hurt most: the eights stay in the stock
        state = rules.resolve(state, next(card for card, _ in rules.chances(state) if card[0] != "8"))

    assert rules.chances(state)


# What fits


def test_a_card_fits_that_has_the_suit_or_the_rank_or_is_an_eight() -> None:
    state = table("6C", "6D 6H 10C AC 7D KS 8H", "2C")

    assert rules.legal(state, 0) == ["AC", "10C", "6D", "6H", "8H", "8H=C", "8H=D", "8H=S", "draw"]
    assert rules.legal(state, 1) == []


def test_an_eight_names_the_suit_to_follow_and_keeps_its_own_where_none_is_named() -> None:
    state = table("6C", "8H KD", "2D 2H 8S")

    assert rules.legal(rules.play(state, 0, "8H=D"), 1) == ["2D", "8S", "8S=C", "8S=D", "8S=H", "draw"]
    assert rules.legal(rules.play(state, 0, "8H"), 1) == ["2H", "8S", "8S=C", "8S=D", "8S=H", "draw"]


def test_the_one_of_two_like_cards_is_offered_once_and_played_once() -> None:
    state = table("6C", "KC KC", *["2D"] * 5)

    assert rules.legal(state, 0) == ["KC", "draw"]
    assert rules.play(state, 0, "KC").hands[0] == ("KC",)


@pytest.mark.parametrize(
    ("typed", "move"),
    [
        (" qh ", "QH"), ("10s", "10S"), ("ts", "10S"), ("Q h", "QH"), ("Q♥", "QH"), ("8s=h", "8S=H"),
        ("8s h", "8S=H"), ("8♠ = ♦", "8S=D"), ("8s=s", "8S"), ("d", "draw"), ("DRAW", "draw"), ("p", "pass"),
    ],
)  # fmt: skip
def test_moves_are_read_as_people_type_them(typed: str, move: str) -> None:
    assert rules.read(table("6C", "QH", "QS"), 0, typed) == move


@pytest.mark.parametrize(
    ("move", "code"),
    [
        ("KD", "does_not_fit"), ("AS", "not_in_hand"), ("1S", "no_such_card"), ("", "no_such_card"),
        ("8H=X", "no_such_card"), ("6D=C", "not_an_eight"), ("pass", "must_draw"), ("8H=H", "not_an_eight"),
        ("QH=", "not_in_hand"),
    ],
)  # fmt: skip
def test_what_is_not_possible_is_refused_and_told(move: str, code: str) -> None:
    refusal = refused(table("6C", "KD 6D 8H", "QS"), move)

    assert refusal.code == code
    assert refusal.sentence.endswith("Possible: 6D, 8H, draw.")


def test_a_card_that_does_not_fit_is_refused_with_what_would() -> None:
    state = table("6C", "KD 8H", "QS")

    assert refused(state, "KD").sentence == (
        "KD does not fit. Follow with clubs, a rank of 6, or an eight. Possible: 8H, draw."
    )


# Drawing and passing


def test_a_drawn_card_comes_in_secret_and_the_turn_goes_on() -> None:
    state = rules.play(table("6C", "KD", "QS"), 0, "draw")
    assert rules.actors(state) == (CHANCE,)
    assert rules.secret(state)
    assert [card for card, _ in rules.chances(state)] == without("6C", "KD", "QS").split()

    state = rules.resolve(state, "AC")
    assert rules.actors(state) == (0,)
    assert state.hands == (("AC", "KD"), ("QS",))
    assert rules.legal(state, 0) == ["AC", "draw"]


def test_one_may_draw_on_and_on_unless_a_limit_is_agreed() -> None:
    free, limited = (table("6C", "KD", "QS", options=Options(draws=draws)) for draws in (0, 2))
    for card in ("2H", "3H"):
        free = rules.resolve(rules.play(free, 0, "draw"), card)
        limited = rules.resolve(rules.play(limited, 0, "draw"), card)

    assert rules.legal(free, 0) == ["draw"]
    assert rules.legal(limited, 0) == ["pass"]
    assert refused(limited, "draw").code == "no_more_cards"
    assert rules.actors(rules.play(limited, 0, "pass")) == (1,)
    assert rules.legal(rules.play(rules.play(limited, 0, "pass"), 1, "draw"), 1) == [], "chance comes first"


def test_the_limit_is_for_each_turn() -> None:
    state = table("6C", "KD", "QS", options=Options(draws=1))
    state = rules.play(rules.resolve(rules.play(state, 0, "draw"), "2H"), 0, "pass")

    assert rules.legal(state, 1) == ["draw"]


def test_the_limit_begins_anew_after_a_card_is_played() -> None:
    state = table("6C", "KC KD", "QS KH", options=Options(draws=1))
    state = rules.resolve(rules.play(state, 0, "draw"), "2H")

    assert rules.legal(rules.play(state, 0, "KC"), 1) == ["KH", "draw"]


def test_the_pile_but_for_its_top_becomes_the_stock_when_that_is_used_up() -> None:
    mine, pile = "KD QD", "2S 4S 6C"
    state = table(pile, mine, without(*mine.split(), *pile.split()))
    assert stock(state) == 0

    state = rules.play(state, 0, "draw")
    assert state.pile == ("6C",)
    assert rules.chances(state) == [("2S", 1), ("4S", 1)]
    state = rules.resolve(state, "4S")
    assert (stock(state), state.shuffles) == (1, 1)
    assert rules.legal(state, 0) == ["draw"]


def test_after_so_many_shuffles_the_pile_is_left_alone() -> None:
    mine, pile = "KD QD", "2S 4S 6C"
    state = table(pile, mine, without(*mine.split(), *pile.split()), shuffles=MOST_SHUFFLES)

    assert rules.legal(state, 0) == ["pass"]


def test_the_deal_is_blocked_when_all_pass_and_the_least_hand_scores_the_difference() -> None:
    # Given an empty stock and nobody with a club, a six or an eight (those lie under the six)
    clubs = " ".join(card for card in CARDS if card[-1] == "C" or card[:-1] in ("6", "8"))
    red = [card for card in CARDS if card not in clubs]
    pile = " ".join([*(card for card in clubs.split() if card != "6C"), *red[4:], "6C"])
    state = table(pile, " ".join(red[1:4]), red[0], shuffles=MOST_SHUFFLES)
    assert [worth(card) for card in red[:4]] == [1, 2, 3, 4]

    state = rules.play(rules.play(state, 0, "pass"), 1, "pass")
    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0, 1), (0, 2 + 3 + 4 - 1))
    assert outcome.reason == "blocked"


def test_equal_hands_share_a_blocked_deal() -> None:
    state = table("6C", "2D 3D", "2H 3H", shuffles=MOST_SHUFFLES, passes=1)
    outcome = rules.outcome(rules.skip(state, 0))

    assert outcome is not None
    assert outcome.scores == (0.5, 0.5)
    assert outcome.points == (0, 0)


# Scores


@pytest.mark.parametrize(
    ("card", "points"), [("8S", 50), ("KH", 10), ("QD", 10), ("JC", 10), ("10S", 10), ("AH", 1), ("9D", 9)]
)
def test_an_eight_counts_50_pictures_and_tens_10_an_ace_1_and_others_their_number(
    card: str, points: int
) -> None:
    assert worth(card) == points


def test_whoever_is_out_of_cards_scores_what_all_others_hold() -> None:
    state = table("6C", "9C", "8S KD", "AH 9D 10D")
    outcome = rules.outcome(rules.play(state, 0, "9C"))

    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((1, 0, 0), (80, 0, 0))
    assert outcome.reason == "out of cards"


def test_a_game_to_points_goes_on_with_the_next_deal_led_by_the_next_player() -> None:
    state = table("6C", "9C", "KD", options=Options(points=20), points=(5, 19))
    state = rules.play(state, 0, "9C")
    assert rules.outcome(state) is None
    assert (state.points, state.deal) == ((15, 19), 2)
    assert (state.hands, state.pile, rules.actors(state)) == (((), ()), (), (CHANCE,))

    state = by_chance(state, Random(1))
    assert rules.actors(state) == (1,)
    assert rules.view(state, None).lines[0] == "Deal 2 to 20 points"
    assert rules.view(state, None).lines[-1] == "Deal 1: out of cards, player 1 scored 10"

    end = rules.outcome(
        rules.play(table("6C", "9C", "5D", options=Options(points=20), points=(15, 19)), 0, "9C")
    )
    assert end is not None
    assert (end.scores, end.points) == ((1, 0), (20, 19))
    assert end.reason == "20 points in 1 deal"


def test_the_last_deal_there_is_ends_the_game_for_the_most_points() -> None:
    state = table("6C", "9C", "KD", options=Options(points=500), points=(5, 19), deal=MOST_DEALS)
    outcome = rules.outcome(rules.play(state, 0, "9C"))

    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0, 1), (15, 19))


# Action cards

ACTIONS = Options(actions=True)


def test_a_queen_skips_the_next_player_where_action_cards_are_agreed() -> None:
    hands = ("QC 2H", "2D 3H", "3D 4H")

    assert rules.actors(rules.play(table("6C", *hands, options=ACTIONS), 0, "QC")) == (2,)
    assert rules.actors(rules.play(table("6C", *hands), 0, "QC")) == (1,)
    assert rules.actors(rules.play(table("6C", *hands[:2], options=ACTIONS), 0, "QC")) == (0,)


def test_an_ace_turns_the_direction_around() -> None:
    state = rules.play(table("6C", "AC 2H", "AD 3H", "AH 4H", options=ACTIONS), 0, "AC")
    assert rules.actors(state) == (2,)
    assert rules.actors(rules.play(state, 2, "AH")) == (0,), "and back again"


def test_a_two_makes_the_next_draw_two_and_miss_the_turn() -> None:
    state = rules.play(table("6C", "2C 3H", "KC 4H", "9S 9H", options=ACTIONS), 0, "2C")
    assert rules.legal(state, 1) == ["draw"], "the king of clubs would fit, were it not for the two"
    assert refused(state, "KC").sentence == (
        "KC does not fit. Draw 2 cards and miss the turn, or play a two. Possible: draw."
    )

    state = rules.resolve(rules.play(state, 1, "draw"), "5H")
    assert rules.actors(state) == (CHANCE,)
    state = rules.resolve(state, "6H")
    assert rules.actors(state) == (2,)
    assert state.hands[1] == ("KC", "4H", "5H", "6H")
    assert rules.legal(state, 2) == ["draw"], "nothing is left of the two but its suit and rank"


def test_not_even_an_eight_answers_a_two() -> None:
    state = rules.play(table("6C", "2C 3H", "8C 4H", options=ACTIONS), 0, "2C")

    assert rules.legal(state, 1) == ["draw"]


def test_twos_add_up_whatever_their_suits() -> None:
    state = rules.play(table("6C", "2C 3H", "2D 4H", "9S 9H", options=ACTIONS), 0, "2C")
    state = rules.play(state, 1, "2D")

    assert rules.legal(state, 2) == ["draw"]
    state = rules.play(state, 2, "draw")
    for card in ("5H", "6H", "7H", "9C"):
        assert rules.actors(state) == (CHANCE,)
        state = rules.resolve(state, card)
    assert rules.actors(state) == (0,)
    assert len(state.hands[2]) == 6


def test_a_fine_takes_no_more_cards_than_there_are() -> None:
    rest = without("6C", "9S", "2C", "QH").split()
    # All but the queen is held, and the pile may be shuffled no more.
    state = table("6C 2C", "9S", " ".join(rest), options=ACTIONS, fine=4, shuffles=MOST_SHUFFLES)
    state = rules.resolve(rules.play(state, 0, "draw"), "QH")
    assert rules.actors(state) == (1,)

    empty = table("6C QH 2C", "9S", " ".join(rest), options=ACTIONS, fine=4, shuffles=MOST_SHUFFLES)
    assert rules.legal(empty, 0) == ["pass"]
    after = rules.play(empty, 0, "pass")
    assert (rules.actors(after), after.fine, after.passes) == ((1,), 0, 0)


def test_a_fine_is_drawn_from_the_shuffled_pile_where_the_stock_does_not_suffice() -> None:
    pile = "3S 4S 5S 2C"
    rest = without(*pile.split(), "9S", "QH")
    state = rules.play(table(pile, "9S", rest, options=ACTIONS, fine=4), 0, "draw")
    for card in ("QH", "3S", "4S", "5S"):
        state = rules.resolve(state, card)

    assert state.hands[0] == ("QH", "3S", "4S", "5S", "9S")
    assert (rules.actors(state), state.shuffles, stock(state)) == ((1,), 1, 0)


# Leaving and missing a turn


def test_the_cards_of_whoever_gives_up_go_back_into_the_stock() -> None:
    state = table("6C", "KD", "QS QH", "9C")
    left = rules.resign(state, 0)

    assert left is not None
    assert left.hands == ((), ("QH", "QS"), ("9C",))
    assert rules.actors(left) == (1,)
    assert stock(left) == stock(state) + 1
    assert ("KD", 1) in rules.chances(rules.play(left, 1, "draw"))
    again = rules.resolve(rules.play(left, 1, "draw"), "2C")
    assert rules.actors(rules.play(again, 1, "2C")) == (2,)
    assert rules.actors(rules.play(rules.play(again, 1, "2C"), 2, "draw")) == (CHANCE,)


def test_the_last_who_stays_has_won_whatever_the_points() -> None:
    state = table("6C", "KD", "QS", "9C", options=Options(points=100), points=(90, 10, 0))
    for seat in (0, 1):
        left = rules.resign(state, seat)
        assert left is not None
        state = left

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0, 0, 1), (90, 10, 0))
    assert outcome.reason == "all others gave up"
    assert rules.actors(state) == ()


def test_of_two_the_other_has_won() -> None:
    assert rules.resign(table("6C", "KD", "QS"), 0) is None


def test_a_missed_turn_is_passed_and_a_fine_is_drawn() -> None:
    assert rules.actors(rules.skip(table("6C", "9C KD", "QS"), 0)) == (1,)

    fined = rules.skip(table("2C", "9C KD", "QS", options=ACTIONS, fine=2), 0)
    assert (rules.actors(fined), fined.owed) == ((CHANCE,), 2)


def test_when_all_miss_their_turns_the_deal_ends() -> None:
    state = table("6C", "9C KD", "QS", "4H")
    for seat in range(3):
        assert rules.outcome(state) is None
        state = rules.skip(state, seat)

    assert state.points == (0, 0, (19 - 4) + (10 - 4))


# What stays hidden


def test_others_see_how_many_cards_one_holds_and_not_which() -> None:
    state = table("6C", "9C KD", "QS 2S 3S")

    assert rules.hide(state, 0).hands == (("9C", "KD"), (BACK,) * 3)
    assert rules.hide(state, None).hands == ((BACK,) * 2, (BACK,) * 3)
    assert rules.view(rules.hide(state, 0), 0).hand == ("9C", "KD")
    assert rules.view(rules.hide(state, None), None).hand == ()


def test_when_all_is_over_all_is_shown() -> None:
    state = rules.play(table("6C", "9C", "QS 2S"), 0, "9C")

    assert rules.hide(state, None) == state
    assert rules.view(state, None).lines[-2:] == (
        "  player 2: 0 points, 2S QS",
        "Deal 1: out of cards, player 1 scored 12",
    )


def test_the_view_tells_what_is_to_follow_and_who_holds_how_many_cards() -> None:
    state = rules.play(table("6C", "8H KD", "QS 2S 3S", "5D", points=(0, 12, 7)), 0, "8H=S")
    view = rules.view(rules.hide(state, 1), 1)

    assert [cell.text for cell in view.grid[0]] == ["8H", "45"]
    assert [cell.move for cell in view.grid[0]] == ["", "draw"]
    assert view.lines == (
        "Deal 1",
        "Follow with spades, or an eight",
        "  player 1: 0 points, 1 card",
        "> player 2: 12 points, 3 cards",
        "  player 3: 7 points, 1 card",
    )
    assert view.hand == ("2S", "3S", "QS")


@given(seats=st.integers(2, 8), options=OPTIONS, seed=st.integers(0, 2**32))
def test_random_games_keep_every_card_hide_what_is_hidden_and_end(
    seats: int, options: Options, seed: int
) -> None:
    random = Random(seed)
    state = by_chance(rules.start(seats, options), random)
    plies = 0
    while rules.actors(state):
        [seat] = rules.actors(state)
        held = Counter(chain(state.pile, *state.hands))
        decks = 1 if seats < 6 else 2
        assert max(held.values()) <= decks
        assert stock(state) + held.total() == 52 * decks
        if random.random() < 0.05:
            for other in range(seats):
                hidden = rules.hide(state, other)
                imagined = rules.imagine(hidden, other, random.randrange)
                assert rules.hide(imagined, other) == hidden
                assert max(Counter(chain(imagined.pile, *imagined.hands)).values()) <= decks
                assert BACK not in chain(*imagined.hands)
                assert rules.actors(hidden) == (seat,)
                assert rules.legal(hidden, other) == rules.legal(state, other)
        legal = rules.legal(state, seat)
        state = by_chance(rules.play(state, seat, random.choice(legal)), random)
        plies += 1
    assert rules.outcome(state) is not None
    assert plies <= rules.bound


@given(seed=st.integers(0, 2**32), seats=st.integers(2, 4))
def test_even_players_who_never_play_but_draw_and_pass_come_to_an_end(seed: int, seats: int) -> None:
    state, plies = by_chance(rules.start(seats, Options(points=1)), Random(seed)), 0
    while rules.actors(state):
        [seat] = rules.actors(state)
        state = by_chance(rules.play(state, seat, rules.legal(state, seat)[-1]), Random(seed))
        plies += 1
    outcome = rules.outcome(state)

    assert outcome is not None
    assert plies <= rules.bound


def test_an_imagined_hand_may_be_any_of_the_cards_that_are_not_seen() -> None:
    state = rules.hide(table("6C", "9C KD", "QS"), 0)
    seen = {rules.imagine(state, 0, Random(seed).randrange).hands[1][0] for seed in range(500)}

    assert seen == set(CARDS) - {"6C", "9C", "KD"}
