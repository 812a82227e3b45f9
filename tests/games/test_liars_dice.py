"""Liar's dice: rolling in secret, bidding, calling, losing dice, and what one can know of the others'."""

from collections import Counter
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE
from milena.games.liars_dice import EXACT, LIAR, Options, State, ladder, rolls, rules

TAME = Options(wild=False)
CALLS = Options(exact=True)


def rolled(*hands: str, options: Options | None = None) -> State:
    """A round in which these were rolled; all who play have as many dice at the start as the first."""
    chosen = options or Options(dice=len(hands[0]))
    state = rules.start(len(hands), chosen)
    for hand in hands:
        state = rules.resolve(state, hand)
    return state


def after(state: State, *moves: str) -> State:
    for move in moves:
        (seat,) = rules.actors(state)
        state = rules.play(state, seat, move)
    return state


def refusal(state: State, move: str) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.play(state, rules.actors(state)[0], move)
    return caught.value


def bids(state: State) -> list[str]:
    (seat,) = rules.actors(state)
    return [move for move in rules.legal(state, seat) if move not in (LIAR, EXACT)]


def roll_all(state: State, random: Random) -> State:
    while rules.actors(state) == (CHANCE,):
        hands, weights = zip(*rules.chances(state), strict=True)
        state = rules.resolve(state, random.choices(hands, weights)[0])
    return state


# Rolling


@pytest.mark.parametrize("dice", range(1, 7))
def test_a_roll_has_the_weight_of_all_ways_to_throw_it(dice: int) -> None:
    thrown = Counter("".join(sorted(throw)) for throw in product("123456", repeat=dice))

    assert dict(rolls(dice)) == thrown
    assert sum(weight for _, weight in rolls(dice)) == 6**dice


def test_all_roll_in_secret_one_after_the_other_before_the_first_bid() -> None:
    state = rules.start(3, Options())
    for seat, hand in enumerate(("12345", "11111", "66666")):
        assert rules.actors(state) == (CHANCE,)
        assert rules.secret(state)
        state = rules.resolve(state, hand)
        assert state.hands[seat] == tuple(map(int, hand))

    assert rules.actors(state) == (0,)
    assert not rules.secret(state)
    assert rules.chances(state) == []


# Bids


def test_a_round_may_begin_with_any_bid_but_ones() -> None:
    state = rolled("12", "34")

    assert bids(state) == [f"{count}x{face}" for count in (1, 2, 3, 4) for face in (2, 3, 4, 5, 6)]
    assert rules.legal(state, 0) == bids(state), "there is nothing to call"
    assert refusal(state, "1x1").code == "ones_first"
    assert refusal(state, LIAR).code == "no_bid"
    assert refusal(state, LIAR).sentence == (
        "There is no bid to call yet; begin the round with one. You may bid 1x2 or higher."
    )


def test_where_ones_are_not_wild_they_are_the_lowest_face() -> None:
    state = rolled("12", "34", options=Options(dice=2, wild=False))

    assert bids(state)[:7] == ["1x1", "1x2", "1x3", "1x4", "1x5", "1x6", "2x1"]
    assert bids(after(state, "2x1"))[0] == "2x2"
    assert bids(after(state, "1x6"))[0] == "2x1"


@pytest.mark.parametrize(
    ("bid", "higher"),
    [
        # Front Porch Classics: after three threes four twos, after six fives six sixes
        *(("3x3", "4x2"), ("6x5", "6x6")),
        # gamerules.com, Perudo: nine fours and five ones, five ones and eleven threes
        *(("8x4", "9x4"), ("8x4", "8x5"), ("9x4", "5x1"), ("5x1", "11x3")),
        # Dudo, as an encyclopedia has it (pedia.nodeworks.com): six twos, three aces, and so on
        *(("6x2", "3x1"), ("11x5", "6x1"), ("4x1", "9x2"), ("2x1", "5x6"), ("3x1", "4x1")),
        # coolguy.website, Perudo: after two threes
        *(("2x3", "3x3"), ("2x3", "2x5"), ("2x3", "4x5")),
    ],
)
def test_a_bid_may_follow_another_as_the_sources_tell(bid: str, higher: str) -> None:
    state = after(rolled("12345", "12345", "12345", "12345"), *(["1x2"] if bid.endswith("x1") else []), bid)

    assert higher in bids(state)
    assert bid not in bids(after(state, higher)), "and never the other way round"
    assert refusal(after(state, higher), bid).code == "too_low"


@pytest.mark.parametrize(
    ("bid", "lower"),
    [("6x5", "5x6"), ("9x4", "4x1"), ("5x1", "10x6"), ("3x3", "3x3"), ("3x3", "3x2"), ("2x1", "1x1")],
)
def test_a_bid_that_is_not_higher_is_refused(bid: str, lower: str) -> None:
    state = after(rolled("12345", "12345", "12345"), "1x2", bid)

    assert lower not in bids(state)
    refused = refusal(state, lower)
    assert refused.code == "too_low"
    assert refused.sentence.startswith(f"{lower} is not higher than {bid}. You may bid ")
    assert refused.sentence.endswith(" or higher or say liar.")


