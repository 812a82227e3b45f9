"""Blackjack: the deal, each move, the dealer, what is paid, the shoe, and the card that stays hidden."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE
from milena.games.blackjack import CARDS, Options, State, rules, spare
from milena.games.hands import HIDDEN, MOST_PIPS, PIPS, Hand, blackjack, lasts, soft, total

OPTIONS = st.builds(
    Options,
    rounds=st.integers(1, 6),
    decks=st.integers(1, 8),
    stake=st.sampled_from([10, 20, 50, 100]),
    pays=st.sampled_from(["3:2", "6:5"]),
    soft17=st.sampled_from(["stands", "hits"]),
    surrender=st.booleans(),
)


def cards(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def table(*hands: str, dealer: str = "9C 8C", **options: Any) -> State:
    """A round that has just been dealt: the hands, and the dealer's open and hidden card."""
    state = rules.start(len(hands), Options(**options))
    dealt = [cards(hand) for hand in hands]
    up, hole = cards(dealer)
    for card in [*(hand[0] for hand in dealt), up, *(hand[1] for hand in dealt), hole]:
        assert rules.actors(state) == (CHANCE,)
        state = rules.resolve(state, card)
    return state


def after(state: State, *moves_and_cards: str) -> State:
    """The state after moves of whoever is on turn, and after draws, as they come."""
    for each in moves_and_cards:
        if each in CARDS:
            assert each in dict(rules.chances(state))
            state = rules.resolve(state, each)
        else:
            [seat] = rules.actors(state)
            assert seat != CHANCE
            state = rules.play(state, seat, each)
    return state


def finished(state: State, *moves_and_cards: str) -> tuple[int, ...]:
    """The chips at the end of a game of one round."""
    outcome = rules.outcome(after(state, *moves_and_cards))
    assert outcome is not None
    return outcome.points


def refused(state: State, move: str) -> Refused:
    [seat] = rules.actors(state)
    with pytest.raises(Refused) as caught:
        rules.play(state, seat, move)
    return caught.value


def by_chance(state: State, random: Random) -> State:
    while rules.actors(state) == (CHANCE,):
        outcomes, counts = zip(*rules.chances(state), strict=True)
        state = rules.resolve(state, random.choices(outcomes, counts)[0])
    return state


# Counting


@pytest.mark.parametrize(
    ("hand", "count", "is_soft"),
    [
        ("AH 6S", 17, True), ("AH 6S 10D", 17, False), ("AH AS", 12, True), ("AH AS 9D", 21, True),
        ("KH QS", 20, False), ("KH QS 2D", 22, False), ("AH KS", 21, True), ("5H 5S AD AC", 12, False),
    ],
)  # fmt: skip
def test_an_ace_counts_eleven_or_one_where_eleven_is_too_much(hand: str, count: int, is_soft: bool) -> None:
    assert (total(cards(hand)), soft(cards(hand))) == (count, is_soft)


def test_only_an_ace_and_a_ten_of_two_cards_are_a_blackjack() -> None:
    assert blackjack(cards("AH KS"))
    assert blackjack(cards("10H AS"))
    assert not blackjack(cards("7H 7S 7D"))
    assert not blackjack(cards("KH QS"))


# The deal


def test_everybody_gets_a_card_by_turns_then_the_dealer_and_the_dealers_second_is_secret() -> None:
    state = rules.start(2, Options())
    secrets = []
    for card in cards("2C 3C 4C 5C 6C 7C"):
        secrets.append(rules.secret(state))
        state = rules.resolve(state, card)

    assert [hand.cards for hand in state.hands] == [("2C", "5C"), ("3C", "6C")]
    assert (state.dealer, state.hole) == (("4C",), "7C")
    assert secrets == [False] * 5 + [True]
    assert rules.actors(state) == (0,)


def test_a_shoe_of_several_decks_has_each_card_as_often_and_loses_those_that_are_drawn() -> None:
    state = rules.start(1, Options(decks=2))
    assert rules.chances(state) == [(card, 2) for card in CARDS]

    state = rules.resolve(rules.resolve(state, "2C"), "2C")
    assert "2C" not in dict(rules.chances(state))


def test_the_hidden_card_is_not_drawn_again() -> None:
    state = after(table("2C 3C", dealer="9C 8C", decks=1), "hit")

    assert set(CARDS) - set(dict(rules.chances(state))) == {"2C", "3C", "8C", "9C"}


# Moves


