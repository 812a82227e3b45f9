"""Who sits where."""

import getpass

import pytest

from milena import games
from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules
from milena.terminal.seating import BadName, Party, check_names, fill, party

TWO = games.load("tictactoe")
ALONE = games.load("2048")
MANY = games.load("hangman")
WHO = getpass.getuser()


def test_names_sit_down_in_their_order() -> None:
    assert party(TWO, ["ann", "bob"], None, None) == Party(("ann", "bob"))


def test_whoever_is_logged_in_plays_with_a_guest_where_nobody_is_named() -> None:
    assert party(TWO, [], None, None) == Party((WHO, "guest"))
    assert party(ALONE, [], None, None) == Party((WHO,))


def test_a_guest_takes_the_seat_that_is_left() -> None:
    assert party(TWO, ["ann"], None, None) == Party(("ann", "guest"))
    assert party(TWO, ["Guest"], None, None) == Party(("Guest", "guest2"))


def test_as_many_seats_as_names_where_the_game_leaves_it_open() -> None:
    assert party(MANY, ["ann", "bob", "cyd"], None, None).seats == 3
    assert party(MANY, ["ann"], None, 3) == Party(("ann", "guest", "guest2"))


def test_a_machine_fills_what_is_left() -> None:
    assert party(TWO, ["ann"], "bot", None) == Party(("ann",), ("minimax",))
    assert party(TWO, [], "random", None) == Party((WHO,), ("random",))
    assert party(MANY, ["ann"], "bot", 4) == Party(("ann",), ("mcts", "mcts-2", "mcts-3"))


def test_who_comes_later_takes_a_seat_that_is_free() -> None:
    assert fill(TWO, ["bob"], None, 2, ["ann"]) == Party(("bob",))
    assert fill(TWO, [], "bot", 2, ["ann"]) == Party((), ("minimax",))
    assert fill(TWO, [], None, 2, ["guest"]) == Party(("guest2",))
    assert fill(MANY, [], "bot", 3, ["ann", "mcts"]) == Party((), ("mcts-2",))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((TWO, ["a", "b", "c"], None, None), "Tic-tac-toe is for 2 players, not 3."),
        ((TWO, ["a"], None, 1), "Tic-tac-toe is for 2 players, not 1."),
        ((ALONE, [], "bot", None), "2048 is for 1 player, not 2."),
        ((MANY, ["a", "b", "c"], None, 2), "a, b and c can't sit down: 2 seats are free."),
        ((MANY, ["a", "b"], "bot", 2), "No seat is left for the machine: leave out --with, or a name."),
        ((TWO, ["Minimax"], "bot", None), "The machine is called 'minimax' too: take another name."),
        ((MANY, ["a"], "minimax", None), "minimax plays games of two that hide nothing"),
    ],
)
def test_what_does_not_fit_is_refused(
    arguments: tuple[AnyRules, list[str], str | None, int | None], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        party(*arguments)
    assert refused.value.sentence.startswith(sentence)


def test_nobody_sits_down_where_all_seats_are_taken() -> None:
    with pytest.raises(Refused, match="cyd can't sit down: no seat is free"):
        fill(TWO, ["cyd"], None, 2, ["ann", "bob"])


def test_nobody_sits_down_twice() -> None:
    with pytest.raises(Refused, match="Ann sits at this game already"):
        fill(TWO, ["Ann"], None, 2, ["ann"])


@pytest.mark.parametrize("name", ["", "  ", "-x", "a\nb", "\x1b[1m", "\udcff", "a" * 41])
def test_what_is_no_name_is_told(name: str) -> None:
    with pytest.raises(BadName, match="is no name: take 1 to 40 printable characters"):
        check_names([name])


def test_two_players_have_two_names() -> None:
    with pytest.raises(BadName, match="Two players are called 'ANN'"):
        check_names(["ann", "ANN"])
    assert check_names([" ann ", "Ж🙂"]) == ["ann", "Ж🙂"]
