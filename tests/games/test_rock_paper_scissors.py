"""Rock, paper, scissors: rounds, scores, endings, and a choice nobody else may see."""

import pytest

from milena.domain.refusal import Refused
from milena.games.rock_paper_scissors import Options, State, rules

SHORT = {"r": "rock", "p": "paper", "s": "scissors"}


def after(rounds: str, best_of: int = 3) -> State:
    """The state after rounds written as ``"rp ss"``: the first player's choice and the second's."""
    state = rules.start(2, Options(best_of=best_of))  # type: ignore[arg-type]
    for first, second in rounds.split():
        state = rules.play(state, 0, SHORT[first])
        state = rules.play(state, 1, SHORT[second])
    return state


@pytest.mark.parametrize("round", ["rs", "sp", "pr"])
def test_each_choice_beats_one_other(round: str) -> None:
    assert after(round).won == (1, 0)
    assert after(round[::-1]).won == (0, 1)


@pytest.mark.parametrize("round", ["rr", "pp", "ss"])
def test_two_alike_are_a_draw(round: str) -> None:
    assert after(round).won == (0, 0)


def test_both_choose_in_every_round() -> None:
    start = after("")
    one_chose = rules.play(start, 0, "rock")
    both_chose = rules.play(one_chose, 1, "paper")

    assert rules.actors(start) == (0, 1)
    assert rules.actors(one_chose) == (1,)
    assert rules.actors(both_chose) == (0, 1)
    assert rules.legal(one_chose, 0) == []
    assert rules.legal(one_chose, 1) == ["rock", "paper", "scissors"]


def test_the_order_of_choosing_makes_no_difference() -> None:
    one_way = rules.play(rules.play(after(""), 0, "rock"), 1, "paper")
    other_way = rules.play(rules.play(after(""), 1, "paper"), 0, "rock")

    assert one_way == other_way


def test_nobody_else_sees_a_choice_before_all_are_in() -> None:
    rock, paper = (rules.play(after("rs"), 0, choice) for choice in ("rock", "paper"))

    assert rules.hide(rock, 1) == rules.hide(paper, 1)
    assert rules.hide(rock, None) == rules.hide(paper, None)
    assert rules.hide(rock, 0) == rock
    assert rules.view(rules.hide(rock, 0), 0).hand == ("rock",)
    assert rules.view(rules.hide(rock, 1), 1).hand == ()
    assert "rock" not in str(rules.hide(rock, 1).choices)


@pytest.mark.parametrize(("best_of", "needed"), [(1, 1), (3, 2), (5, 3), (7, 4), (9, 5)])
def test_the_first_to_win_more_than_half_wins_the_game(best_of: int, needed: int) -> None:
    assert rules.outcome(after("pr " * (needed - 1), best_of)) is None

    outcome = rules.outcome(after("pr " * needed, best_of))
    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((1.0, 0.0), (needed, 0))


def test_drawn_rounds_are_played_again() -> None:
    assert rules.outcome(after("rs rr rr rr rp")) is None

    outcome = rules.outcome(after("rs rr rr rr rp rp"))
    assert outcome is not None
    assert (outcome.scores, outcome.reason, outcome.points) == ((0.0, 1.0), "2 : 1 rounds", (1, 2))


def test_after_three_times_the_rounds_a_level_score_is_a_draw() -> None:
    assert rules.outcome(after("rr " * 8)) is None

    outcome = rules.outcome(after("rr " * 9))
    assert outcome is not None
    assert (outcome.scores, outcome.reason) == ((0.5, 0.5), "level after 9 rounds")


def test_after_three_times_the_rounds_whoever_leads_has_won() -> None:
    outcome = rules.outcome(after("rp " + "rr " * 8))

    assert outcome is not None
    assert (outcome.scores, outcome.points) == ((0.0, 1.0), (0, 1))


def test_nobody_moves_when_it_is_over() -> None:
    over = after("rs rs")

    assert rules.actors(over) == ()
    assert rules.legal(over, 0) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("r", "rock"), ("P", "paper"), (" sc ", "scissors"), ("Rock", "rock"), ("", ""), ("rocky", "rocky")],
)
def test_a_choice_may_be_shortened(typed: str, meant: str) -> None:
    assert rules.read(after(""), 0, typed) == meant


@pytest.mark.parametrize("move", ["", "r", "Rock", "rock ", "lizard", "１", "rock\n", "None"])
def test_what_is_no_choice_is_refused(move: str) -> None:
    with pytest.raises(Refused) as caught:
        rules.play(after(""), 0, move)

    assert caught.value.code == "no_such_choice"
    assert caught.value.sentence == "Choose rock, paper or scissors."


def test_past_rounds_and_the_score_are_told() -> None:
    assert rules.view(after("rr pr sr"), None).lines == (
        "Round 1: rock against rock, a draw",
        "Round 2: paper beats rock, to player 1",
        "Round 3: rock beats scissors, to player 2",
        "Rounds won: 1 : 1, and 2 win the game",
    )


# ------------------------------------------------------------------------------------ lizard, spock

WINS = [
    each.split(" > ")
    for each in (
        *("scissors > paper", "paper > rock", "rock > lizard", "lizard > spock", "spock > scissors"),
        *("scissors > lizard", "lizard > paper", "paper > spock", "spock > rock", "rock > scissors"),
    )
]
"""Sam Kass's list, in its order."""


def round_of_five(first: str, second: str) -> State:
    state = rules.start(2, Options(choices="five"))
    return rules.play(rules.play(state, 0, first), 1, second)


@pytest.mark.parametrize(("winner", "loser"), WINS)
def test_of_five_each_beats_two(winner: str, loser: str) -> None:
    assert round_of_five(winner, loser).won == (1, 0)
    assert round_of_five(loser, winner).won == (0, 1)


@pytest.mark.parametrize("choice", ["rock", "paper", "scissors", "lizard", "spock"])
def test_of_five_two_alike_are_a_draw(choice: str) -> None:
    assert round_of_five(choice, choice).won == (0, 0)


def test_of_five_there_are_five_to_choose() -> None:
    state = rules.start(2, Options(choices="five"))

    assert rules.legal(state, 0) == ["rock", "paper", "scissors", "lizard", "spock"]
    assert rules.legal(round_of_five("rock", "paper"), 1) == rules.legal(state, 1)
    assert rules.legal(rules.hide(rules.play(state, 0, "rock"), 1), 1) == rules.legal(state, 1)
    with pytest.raises(Refused, match="Choose rock, paper, scissors, lizard or spock"):
        rules.play(state, 0, "bomb")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("r", "rock"), ("L", "lizard"), ("sp", "spock"), ("sc", "scissors"), ("s", "s"), ("Spock", "spock")],
)
def test_of_five_what_may_mean_two_choices_means_none(typed: str, meant: str) -> None:
    assert rules.read(rules.start(2, Options(choices="five")), 0, typed) == meant


def test_what_is_hidden_needs_no_imagining() -> None:
    chosen = rules.play(rules.start(2, Options()), 0, "rock")
    hidden = rules.hide(chosen, 1)

    assert rules.hide(rules.imagine(hidden, 1, lambda n: 0), 1) == hidden
    assert rules.actors(rules.play(hidden, 1, "paper")) == (0,), "and it can be played on from"
    assert rules.imagine(rules.hide(chosen, 0), 0, lambda n: 0) == chosen


def test_chance_chooses_for_whoever_takes_too_long() -> None:
    assert rules.on_timeout == "random"
