"""The machine that plays anything: legal moves, all of them in time, the same ones for the same seed."""

from typing import Any

import pytest

from milena import games
from milena.domain.refusal import Refused
from milena.opponents import load, names
from milena.opponents.random import Random

connect4: Any = games.load("connect4")


def test_every_machine_can_be_loaded_by_its_name() -> None:
    assert names() == ["mcts", "minimax", "random"]
    assert all(hasattr(load(name)(1), "choose") for name in names())


def test_an_unknown_machine_is_refused_naming_those_there_are() -> None:
    with pytest.raises(Refused, match="There is no opponent 'deepblue'"):
        load("deepblue")


def test_it_plays_every_legal_move_in_time_and_no_other() -> None:
    state = connect4.start(2, connect4.options_type())
    machine = Random(1)
    assert {machine.choose(connect4, state, 0) for _ in range(200)} == set("1234567")


def test_the_same_seed_plays_the_same_and_another_one_differs() -> None:
    state = connect4.start(2, connect4.options_type())

    def moves(seed: int) -> list[str]:
        machine = Random(seed)
        return [machine.choose(connect4, state, 0) for _ in range(20)]

    assert moves(4) == moves(4)
    assert moves(4) != moves(5)


def test_it_says_so_where_it_knows_no_move() -> None:
    state = connect4.start(2, connect4.options_type())
    with pytest.raises(Refused, match="knows no move in Connect Four"):
        Random(1).choose(connect4, state, 1)  # it is the other's turn
