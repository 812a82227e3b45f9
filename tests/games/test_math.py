"""Mental arithmetic: the problems, points and streaks, several at once, time, and what stays hidden."""

import random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.clock import Clock
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome
from milena.games.math import (
    MOST_PROBLEMS,
    MOST_SEATS,
    UNSEEN,
    Options,
    State,
    goal,
    points,
    rules,
)
from milena.games.problems import SIGNS, Difficulty, Operation, solve

OPERATIONS, DIFFICULTIES = get_args(Operation), get_args(Difficulty)


def drawn(state: State, chance: random.Random | None = None) -> State:
    """The state once chance has brought what it has to: its first outcome each time, or any."""
    while rules.actors(state) == (CHANCE,):
        outcomes = [outcome for outcome, _ in rules.chances(state)]
        state = rules.resolve(state, chance.choice(outcomes) if chance else outcomes[0])
    return state


def opened(seats: int = 1, **options: object) -> State:
    return drawn(rules.start(seats, Options(**options)))  # type: ignore[arg-type]


def right(state: State, seat: int) -> str:
    done = len(state.marks[seat])
    return f"{done + 1}={solve(state.problems[done])[1]}"


def after(state: State, marks: str, seat: int = 0) -> State:
    """The state once ``seat`` has done so many problems, with these marks."""
    for mark in marks:
        answer = right(state, seat)
        move = {"+": answer, "-": f"{answer}0", ".": "skip"}[mark]
        state = drawn(rules.play(state, seat, move))
    return state


def refusal(state: State, move: str, seat: int = 0) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.play(state, seat, move)
    return caught.value


@pytest.mark.parametrize(
    ("problem", "put", "answer"),
    [
        ("+ 47 38", "47 + 38", 85),
        ("- 38 47", "85 - 38", 47),
        ("× 7 12", "7 × 12", 84),
        ("÷ 7 12", "84 ÷ 7", 12),
        ("^ 2 13", "13²", 169),
        ("^ 3 5", "5³", 125),
        ("√ 2 13", "√169", 13),
        ("√ 3 5", "³√125", 5),
    ],
)
def test_problems_are_put_as_one_writes_them(problem: str, put: str, answer: int) -> None:
    assert solve(problem) == (put, answer)