def test_one_hits_until_one_stands() -> None:
    state = table("2C 3D", "KC QC")
    state = after(state, "hit", "4H", "hit", "5H")
    assert rules.actors(state) == (0,)
    assert state.hands[0].cards == cards("2C 3D 4H 5H")

    assert rules.actors(after(state, "stand")) == (1,)


@pytest.mark.parametrize("card", ["9H", "10H"])  # 21, and bust
def test_at_21_and_above_nothing_is_left_to_decide(card: str) -> None:
    assert rules.actors(after(table("7C 5D", "KC QC"), "hit", card)) == (1,)


def test_a_double_stakes_twice_as_much_for_one_card_only() -> None:
    state = after(table("6C 5D", "KC QC"), "double", "2H")

    assert state.hands[0] == Hand(0, cards("6C 5D 2H"), 20, end="double")
    assert rules.actors(state) == (1,)


def test_a_pair_is_split_into_two_hands_that_get_a_second_card_each_when_their_turn_comes() -> None:
    state = after(table("8C 8D", "KC QC"), "split")
    assert rules.actors(state) == (CHANCE,)
    state = after(state, "3H")
    assert [hand.cards for hand in state.hands] == [("8C", "3H"), ("8D",), ("KC", "QC")]
    assert rules.legal(state, 0) == ["hit", "stand", "double"]

    state = after(state, "double", "10H")
    assert rules.actors(state) == (CHANCE,), "the second hand gets its card"
    state = after(state, "8H")
    assert rules.legal(state, 0) == ["hit", "stand", "double"], "a hand is split once"
    state = after(state, "stand")
    assert rules.actors(state) == (1,)
    assert [hand.stake for hand in state.hands] == [20, 10, 10]


def test_split_aces_get_one_card_each() -> None:
    state = after(table("AC AD", "KC QC"), "split", "3H", "4H")

    assert rules.actors(state) == (1,)
    assert [hand.cards for hand in state.hands] == [("AC", "3H"), ("AD", "4H"), ("KC", "QC")]


def test_only_a_pair_of_the_same_rank_is_split() -> None:
    assert "split" in rules.legal(table("KC KD"), 0)
    assert refused(table("KC QD"), "split").code == "no_pair"


def test_without_the_chips_for_it_nothing_is_doubled_or_split() -> None:
    state = table("8C 8D", bankroll=100, stake=100)

    assert rules.legal(state, 0) == ["hit", "stand"]
    for move in ("double", "split"):
        assert refused(state, move).sentence == (
            f"To {move} takes 100 chips beside those at stake. You may hit or stand."
        )


def test_after_a_split_what_is_at_stake_is_not_there_to_double() -> None:
    state = after(table("8C 8D", bankroll=100, stake=50), "split", "3H")

    assert refused(state, "double").code == "too_few_chips"


def test_surrender_is_for_the_first_two_cards_where_it_is_agreed() -> None:
    state = table("8C 8D", surrender=True)

    assert "surrender" in rules.legal(state, 0)
    assert refused(table("8C 8D"), "surrender").code == "no_surrender"
    assert refused(after(state, "hit", "2H"), "surrender").code == "too_late"
    assert refused(after(state, "split", "2H"), "surrender").code == "split_before"
    assert refused(after(state, "split", "8H"), "split").code == "split_before"


@pytest.mark.parametrize("move", ["", "fold", "hit ", "HIT", "h", "\0", "9C"])
def test_what_is_no_move_is_refused(move: str) -> None:
    refusal = refused(table("2C 3D"), move)

    assert refusal.code == "no_such_move"
    assert refusal.sentence.endswith("You may hit, stand or double.")


@pytest.mark.parametrize(
    ("typed", "move"),
    [("H", "hit"), (" Stand ", "stand"), ("s", "stand"), ("d", "double"), ("p", "split"), ("r", "surrender")],
)
def test_moves_are_read_in_short(typed: str, move: str) -> None:
    assert rules.read(table("2C 3D"), 0, typed) == move


# The dealer


def test_the_dealer_turns_up_the_hidden_card_and_draws_to_17() -> None:
    state = after(table("KC 9D", dealer="2C 3C", rounds=1), "stand")
    assert rules.chances(state) == [("3C", 1)]
    assert not rules.secret(state)

    state = after(state, "3C", "KD")
    assert rules.actors(state) == (CHANCE,)
    assert rules.actors(after(state, "AH")) == (CHANCE,), "16, as the ace counts one"
    assert rules.actors(after(state, "2H")) == (), "17"