@given(dice=st.integers(2, 36), wild=st.booleans(), data=st.data())
def test_bids_rise_as_the_rules_of_raising_say(dice: int, wild: bool, data: st.DataObject) -> None:
    every = list(ladder(dice, wild))
    low, high = sorted(
        data.draw(st.lists(st.integers(0, len(every) - 1), min_size=2, max_size=2, unique=True))
    )
    (less, face), (more, other) = (map(int, every[at].split("x")) for at in (low, high))

    if wild and face == 1 and other != 1:
        assert more >= 2 * less + 1
    elif wild and other == 1 and face != 1:
        assert more >= (less + 1) // 2
    else:
        assert more > less or (more == less and other > face)


@given(dice=st.integers(2, 36), wild=st.booleans())
def test_there_are_six_bids_for_each_die(dice: int, wild: bool) -> None:
    assert len(ladder(dice, wild)) == 6 * dice


def test_after_the_highest_bid_one_can_only_call_it() -> None:
    state = after(rolled("12", "34"), "4x6", "4x1")

    assert rules.legal(state, 0) == [LIAR]
    assert refusal(state, "4x6").sentence == "4x6 is not higher than 4x1. You may say liar."


@pytest.mark.parametrize(
    "move", ["", "0x3", "5x2", "3x0", "3x7", "x3", "3x", "03x5", "3X5", "lie", "exact", "３x5", "1x1x1"]
)
def test_what_is_no_bid_on_these_dice_is_refused(move: str) -> None:
    refused = refusal(after(rolled("12", "34"), "1x2"), move)

    assert refused.code == "no_such_move"
    assert refused.sentence == "That is no bid on 4 dice. You may bid 1x3 or higher or say liar."


@pytest.mark.parametrize(
    ("typed", "move"),
    [
        *(
            (" 3X5 ", "3x5"),
            ("3 x 5", "3x5"),
            ("3*5", "3x5"),
            ("3×5", "3x5"),
            ("3 5", "3x5"),
            ("03x5", "3x5"),
        ),
        *(("3 5s", "3x5"), ("3 fives", "3x5"), ("10 Sixes", "10x6"), ("1 two", "1x2"), ("2 ones", "2x1")),
        *(("Liar!", LIAR), ("l", LIAR), ("dudo", LIAR), ("Exact", EXACT), ("e", EXACT), ("spot on", EXACT)),
        *(("", ""), ("35", "35"), ("3x7", "3x7")),
    ],
)
def test_moves_are_read_leniently(typed: str, move: str) -> None:
    assert rules.read(rolled("12", "34"), 0, typed) == move


# Calls


@pytest.mark.parametrize(
    ("bid", "wild", "loser"),
    [
        # Of 1 1 3 3 6 against 1 2 3 4 5 there are six threes with the ones, and three without
        *(("5x3", True, 1), ("6x3", True, 1), ("7x3", True, 0)),
        *(("3x3", False, 1), ("4x3", False, 0), ("3x1", False, 1), ("4x1", False, 0)),
    ],
)
def test_the_bidder_loses_a_die_where_there_are_fewer_and_else_the_caller(
    bid: str, wild: bool, loser: int
) -> None:
    state = after(rolled("11336", "12345", options=Options(wild=wild)), bid, LIAR)

    assert state.dice == ((4, 5) if loser == 0 else (5, 4))
    assert state.turn == loser, "who begins the next round"
    assert rules.actors(state) == (CHANCE,)
    assert state.bid == ""


def test_bids_of_ones_count_ones_alone() -> None:
    fair = after(rolled("11336", "12345"), "6x3", "3x1", LIAR)
    lie = after(rolled("11336", "12345"), "6x3", "4x1", LIAR)

    assert (fair.dice, lie.dice) == ((4, 5), (5, 4))


@pytest.mark.parametrize(("bid", "loser"), [("5x3", 1), ("6x3", 0), ("7x3", 1)])
def test_an_exact_call_is_right_for_that_very_number(bid: str, loser: int) -> None:
    state = after(rolled("11336", "12345", options=CALLS), bid)
    assert rules.legal(state, 1)[:2] == [LIAR, EXACT]

    assert after(state, EXACT).dice == ((4, 5) if loser == 0 else (5, 4))


def test_exact_is_no_move_unless_the_players_want_it() -> None:
    assert EXACT not in rules.legal(after(rolled("12", "34"), "1x2"), 1)
    assert refusal(rolled("12", "34", options=Options(dice=2, exact=True)), EXACT).code == "no_bid"


def test_all_hands_are_shown_after_a_call_and_until_the_next_one() -> None:
    state = after(rolled("11336", "12345"), "6x3", LIAR)
    view = rules.view(rules.hide(state, None), None)

    assert view.lines == (
        "Player 1  5 dice  showed 1 1 3 3 6",
        "Player 2  4 dice  showed 1 2 3 4 5  and lost one",
        "Player 1 bid 6x3, player 2 called liar: there were 6",
        "No bid yet. 9 dice, ones are wild",
    )