@pytest.mark.parametrize("level", DIFFICULTIES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_problem_that_can_be_drawn_has_the_answer_that_it_says(
    operation: Operation, level: Difficulty
) -> None:
    chance = random.Random(f"{operation} {level}")
    meant = {"×": "*", "÷": "//", "²": "**2", "³": "**3"}
    for _ in range(200):
        state = drawn(rules.start(1, Options(operation, level)), chance)
        put, answer = solve(state.problems[0])
        assert operation == "mixed" or state.problems[0][0] in SIGNS[operation]
        if "√" in put:
            degree, _, radicand = put.partition("√")
            assert answer ** (3 if degree else 2) == int(radicand)
        else:
            for sign, code in meant.items():
                put = put.replace(sign, code)
            assert answer == eval(put)
            assert "//" not in put or eval(put.replace("//", "%")) == 0


@pytest.mark.parametrize("level", DIFFICULTIES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_draw_is_from_a_short_list_of_equal_chances(operation: Operation, level: Difficulty) -> None:
    state = rules.start(1, Options(operation, level))
    while rules.actors(state) == (CHANCE,):
        outcomes = rules.chances(state)
        assert {weight for _, weight in outcomes} == {1}
        assert len(outcomes) <= 1000
        assert len(set(outcomes)) == len(outcomes)
        state = rules.resolve(state, outcomes[-1][0])


def test_mixed_has_all_operations_alike() -> None:
    assert rules.chances(rules.start(1, Options("mixed"))) == [(sign, 1) for sign in "+-×÷^√"]


def test_a_problem_comes_back_only_when_all_that_begin_alike_have_come() -> None:
    """There are eleven easy squares, and as many roots."""
    state = opened(operation="powers", difficulty="easy", problems=13)
    state = after(state, "+" * 10)
    assert len(set(state.problems)) == 11

    state = after(state, "+")
    assert state.problems[11] in state.problems[:11]


@pytest.mark.parametrize(
    ("marks", "made"),
    [
        ("", 0),
        ("+", 10),
        ("++", 22),
        ("+++", 36),
        ("++-", 17),
        ("++-+", 27),
        ("++.+", 32),
        ("-", -5),
        ("+" * 20, 580),
    ],
)
def test_points_grow_with_a_streak(marks: str, made: int) -> None:
    assert points(marks, penalty=5) == made


def test_a_wrong_answer_costs_the_penalty_and_shows_the_right_one() -> None:
    state = after(opened(problems=3, penalty=7, operation="division", difficulty="easy"), "-")

    assert rules.view(state, 0).lines == (
        "Problem 1: 4 ÷ 2 = 2, wrong",
        "Problem 2 of 3: 6 ÷ 2 = ?",
        "Player 1   -                     -7 points",
        "The goal: 11 points",
    )


@pytest.mark.parametrize(
    ("typed", "move"),
    [
        ("12", "1=12"),
        (" 12 ", "1=12"),
        ("=12", "1=12"),
        ("= 12", "1=12"),
        ("007", "1=7"),
        ("+7", "1=7"),
        ("-7", "1=-7"),
        ("−7", "1=-7"),
        ("-0", "1=0"),
        ("3=12", "3=12"),
        ("1 = 12", "1=12"),
        ("Skip", "skip"),
        ("pass", "skip"),
        ("12.5", "12.5"),
        ("1,024", "1,024"),
    ],
)
def test_an_answer_is_stored_with_the_number_of_its_problem(typed: str, move: str) -> None:
    assert rules.read(opened(), 0, typed) == move


@pytest.mark.parametrize(
    "move", ["", "12", "1=012", "01=12", "1=+12", "1=-0", "1=1.5", "1=٣", "=12", "1=" + "9" * 16, "x"]
)
def test_what_is_no_whole_number_is_refused_and_costs_nothing(move: str) -> None:
    refused = refusal(opened(), move)

    assert refused.code == "not_a_number"
    assert refused.sentence == "Answer with a whole number of at most 15 digits, or skip."


def test_an_answer_that_comes_twice_counts_once() -> None:
    state = opened()
    first = right(state, 0)
    state = after(state, "+")

    refused = refusal(state, first)
    assert refused.code == "other_problem"
    assert refused.sentence.startswith("You are at problem 2")


def test_the_right_answer_is_among_those_listed_and_none_is_offered() -> None:
    state = opened()

    assert right(state, 0) in rules.legal(state, 0)
    assert not rules.offers
    assert rules.view(state, 0).choices == ()


def test_the_next_problem_is_drawn_for_the_first_who_gets_there() -> None:
    state = opened(3)
    answered = rules.play(state, 1, "skip")
    assert rules.actors(answered) == (CHANCE,)

    state = drawn(answered)
    assert rules.actors(state) == (0, 1, 2)
    assert len(state.problems) == 2
    follower = rules.play(state, 0, "skip")
    assert rules.actors(follower) == (0, 1, 2), "it is there for all others"


def test_whoever_is_done_waits_for_the_others() -> None:
    state = after(opened(2, problems=2), "++", seat=1)

    assert rules.actors(state) == (0,)
    assert rules.legal(state, 1) == []
    assert rules.outcome(state) is None
    assert rules.outcome(after(state, "+.")) == Outcome((0, 1), "22 points are the most", (10, 22))


def test_equal_points_share_the_win() -> None:
    state = after(after(opened(3, problems=1), "+"), "+", seat=2)

    assert rules.outcome(after(state, "-", seat=1)) == Outcome(
        (0.5, 0, 0.5), "10 points are the most", (10, -5, 10)
    )


@pytest.mark.parametrize(("marks", "won"), [("++++++", 1.0), ("+++++.", 0.0)])
def test_alone_one_wins_with_the_goal(marks: str, won: float) -> None:
    options = {"problems": 6, "goal": 100}
    made = points(marks, 5)

    assert goal(Options(**options)) == 90  # type: ignore[arg-type]
    assert rules.outcome(after(opened(**options), marks)) == Outcome(
        (won,), f"{made} points, the goal was 90", (made,)
    )


def test_the_goal_is_a_share_of_an_unbroken_streak_rounded_up() -> None:
    assert goal(Options()) == 174  # 30 percent of 580
    assert goal(Options(problems=2, goal=50)) == 11
    assert goal(Options(problems=1, goal=1)) == 1


def test_the_clock_is_the_games_own_unless_it_has_no_limit() -> None:
    assert rules.clock(Options()) == Clock(total=60)
    assert rules.clock(Options(seconds=90)) == Clock(total=90)
    assert rules.clock(Options(seconds=0)) is None


def test_a_run_ends_with_its_time_and_keeps_its_points() -> None:
    state = after(opened(2, problems=3), "++")
    state = rules.flag(state, 0)
    assert rules.actors(state) == (1,)
    assert rules.outcome(state) is None

    state = rules.flag(after(state, "+", seat=1), 1)
    assert rules.actors(state) == ()
    assert rules.outcome(state) == Outcome((1, 0), "22 points are the most", (22, 10))


def test_time_that_runs_out_while_a_problem_is_drawn_ends_it_too() -> None:
    state = rules.flag(rules.start(1, Options()), 0)

    assert rules.actors(state) == ()
    assert rules.outcome(state) == Outcome((0,), "0 points, the goal was 174", (0,))


def test_a_missed_turn_skips_the_problem() -> None:
    state = opened(seconds=0)

    assert rules.on_timeout == "skip"
    assert rules.skip(state, 0) == rules.play(state, 0, "skip")
    assert rules.skip(state, 0).marks == (".",)


def test_whoever_gives_up_has_lost_and_the_others_play_on() -> None:
    state = rules.resign(after(opened(3, problems=2), "++"), 0)
    assert state is not None
    assert rules.actors(state) == (1, 2)

    state = after(after(state, "+.", seat=1), "..", seat=2)
    assert rules.outcome(state) == Outcome((0, 1, 0), "10 points are the most", (22, 10, 0))


def test_the_last_one_who_is_left_has_won() -> None:
    state = rules.resign(rules.resign(opened(3), 0) or opened(), 2)

    assert rules.outcome(state) == Outcome((0, 1, 0), "all others gave up", (0, 0, 0))
    assert rules.actors(state) == ()


@pytest.mark.parametrize("seats", [1, 2])
def test_where_nobody_could_play_on_giving_up_ends_it(seats: int) -> None:
    assert rules.resign(opened(seats), 0) is None


def test_a_late_comer_starts_at_the_first_problem() -> None:
    state = rules.enter(after(opened(2), "+++"))
    assert state is not None

    assert rules.actors(state) == (0, 1, 2)
    assert rules.hide(state, 2).problems == (state.problems[0], UNSEEN, UNSEEN, UNSEEN)


def test_nobody_joins_a_game_of_one_nor_a_full_one_nor_one_that_is_over() -> None:
    assert rules.enter(opened(1)) is None
    assert rules.enter(opened(MOST_SEATS)) is None
    assert rules.enter(after(after(opened(2, problems=1), "+"), "+", seat=1)) is None


def test_a_seat_sees_the_problems_that_it_has_reached_and_a_spectator_none() -> None:
    state = after(after(opened(3), "++"), "+", seat=2)
    first, second, third = state.problems

    assert rules.hide(state, 0).problems == (first, second, third)
    assert rules.hide(state, 1).problems == (first, UNSEEN, UNSEEN)
    assert rules.hide(state, 2).problems == (first, second, UNSEEN)
    assert rules.hide(state, None).problems == (UNSEEN, UNSEEN, UNSEEN)
    assert rules.secret(state)


def test_alone_there_is_nothing_to_hide() -> None:
    state = after(opened(1), "+-")

    assert not rules.secret(state)
    assert rules.hide(state, None) == state
    assert rules.view(state, None) == rules.view(state, 0)


def test_all_is_shown_when_it_is_over() -> None:
    state = after(after(opened(2, problems=2), "++"), "--", seat=1)

    assert rules.hide(state, None) == state
    assert rules.view(state, None).lines == (
        "Player 1   ++                    22 points, 2 right in a row",
        "Player 2   --                    -10 points",
    )


@given(
    seed=st.integers(0, 10**6),
    operation=st.sampled_from(OPERATIONS),
    paces=st.lists(st.text("+-.", max_size=6), min_size=2, max_size=4),
    draws=st.integers(0, 2),
)
def test_what_a_seat_imagines_agrees_with_what_it_knows(
    seed: int, operation: Operation, paces: list[str], draws: int
) -> None:
    chance = random.Random(seed)
    state = drawn(rules.start(len(paces), Options(operation, "easy", problems=6)), chance)
    for seat, marks in enumerate(paces):
        state = after(state, marks, seat)
    for seat in rules.actors(state)[:1]:  # and perhaps in the middle of a draw
        state = rules.play(state, seat, "skip")
        for _ in range(draws):
            if rules.actors(state) == (CHANCE,):
                state = rules.resolve(state, chance.choice(rules.chances(state))[0])

    for seat in range(len(paces)):
        hidden = rules.hide(state, seat)
        assert rules.hide(hidden, seat) == hidden
        assert rules.actors(hidden) == rules.actors(state)
        assert rules.legal(hidden, seat) == rules.legal(state, seat)
        imagined = rules.imagine(hidden, seat, chance.randrange)
        assert rules.hide(imagined, seat) == hidden
        assert UNSEEN not in imagined.problems
        while rules.outcome(imagined) is None:
            imagined = drawn(imagined, chance)
            mover = chance.choice(rules.actors(imagined))
            imagined = rules.play(imagined, mover, chance.choice(rules.legal(imagined, mover)))


def test_the_longest_game_stays_within_the_bound() -> None:
    state, plies = rules.start(2, Options(problems=MOST_PROBLEMS)), 0
    while rules.outcome(state) is None:
        actors = rules.actors(state)
        if actors == (CHANCE,):
            state = rules.resolve(state, rules.chances(state)[0][0])
        elif len(state.marks) < MOST_SEATS:
            state = rules.enter(state) or state
        else:
            state = rules.play(state, actors[0], "skip")
        plies += 1

    # and each of them might have run out of time and given up as well, and eight more than two come in
    assert plies + 2 * MOST_SEATS + 2 == rules.bound


def test_the_view_of_ten_fits_a_terminal_and_a_message() -> None:
    state = opened(MOST_SEATS, problems=MOST_PROBLEMS)
    for seat in range(MOST_SEATS):
        state = after(state, "+" * MOST_PROBLEMS, seat)
    lines = rules.view(state, 0).lines

    assert len(lines) <= 20
    assert max(map(len, lines)) <= 70