@pytest.mark.parametrize(("soft17", "over"), [("stands", True), ("hits", False)])
def test_a_dealer_stands_on_a_soft_17_or_hits_it_as_agreed(soft17: str, over: bool) -> None:
    state = after(table("KC 9D", dealer="6C AC", rounds=1, soft17=soft17), "stand", "AC")

    assert (rules.outcome(state) is not None) == over


def test_a_dealer_stands_on_a_hard_17_whatever_is_agreed() -> None:
    state = after(table("KC 9D", dealer="7C KD", rounds=1, soft17="hits"), "stand", "KD")

    assert rules.outcome(state) is not None


def test_a_dealer_draws_for_nobody_when_all_hands_are_decided() -> None:
    bust = after(table("KC 6D", "AC KH", "5C 5H", dealer="2C 3C", rounds=1, surrender=True), "hit", "QH")

    assert rules.actors(bust) == (2,)
    assert finished(bust, "surrender", "3C") == (90, 115, 95)


@pytest.mark.parametrize("dealer", ["AC KC", "KC AC"])
def test_a_dealer_with_a_blackjack_shows_it_before_anybody_plays(dealer: str) -> None:
    state = table("KD 9D", "AD QD", dealer=dealer, rounds=1)

    assert rules.chances(state) == [(dealer.split()[1], 1)]
    assert finished(state, dealer.split()[1]) == (90, 100)


# What is paid


@pytest.mark.parametrize(
    ("hand", "dealer", "won"),
    [
        (Hand(0, cards("KC 9D"), 10), "KD 8D", 10),
        (Hand(0, cards("KC 8D"), 10), "KD 8H", 0),
        (Hand(0, cards("KC 7D"), 10), "KD 8H", -10),
        (Hand(0, cards("KC 2D"), 10), "KD 6H 6S", 10),  # the dealer is bust
        (Hand(0, cards("KC 6D 6C"), 10), "KD 6H 6S", -10),  # both are: the player was first
        (Hand(0, cards("AC KC"), 10), "KD 8H", 15),
        (Hand(0, cards("AC KC"), 10), "7D 7H 7S", 15),  # a blackjack beats any other 21
        (Hand(0, cards("7D 7H 7S"), 10), "AC KC", -10),
        (Hand(0, cards("7D 7H 7S"), 10), "7C 6C 8C", 0),
        (Hand(0, cards("AC KC"), 10), "AD KD", 0),
        (Hand(0, cards("AC KC"), 10, split=True), "KD 8H", 10),  # no blackjack after a split
        (Hand(0, cards("AC KC"), 10, split=True), "7D 7H 7S", 0),
        (Hand(0, cards("KC 9D 2D"), 20, end="double"), "KD 8D", 20),
        (Hand(0, cards("KC 6D"), 10, end="surrender"), "KD 6H 6S", -5),
    ],
)
def test_a_hand_pays_as_it_compares_with_the_dealers(hand: Hand, dealer: str, won: int) -> None:
    assert hand.gain(cards(dealer), "3:2") == won


def test_a_blackjack_pays_what_was_agreed_in_whole_chips() -> None:
    for stake, three_to_two, six_to_five in [(10, 15, 12), (20, 30, 24), (50, 75, 60), (100, 150, 120)]:
        hand = Hand(0, cards("AC KC"), stake)
        assert hand.gain(cards("KD 8D"), "3:2") == three_to_two
        assert hand.gain(cards("KD 8D"), "6:5") == six_to_five
        assert Hand(0, cards("KC 6D"), stake, end="surrender").gain(cards("KD 8D"), "3:2") * 2 == -stake


def test_both_hands_of_a_split_count() -> None:
    state = table("8C 8D", dealer="KD 9H", rounds=1)

    assert finished(state, "split", "KH", "stand", "3H", "double", "KS", "9H") == (100 - 10 + 20,)


# Rounds, and the end


def test_each_is_judged_alone_by_what_he_or_she_brought() -> None:
    state = after(table("KC 9D", "KH 8D", "KS 7D", dealer="JD 8H", rounds=1), "stand", "stand", "stand", "8H")
    outcome = rules.outcome(state)

    assert outcome is not None
    assert outcome.scores == (1.0, 0.5, 0.0)
    assert outcome.points == (110, 100, 90)
    assert outcome.reason == "the last round"


