"""Where whoever comes first may move, machines have each their turn, and let people have a chance."""

import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from milena.domain.game import Game
from milena.domain.ids import PlayerId
from milena.engine import Answer
from milena.home import Home
from milena.machines import game as machine_game
from milena.machines.following import Machines
from milena.store import Envelope

Moves = Callable[[str], list[Envelope]]
Wait = Callable[..., None]
OpenGame = Callable[..., str]


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch) -> float:
    """What a machine takes: less than in life, so that the tests are quick."""
    monkeypatch.setattr(machine_game, "PAUSE", 0.6)
    return 0.6


def test_a_person_comes_before_a_machine(
    machines: Machines,
    open_game: OpenGame,
    invoke: Callable[..., Answer],
    ann: PlayerId,
    moves: Moves,
    odd: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine_game, "PAUSE", 60.0)
    key = open_game("odd", machines=["random"], options={"together": True, "upto": 1000})
    for _ in range(4):
        time.sleep(0.12)
        assert invoke("move", ann, game=key, move="1").verdict == "accepted"
    assert {row.player for row in moves(key)} == {ann}


def test_a_machine_waits_for_nobody_for_longer_than_its_pause(
    home: Home,
    machines: Machines,
    open_game: OpenGame,
    invoke: Callable[..., Answer],
    ann: PlayerId,
    moves: Moves,
    wait_until: Wait,
    odd: Path,
    pause: float,
) -> None:
    """However busy a person is: what others do does not put the machine off."""
    key = open_game("odd", machines=["random"], options={"together": True, "upto": 1000})

    def the_machine_s() -> list[Envelope]:
        return [row for row in moves(key) if row.player != ann]

    def play_on() -> bool:
        time.sleep(0.1)
        invoke("move", ann, game=key, move="1")
        return len(the_machine_s()) == 3

    wait_until(play_on)
    for one, other in pairwise(the_machine_s()):
        assert other.time - one.time >= pause * 1000 - 50


def test_machines_among_themselves_do_not_wait_and_none_is_always_first(
    home: Home,
    machines: Machines,
    open_game: OpenGame,
    game: Callable[[str], Game],
    moves: Moves,
    wait_until: Wait,
    odd: Path,
) -> None:
    options = {"together": True, "upto": 60}
    key = open_game("odd", sit=False, machines=["random"] * 3, options=options)
    wait_until(lambda: game(key).status == "ended", patience=machine_game.PAUSE * 4)
    movers = [row.player for row in moves(key)]
    assert all(one != other for one, other in pairwise(movers)), "they take turns"
    count = Counter(movers)
    assert max(count.values()) - min(count.values()) <= 1


def test_a_machine_answers_before_a_short_clock_runs_out(
    machines: Machines,
    open_game: OpenGame,
    game: Callable[[str], Game],
    moves: Moves,
    wait_until: Wait,
    odd: Path,
) -> None:
    asked: dict[str, Any] = {"clock": "2s/turn", "options": {"together": True, "upto": 1000}}
    key = open_game("odd", machines=["random"], **asked)
    wait_until(lambda: moves(key))
    assert game(key).status == "playing"


def test_a_person_and_a_machine_guess_one_word(
    machines: Machines,
    open_game: OpenGame,
    invoke: Callable[..., Answer],
    ann: PlayerId,
    game: Callable[[str], Game],
    moves: Moves,
    wait_until: Wait,
    pause: float,
) -> None:
    key = open_game("hangman", machines=["random"])
    assert invoke("move", ann, game=key, move="e").verdict == "accepted"
    wait_until(lambda: {row.player for row in moves(key)} > {ann})
    wait_until(lambda: game(key).status == "ended" or len(moves(key)) >= 4)


def test_both_choose_at_once_and_the_machine_does_not_wait_to_see(
    home: Home,
    machines: Machines,
    open_game: OpenGame,
    invoke: Callable[..., Answer],
    ann: PlayerId,
    moves: Moves,
    game: Callable[[str], Game],
    wait_until: Wait,
) -> None:
    key = open_game("rock-paper-scissors", machines=["random"])
    wait_until(lambda: moves(key))
    (choice,) = moves(key)
    assert choice.player != ann
    assert not any(f'"{move}"' in choice.payload for move in ("rock", "paper", "scissors"))
    invoke("move", ann, game=key, move="rock")
    wait_until(lambda: game(key).ply >= 1)
