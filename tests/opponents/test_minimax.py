"""The machine that looks ahead: it never loses tic-tac-toe, and sees what is at hand in Connect Four."""

from typing import Any

import pytest

from milena import games
from milena.domain.refusal import Refused
from milena.opponents import Opponent, choose_for
from milena.opponents.minimax import Minimax, small

tictactoe: Any = games.load("tictactoe")
connect4: Any = games.load("connect4")


def after(rules: Any, moves: str) -> Any:
    state = rules.start(2, rules.options_type())
    for move in moves:
        state = rules.play(state, rules.actors(state)[0], move)
    return state


def endings(machine: Opponent, seat: int, state: Any) -> list[float]:
    """What the machine scores in every game that an opponent can play against it from here."""
    outcome = tictactoe.outcome(state)
    if outcome is not None:
        return [outcome.scores[seat]]
    (actor,) = tictactoe.actors(state)
    moves = tictactoe.legal(state, actor)
    if actor == seat:
        moves = [machine.choose(tictactoe, state, seat)]
    return [score for move in moves for score in endings(machine, seat, tictactoe.play(state, actor, move))]


@pytest.mark.parametrize("seat", [0, 1])
def test_it_loses_no_game_of_tictactoe_whatever_the_other_plays(seat: int) -> None:
    scores = endings(Minimax(seed=1), seat, after(tictactoe, ""))
    assert 0.0 not in scores
    assert 1.0 in scores


@pytest.mark.parametrize(
    ("moves", "seat", "wins"),
    [
        ("414242", 0, {"4"}),
        ("112233", 0, {"4"}),
        ("7171712", 1, {"1"}),
        ("2131417", 1, {"1"}),
    ],
    ids=["upright", "across", "upright, as second", "where it blocks too"],
)
def test_it_takes_a_win_that_is_there(moves: str, seat: int, wins: set[str]) -> None:
    state = after(connect4, moves)
    winning = {
        move for move in connect4.legal(state, seat) if connect4.outcome(connect4.play(state, seat, move))
    }
    assert winning == wins
    assert Minimax(seed=2).choose(connect4, state, seat) in wins


@pytest.mark.parametrize(("moves", "seat", "only"), [("41424", 1, "4"), ("17273", 1, "4")])
def test_it_stops_a_loss_that_threatens(moves: str, seat: int, only: str) -> None:
    state = after(connect4, moves)
    for seed in range(3):
        assert Minimax(seed=seed, seconds=0.1).choose(connect4, state, seat) == only


def test_where_every_move_loses_it_holds_out_longest() -> None:
    # X holds 1 and 5 and wins in any case: at once, or by 4 if O takes 9.
    state = after(tictactoe, "125")
    assert {Minimax(seed=seed).choose(tictactoe, state, 1) for seed in range(10)} == {"9"}


def test_it_says_so_where_it_knows_no_move() -> None:
    with pytest.raises(Refused, match="knows no move in Connect Four"):
        Minimax(seed=1).choose(connect4, after(connect4, ""), 1)  # it is the other's turn


def test_the_same_seed_plays_the_same() -> None:
    state = after(connect4, "44")
    first = [Minimax(seed=7, seconds=0, least=2000).choose(connect4, state, 0) for _ in range(3)]
    assert len(set(first)) == 1


def test_it_plays_no_game_with_chance_or_secrets() -> None:
    plays = {name: Minimax.plays(games.load(name)) for name in ("tictactoe", "connect4", "2048", "hangman")}
    assert plays == {"tictactoe": True, "connect4": True, "2048": False, "hangman": False}
    assert not Minimax.plays(games.load("rock-paper-scissors"))


def test_a_small_game_is_one_that_it_sees_to_the_end_of() -> None:
    assert small(tictactoe)
    assert not small(connect4)


def test_bot_is_minimax_where_it_sees_the_end_and_mcts_where_that_can_play() -> None:
    best = {name: choose_for(games.load(name), 2, "bot") for name in ("tictactoe", "connect4", "othello")}
    assert best == {"tictactoe": "minimax", "connect4": "mcts", "othello": "mcts"}
    assert choose_for(games.load("2048"), 1, "bot") == choose_for(games.load("hangman"), 3, "bot") == "mcts"
    assert choose_for(games.load("math"), 2, "bot") == "random"  # its list of moves is a list of answers


def test_a_game_that_it_can_not_play_is_refused_naming_a_machine_that_can() -> None:
    with pytest.raises(
        Refused, match=r"^minimax plays games of two that hide nothing .* take --with mcts\.$"
    ):
        choose_for(games.load("hangman"), 2, "minimax")
    with pytest.raises(Refused, match=r"^mcts2 plays games that hide nothing, .* take --with random\.$"):
        choose_for(games.load("math"), 2, "mcts2")