def test_whoever_has_no_stake_left_sits_out_and_the_game_ends_when_nobody_has() -> None:
    poor = after(table("KC 7D", "KH 9D", dealer="JD 8H", stake=100), "stand", "stand", "8H")
    assert poor.chips == (0, 200)
    assert [hand.seat for hand in poor.hands] == [1]

    for card in cards("KC JD 7D 8H"):
        poor = rules.resolve(poor, card)
    poor = after(poor, "stand", "8H")
    assert poor.chips == (0, 100)
    for card in cards("KC JD 7D 8H"):
        poor = rules.resolve(poor, card)
    outcome = rules.outcome(after(poor, "stand", "8H"))
    assert outcome is not None
    assert (outcome.points, outcome.scores) == ((0, 0), (0, 0))
    assert outcome.reason == "nobody has a stake left"


def test_the_shoe_goes_on_to_the_next_round_until_that_might_use_it_up() -> None:
    state = after(table("KC 7D", dealer="JD 8H", decks=1), "stand", "8H")
    assert state.round == 2
    assert sum(state.shoe) == 48

    random, sizes = Random(3), []
    state = by_chance(rules.start(1, Options(decks=1, rounds=50, bankroll=10_000)), random)
    while rules.actors(state):
        before = state.round
        state = by_chance(rules.play(state, 0, "stand"), random)
        if state.round > before:
            sizes.append(sum(state.shoe))
    assert any(later > earlier for earlier, later in pairwise(sizes)), "it was shuffled"


@pytest.mark.parametrize("seats", range(1, 8))
def test_no_round_can_use_up_a_full_shoe(seats: int) -> None:
    decks = 1 if seats <= 5 else 2

    assert lasts(Options(decks=decks).shoe, seats)
    assert sum(PIPS) * decks >= MOST_PIPS * (2 * seats + 1)
    assert rules.start(seats, Options(decks=decks))
    if decks == 2:
        with pytest.raises(Refused, match="choose 2 decks or more"):
            rules.start(seats, Options(decks=1))


@given(seed=st.integers(0, 2**32), seats=st.integers(1, 5))
def test_players_who_split_and_hit_whatever_comes_do_not_empty_one_deck(seed: int, seats: int) -> None:
    random = Random(seed)
    state = by_chance(rules.start(seats, Options(decks=1, rounds=8, bankroll=1000)), random)
    while rules.actors(state):
        [seat] = rules.actors(state)
        state = rules.play(state, seat, "split" if "split" in rules.legal(state, seat) else "hit")
        while rules.actors(state) == (CHANCE,):  # always the lowest card: as many as can be
            least = min(rules.chances(state), key=lambda chance: PIPS[CARDS.index(chance[0])])
            state = rules.resolve(state, least[0])
    assert rules.outcome(state) is not None


# Coming, leaving, and missing a turn


def test_whoever_gives_up_loses_the_stake_and_the_others_play_on() -> None:
    state = after(table("8C 8D", "KC 9H", dealer="KD 8H", rounds=1), "split", "3H")
    left = rules.resign(state, 0)

    assert left is not None
    assert rules.actors(left) == (1,)
    outcome = rules.outcome(after(left, "stand", "8H"))
    assert outcome is not None
    assert (outcome.points, outcome.scores) == ((80, 110), (0.0, 1.0))


def test_a_hand_that_is_played_later_is_still_found_when_one_before_it_gives_up() -> None:
    state = after(table("8C 7D", "KC 9H", "KH 6S"), "stand", "stand")
    assert rules.actors(state) == (2,)

    left = rules.resign(state, 0)
    assert left is not None
    assert rules.actors(left) == (2,)
    assert left.hands[left.at].cards == ("KH", "6S")
    last = rules.resign(left, 2)
    assert last is not None
    assert rules.actors(last) == (CHANCE,), "the dealer's turn"


def test_whoever_gave_up_ahead_has_lost_all_the_same() -> None:
    state = after(table("KC 9D", "KH 9H", dealer="JD 8H", rounds=2), "stand", "stand", "8H")
    left = rules.resign(by_chance(state, Random(2)), 0)
    assert left is not None
    left = by_chance(left, Random(2))
    while rules.actors(left):
        left = by_chance(rules.skip(left, 1), Random(2))

    outcome = rules.outcome(left)
    assert outcome is not None
    assert outcome.scores[0] == 0.0
    assert outcome.points[0] == 100


def test_the_game_is_over_when_all_have_given_up() -> None:
    state = table("KC 9D", "KH 9H")
    for seat in (1, 0):
        left = rules.resign(state, seat)
        assert left is not None
        state = left

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0, 0), "all gave up")
    assert rules.hide(state, None).hole == "8C"
    assert rules.resign(table("KC 9D"), 0) is None, "alone, that ends it"


def test_a_missed_turn_stands() -> None:
    state = rules.skip(table("2C 3D", "KC QC"), 0)

    assert state.hands[0].end == "stand"
    assert rules.actors(state) == (1,)