def test_who_has_lost_the_last_die_is_out_and_the_next_player_begins() -> None:
    state = after(rolled("2", "3", "4", "5"), "1x2", "1x6", LIAR)
    assert state.dice == (1, 0, 1, 1)
    assert state.turn == 2

    state = roll_all(state, Random(1))
    assert state.hands[1] == ()
    state = after(state, "1x2", "2x2", "3x2", "3x6")
    assert state.bidder == 2, "the one who is out is passed over"
    assert rules.view(state, None).lines[1] == "Player 2  out     showed 3  and lost one"


def test_who_is_left_with_dice_wins_and_points_are_the_dice_left() -> None:
    state = after(rolled("2", "3"), "1x6", LIAR)

    outcome = rules.outcome(state)
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0.0, 1.0), (0, 1))
    assert outcome.reason == "player 2 is the last with dice"
    assert rules.actors(state) == ()
    assert rules.chances(state) == []
    assert not rules.secret(state)


# Giving up, and running out of time


def test_who_gives_up_takes_the_dice_along_and_a_new_round_begins() -> None:
    state = after(rolled("12", "34", "56"), "1x2", "1x3")

    for seat, turn in ((0, 2), (1, 2), (2, 0)):
        left = rules.resign(state, seat)
        assert left.dice == tuple(0 if n == seat else 2 for n in range(3))
        assert (left.turn, left.bid, left.hands) == (turn, "", ((), (), ()))


def test_of_two_players_the_other_wins_when_one_gives_up() -> None:
    outcome = rules.outcome(rules.resign(rolled("12", "34"), 0))
    assert outcome is not None
    assert outcome.scores == (0.0, 1.0)


def test_who_is_out_can_give_up_without_disturbing_the_round() -> None:
    state = roll_all(after(rolled("2", "3", "4"), "1x2", "1x6", LIAR), Random(1))

    assert rules.resign(state, 1) == state


def test_a_missed_turn_costs_a_die() -> None:
    state = rules.skip(after(rolled("12", "34", "56"), "1x2"), 1)

    assert state.dice == (2, 1, 2)
    assert (state.turn, state.bid) == (1, "")
    assert rules.actors(state) == (CHANCE,)


# Secrets


def test_each_player_sees_the_own_dice_alone() -> None:
    state = rolled("11336", "12345")

    assert rules.hide(state, 0).hands == ((1, 1, 3, 3, 6), (0,) * 5)
    assert rules.hide(state, None).hands == ((0,) * 5,) * 2
    assert rules.view(rules.hide(state, 1), 1).hand == ("1", "2", "3", "4", "5")
    assert rules.view(rules.hide(state, None), None).hand == ()


@given(seed=st.integers(0, 2**32), seats=st.integers(2, 6), dice=st.integers(1, 6), exact=st.booleans())
def test_what_is_imagined_looks_the_same_and_can_be_played_to_its_end(
    seed: int, seats: int, dice: int, exact: bool
) -> None:
    random = Random(seed)
    state = roll_all(rules.start(seats, Options(dice=dice, exact=exact)), random)
    for _ in range(random.randrange(30)):
        if not rules.actors(state):
            return
        moves = rules.legal(state, rules.actors(state)[0])
        state = roll_all(after(state, random.choice(moves[:6])), random)
    for seat in range(seats):
        hidden = rules.hide(state, seat)
        imagined = rules.imagine(hidden, seat, random.randrange)
        assert rules.hide(imagined, seat) == hidden
        assert all(list(hand) == sorted(hand) and 0 not in hand for hand in imagined.hands)
        while rules.actors(imagined):
            move = random.choice(rules.legal(imagined, rules.actors(imagined)[0]))
            imagined = roll_all(after(imagined, move), random)
        assert rules.outcome(imagined) is not None


def test_every_die_is_imagined_as_often() -> None:
    random = Random(3)
    hidden = rules.hide(rolled("11336", "12345"), 0)

    faces = Counter(die for _ in range(1200) for die in rules.imagine(hidden, 0, random.randrange).hands[1])

    assert set(faces) == {1, 2, 3, 4, 5, 6}
    assert all(850 < count < 1150 for count in faces.values())


# Ends


def test_the_longest_game_stays_within_the_bound() -> None:
    # All bids there are in each round, then a call
    state = rules.start(6, Options(dice=6, wild=False))
    plies = 0
    while actors := rules.actors(state):
        if actors == (CHANCE,):
            state = rules.resolve(state, rules.chances(state)[0][0])
        else:
            bidding = rules.legal(state, actors[0])
            state = rules.play(state, actors[0], next((m for m in bidding if m != LIAR), LIAR))
        plies += 1

    assert 4000 < plies <= rules.bound


@given(seed=st.integers(0, 2**32))
def test_lines_fit_a_screen(seed: int) -> None:
    random = Random(seed)
    state = roll_all(rules.start(6, Options(dice=6, exact=True)), random)
    while rules.actors(state):
        view = rules.view(rules.hide(state, 0), 0)
        assert len(view.lines) <= 8
        assert all(len(line) <= 70 for line in view.lines)
        state = roll_all(after(state, random.choice(rules.legal(state, rules.actors(state)[0]))), random)
