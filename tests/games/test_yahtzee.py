"""Yahtzee: rolling, the boxes, the bonuses, jokers, and how it ends."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome
from milena.games.yahtzee import BOXES, LOWER, OPEN, OVER, UPPER, Options, State, fits, rules, total, worth

DICE = st.text("123456", min_size=5, max_size=5).map(lambda text: "".join(sorted(text)))


def card(**filled: int) -> tuple[int, ...]:
    """A score card with these boxes filled (``_`` for a blank in a name)."""
    points = {name.replace("_", " "): count for name, count in filled.items()}
    assert set(points) <= set(BOXES)
    return tuple(points.get(box, OPEN) for box in BOXES)


def thrown(dice: str, *cards: tuple[int, ...], rolled: int = 3, joker: bool = True) -> State:
    """The first player has rolled ``dice``."""
    cards = cards or (card(),)
    return State(Options(joker=joker), cards, (0,) * len(cards), 0, "".join(sorted(dice)), rolled)


def scored(state: State, box: str) -> int:
    """The points that end up in ``box``."""
    return rules.play(state, 0, f"score {box}").cards[0][BOXES.index(box)]


def refusal(state: State, move: str) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.play(state, 0, move)
    return caught.value


@pytest.mark.parametrize(
    ("dice", "box", "points"),
    [
        ("33325", "threes", 9),
        ("33325", "twos", 2),
        ("33325", "fives", 5),
        ("33325", "sixes", 0),
        ("55521", "three of a kind", 18),
        ("22226", "three of a kind", 14),
        ("55441", "three of a kind", 0),
        ("22226", "four of a kind", 14),
        ("55521", "four of a kind", 0),
        ("22266", "full house", 25),
        ("22226", "full house", 0),
        ("22661", "full house", 0),
        ("66666", "full house", 0),  # five alike are no three and two, unless they are a joker
        ("12346", "small straight", 30),
        ("23452", "small straight", 30),
        ("34566", "small straight", 30),
        ("23456", "small straight", 30),
        ("12356", "small straight", 0),
        ("12345", "large straight", 40),
        ("23456", "large straight", 40),
        ("12346", "large straight", 0),
        ("66666", "yahtzee", 50),
        ("66665", "yahtzee", 0),
        ("66665", "chance", 29),
    ],
)
def test_each_box_has_its_own_score(dice: str, box: str, points: int) -> None:
    assert scored(thrown(dice), box) == points


@given(dice=DICE)
def test_scores_agree_with_counting_the_dice(dice: str) -> None:
    numbers = sorted(map(int, dice))
    alike = max(Counter(numbers).values())
    every = dict(zip(BOXES, worth(dice), strict=True))

    assert sum(every[box] for box in UPPER) == every["chance"] == sum(numbers)
    assert every["three of a kind"] == (sum(numbers) if alike >= 3 else 0)
    assert every["four of a kind"] == (sum(numbers) if alike >= 4 else 0)
    assert every["full house"] == (25 if sorted(Counter(numbers).values()) == [2, 3] else 0)
    runs = [set(range(low, low + 4)) <= set(numbers) for low in (1, 2, 3)]
    assert every["small straight"] == (30 if any(runs) else 0)
    assert every["large straight"] == (40 if numbers in ([1, 2, 3, 4, 5], [2, 3, 4, 5, 6]) else 0)
    assert every["yahtzee"] == (50 if alike == 5 else 0)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_a_roll_is_as_likely_as_dice_make_it(count: int) -> None:
    kept = replace(thrown("1" * (5 - count) + "2" * count), dice="1" * (5 - count))
    every = Counter(",".join(sorted(roll)) for roll in product("123456", repeat=count))

    assert rules.actors(kept) == (CHANCE,)
    assert dict(rules.chances(kept)) == every
    assert [outcome for outcome, _ in rules.chances(kept)] == sorted(every)


def test_kept_dice_stay_and_the_others_are_rolled() -> None:
    state = rules.play(thrown("11346", rolled=1), 0, "keep 1,1,6")
    state = rules.resolve(state, "2,5")

    assert (state.dice, state.rolled) == ("11256", 2)


def test_one_may_keep_any_dice_but_all() -> None:
    legal = rules.legal(thrown("11222", rolled=1), 0)

    assert [move for move in legal if not move.startswith("score")] == [
        *("roll", "keep 1", "keep 1,1", "keep 1,1,2", "keep 1,1,2,2", "keep 1,2", "keep 1,2,2"),
        *("keep 1,2,2,2", "keep 2", "keep 2,2", "keep 2,2,2"),
    ]
    assert refusal(thrown("11222", rolled=1), "keep 1,1,2,2,2").code == "not_these_dice"
    assert refusal(thrown("11222", rolled=1), "keep 1,1,1").sentence == (
        "The dice are 1,1,2,2,2: keep up to four of them."
    )


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_the_dice_are_rolled_as_often_as_was_agreed(limit: int) -> None:
    state = rules.start(1, Options(rolls=limit))
    for _ in range(limit - 1):
        state = rules.play(rules.resolve(state, rules.chances(state)[0][0]), 0, "roll")
    state = rules.resolve(state, "1,2,3,4,6")

    refused = refusal(state, "roll")
    assert refused.code == "no_roll_left"
    assert refused.sentence.endswith(f"Score one of: {', '.join(BOXES)}.")
    assert rules.legal(state, 0) == [f"score {box}" for box in BOXES]


def test_a_box_is_filled_once() -> None:
    refused = refusal(thrown("12345", card(chance=0)), "score chance")

    assert refused.code == "box_filled"
    assert refused.sentence.startswith("Chance is filled already. Score one of: ones, twos,")


@pytest.mark.parametrize("move", ["", "keep", "keep 7", "score", "score one", "fives", "keep 1, 1", "roll 1"])
def test_what_is_no_move_is_refused(move: str) -> None:
    refused = refusal(thrown("11346", rolled=1), move)

    assert refused.code == ("not_these_dice" if move.startswith("keep ") else "no_such_move")


@pytest.mark.parametrize(
    ("typed", "move"),
    [
        ("keep 6 1 1", "keep 1,1,6"),
        (" K 116", "keep 1,1,6"),
        ("1, 6,1", "keep 1,1,6"),
        ("keep", "roll"),
        ("keep none", "roll"),
        ("R", "roll"),
        ("Score  Fives", "score fives"),
        ("fives", "score fives"),
        ("5s", "score fives"),
        ("score 5", "score fives"),
        ("aces", "score ones"),
        ("fh", "score full house"),
        ("score large", "score large straight"),
        ("3 of a kind", "score three of a kind"),
        ("score 4k", "score four of a kind"),
        ("y", "score yahtzee"),
        ("three", "three"),  # the threes, or three of a kind?
        ("score", "score"),
        ("", ""),
    ],
)
def test_moves_may_be_written_in_short(typed: str, move: str) -> None:
    assert rules.read(thrown("11346", rolled=1), 0, typed) == move


@pytest.mark.parametrize(
    ("threes", "bonus"),
    [(8, 0), (9, 35), (15, 35)],
)
def test_63_points_in_the_upper_section_earn_35_more(threes: int, bonus: int) -> None:
    upper = card(ones=3, twos=6, threes=threes, fours=12, fives=15, sixes=18)

    assert total(upper, 0) == 54 + threes + bonus


FOURS = "44444"


def test_a_further_yahtzee_earns_100_and_goes_to_the_box_of_its_number() -> None:
    state = thrown(FOURS, card(yahtzee=50))

    assert rules.legal(state, 0) == ["score fours"]
    refused = refusal(state, "score large straight")
    assert refused.code == "joker"
    assert refused.sentence.endswith("Score one of: fours.")
    after = rules.play(state, 0, "score fours")
    assert after.cards[0] == card(yahtzee=50, fours=20)
    assert total(after.cards[0], after.bonuses[0]) == 50 + 20 + 100


def test_where_that_box_is_filled_a_joker_fits_all_of_the_lower_section() -> None:
    state = thrown(FOURS, card(yahtzee=50, fours=12))

    assert rules.legal(state, 0) == [f"score {box}" for box in LOWER if box != "yahtzee"]
    expected = {"full house": 25, "small straight": 30, "large straight": 40}
    for box in LOWER:
        if box != "yahtzee":
            assert scored(state, box) == expected.get(box, 20)
            assert rules.play(state, 0, f"score {box}").bonuses == (1,)


def test_a_zero_in_the_yahtzee_box_leaves_the_joker_and_takes_the_bonus() -> None:
    """The example of the rules: five fours, and 40 for the large straight."""
    after = rules.play(thrown(FOURS, card(yahtzee=0, fours=8)), 0, "score large straight")

    assert total(after.cards[0], after.bonuses[0]) == 8 + 40


def test_a_joker_without_a_place_is_a_zero_above() -> None:
    lower = {box.replace(" ", "_"): 0 for box in LOWER}
    state = thrown(FOURS, card(**lower | {"yahtzee": 50}, fours=4))

    assert rules.legal(state, 0) == [f"score {box}" for box in UPPER if box != "fours"]
    after = rules.play(state, 0, "score sixes")
    assert after.cards[0][BOXES.index("sixes")] == 0
    assert after.bonuses == (1,), "the bonus is earned wherever the dice go"


def test_the_first_yahtzee_may_go_anywhere() -> None:
    state = thrown(FOURS, card(fours=4))

    assert len(rules.legal(state, 0)) == 12
    assert scored(state, "yahtzee") == 50
    assert scored(state, "full house") == 0
    assert rules.play(state, 0, "score yahtzee").bonuses == (0,)


def test_without_jokers_five_alike_are_dice_like_any_others() -> None:
    state = thrown(FOURS, card(yahtzee=50, fours=4), joker=False)

    assert len(fits(state)) == 11
    assert scored(state, "large straight") == 0
    assert rules.play(state, 0, "score chance").bonuses == (0,)


def play_out(state: State, *boxes: str) -> State:
    for box in boxes:
        state = rules.resolve(state, "1,1,2,2,6")
        state = rules.play(state, state.turn, f"score {box}")
    return state


def test_each_player_fills_all_boxes_in_turn() -> None:
    state = play_out(rules.start(2, Options()), *[box for box in BOXES for _ in (0, 1)][:-1])
    assert (state.turn, rules.outcome(state)) == (1, None)

    state = play_out(state, "chance")
    assert state.turn == OVER
    assert rules.actors(state) == ()
    assert rules.chances(state) == []
    assert rules.outcome(state) == Outcome((0.5, 0.5), "24 points are the most", (24, 24))


FULL = card(**{box.replace(" ", "_"): 0 for box in BOXES})


def finished(*points: int, out: tuple[int, ...] = ()) -> Outcome | None:
    """How a game ends in which these points were made (in chance, to keep it simple)."""
    cards = tuple((*FULL[:-1], count) for count in points)
    return rules.outcome(State(Options(), cards, (0,) * len(cards), OVER, out=out))


def test_most_points_win_and_equal_ones_share() -> None:
    assert finished(20, 30, 10) == Outcome((0, 1, 0), "30 points are the most", (20, 30, 10))
    assert finished(30, 30, 10) == Outcome((0.5, 0.5, 0), "30 points are the most", (30, 30, 10))
    assert finished(20, 30, 25, out=(1,)) == Outcome((0, 0, 1), "25 points are the most", (20, 30, 25))


@pytest.mark.parametrize(("points", "won"), [(199, 0.0), (200, 1.0)])
def test_alone_one_wins_with_the_goal(points: int, won: float) -> None:
    assert finished(points) == Outcome((won,), f"{points} points, 200 were the goal", (points,))


def test_the_others_play_on_when_one_gives_up() -> None:
    state = play_out(rules.start(3, Options()), "ones")
    state = rules.resign(rules.resolve(state, "1,1,1,1,1"), 1)
    assert state is not None
    assert (state.turn, state.dice, state.out) == (2, "", (1,))

    state = play_out(state, "ones", "twos")
    assert state.turn == 2, "the second player is passed over"


def test_the_last_one_who_is_left_has_won() -> None:
    state = play_out(rules.start(3, Options()), "ones")
    state = rules.resign(rules.resign(state, 0), 1)

    assert rules.outcome(state) == Outcome((0, 0, 1), "all others gave up", (2, 0, 0))
    assert rules.actors(state) == ()


@pytest.mark.parametrize("seats", [1, 2])
def test_where_nobody_could_play_on_giving_up_ends_it(seats: int) -> None:
    assert rules.resign(rules.start(seats, Options()), 0) is None


def test_the_longest_game_takes_as_many_plies_as_the_bound_says() -> None:
    state, plies = rules.start(6, Options(rolls=5)), 0
    while rules.outcome(state) is None:
        if rules.actors(state) == (CHANCE,):
            state = rules.resolve(state, rules.chances(state)[0][0])
        else:
            legal = rules.legal(state, state.turn)
            state = rules.play(state, state.turn, "roll" if "roll" in legal else legal[0])
        plies += 1

    assert plies + 6 == rules.bound


def test_the_card_shows_what_the_dice_would_score() -> None:
    state = thrown("12345", card(chance=20), card(ones=3, yahtzee=50), rolled=2)
    view = rules.view(state, 0)
    shown = dict(zip(view.rows, view.grid, strict=True))

    assert view.columns == ("P1", "P2")
    assert [cell.text for cell in shown["chance"]] == ["20", ""]
    assert [cell.text for cell in shown["large straight"]] == ["(40)", ""]
    assert shown["large straight"][0].move == "score large straight"
    assert [cell.text for cell in shown["total"]] == ["20", "53"]
    assert view.lines == ("Player 1, roll 2 of 3:   [1]  [2]  [3]  [4]  [5]",)


def test_the_card_of_six_fits_80_columns() -> None:
    view = rules.view(rules.start(6, Options()), None)
    widest = max(len("1575"), *(len(cell.text) for row in view.grid for cell in row)) + 2

    assert max(map(len, view.rows)) + 1 + len(view.columns) * (widest + 1) + 1 <= 76
    assert len(view.grid) <= 15  # with all that stands around it, 24 lines