def test_whoever_comes_late_plays_from_the_next_round_on() -> None:
    state = rules.enter(table("KC 9D", dealer="JD 8H", bankroll=200))
    assert state is not None
    assert rules.actors(state) == (0,)
    assert "  player 2, 200 chips: waits" in rules.view(rules.hide(state, None), None).lines

    state = after(state, "stand", "8H")
    assert [hand.seat for hand in state.hands] == [0, 1]
    assert state.chips == (210, 200)


def test_nobody_comes_in_where_there_is_no_room_or_no_round_left() -> None:
    assert rules.enter(table("KC 9D", rounds=1)) is None
    assert rules.enter(table(*["KC 9D"] * 5, decks=5)) is not None
    assert rules.enter(table(*["2C 9D"] * 7, decks=8)) is None
    five = table("KC 9D", "KD 9H", "KS 9S", "KH 7C", "QC QH", decks=1)
    assert rules.enter(five) is None


# What stays hidden


def test_nobody_sees_the_hidden_card_before_it_is_turned_up() -> None:
    state = table("KC 9D", "KH 9H", dealer="JD 8H")

    for seat in (None, 0, 1):
        hidden = rules.hide(state, seat)
        assert hidden.hole == HIDDEN
        assert rules.view(hidden, seat).lines[1] == "  Dealer: JD ?"
        assert "8H" not in str(hidden)


def test_all_hidden_cards_look_alike_but_for_those_that_the_dealer_shows_at_once() -> None:
    state = rules.start(1, Options(decks=1))
    for card in cards("KC AC 9D"):
        state = rules.resolve(state, card)
    worlds: dict[str, list[str]] = {}
    for card, _ in rules.chances(state):
        worlds.setdefault(repr(rules.hide(rules.resolve(state, card), None)), []).append(card)

    shown, kept = sorted(worlds.values(), key=len)
    assert {card[:-1] for card in shown} == {"10", "J", "Q", "K"}
    assert len(kept) == 49 - 15


@pytest.mark.parametrize(
    ("dealer", "none_of"), [("AC 5D", {"10", "J", "Q", "K"}), ("KC 5D", {"A"}), ("9C 5D", set())]
)
def test_what_the_dealer_found_on_looking_is_known(dealer: str, none_of: set[str]) -> None:
    hidden = rules.hide(table("2C 3D", dealer=dealer, decks=1), 0)
    imagined = {rules.imagine(hidden, 0, Random(seed).randrange).hole for seed in range(600)}
    up = dealer.split()[0]

    assert imagined == {card for card in CARDS if card not in ("2C", "3D", up) and card[:-1] not in none_of}


def test_the_view_tells_hands_stakes_and_chips() -> None:
    state = after(table("8C 8D", "KC 9H", dealer="AD 8H", bankroll=100), "split", "3H", "double", "10H", "2S")

    assert rules.view(rules.hide(state, 1), 1).lines == (
        "Round 1 of 5, stake 10, blackjack pays 3:2",
        "  Dealer: AD ?",
        "  player 1, 100 chips: 8C 3H 10H = 21, stake 20",
        "> player 1, 100 chips: 8D 2S = 10",
        "  player 2, 100 chips: KC 9H = 19",
    )


@given(seats=st.integers(1, 7), options=OPTIONS, seed=st.integers(0, 2**32))
def test_random_games_keep_every_card_hide_what_is_hidden_and_end(
    seats: int, options: Options, seed: int
) -> None:
    assume(lasts(options.shoe, seats))
    random = Random(seed)
    state = by_chance(rules.start(seats, options), random)
    plies = 0
    while rules.actors(state):
        [seat] = rules.actors(state)
        shown = [card for hand in state.hands for card in hand.cards] + list(state.dealer)
        assert all(
            0 <= have <= options.decks - shown.count(card)
            for card, have in zip(CARDS, state.shoe, strict=True)
        )
        assert min(state.chips) >= 0
        assert all(spare(state, other) >= 0 for other in range(seats))
        for other in range(seats):
            hidden = rules.hide(state, other)
            imagined = rules.imagine(hidden, other, random.randrange)
            assert rules.hide(imagined, other) == hidden
            assert imagined.hole in CARDS
            assert rules.actors(hidden) == (seat,)
            assert rules.legal(hidden, other) == rules.legal(state, other)
        state = by_chance(rules.play(state, seat, random.choice(rules.legal(state, seat))), random)
        plies += 1
    assert rules.outcome(state) is not None
    assert plies <= rules.bound
