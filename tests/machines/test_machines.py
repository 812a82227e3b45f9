"""Machines are players like any other: in the log, at the board, and when the others ask for something."""

import os
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from milena.aggregates import GAMES
from milena.domain.game import Game
from milena.domain.ids import PlayerId
from milena.domain.member import CommandInvoked
from milena.engine import Answer, Engine
from milena.home import Home
from milena.machines.following import Machines
from milena.machines.thinking import Question, Thinker
from milena.store import Envelope

Wait = Callable[..., None]
Invoke = Callable[..., Answer]
OpenGame = Callable[..., str]
ReadGame = Callable[[str], Game]
Moves = Callable[[str], list[Envelope]]


class Recorder(Thinker):
    """Thinks, and keeps what it was asked."""

    asked: list[Question]

    def choose(self, question: Question, seconds: float) -> str:
        self.asked.append(question)
        return super().choose(question, seconds)


def test_a_machine_s_move_is_in_the_log_under_its_own_name(
    home: Home,
    machines: Machines,
    open_game: OpenGame,
    invoke: Invoke,
    ann: PlayerId,
    moves: Moves,
    wait_until: Wait,
) -> None:
    key = open_game("tictactoe", machines=["minimax"])
    asked = invoke("move", ann, game=key, move="5")
    wait_until(lambda: len(moves(key)) == 2)

    answered_to, made = moves(key)
    minimax = home.vault.player("machine", "minimax")
    assert (answered_to.player, made.player) == (ann, minimax)
    (invoked,) = home.store.followed(asked.invocation)
    event = home.store.event(invoked)
    assert isinstance(event, CommandInvoked)
    assert (event.command, event.verdict, invoked.player) == ("move", "accepted", minimax)
    assert invoked.stream == f"member:terminal:{minimax}"
    assert invoked.invocation == f"{key}-{answered_to.version}-1"
    assert invoked.causation == answered_to.position, "it names the event that it answers"
    assert made.causation == invoked.position
    assert made.correlation == asked.invocation


def test_a_machine_is_told_just_what_its_seat_may_see(
    home: Home, engine: Engine, open_game: OpenGame, game: ReadGame, wait_until: Wait
) -> None:
    asked: list[Question] = []
    Recorder.asked = asked
    key = open_game("liars-dice", sit=False, machines=["random", "mcts1"], options={"dice": 2})
    with Machines(home, engine, thinker=Recorder):
        wait_until(lambda: game(key).status == "ended")

    rules = GAMES.rules(game(key))
    boards = [
        home.store.fold(GAMES, key, upto=row.version).state.board
        for row in home.store.stream(f"game:{key}", after=3)
    ]
    hidden = [0, 0]
    for question in asked:
        state = msgspec.json.decode(question.state, type=rules.state_type)
        assert any(state == rules.hide(board, question.seat) for board in boards if board is not None)
        assert rules.hide(state, question.seat) == state
        hidden[question.seat] += state not in boards
    assert all(hidden), "each of the two had something hidden from it"


def test_a_machine_thinks_in_another_process_that_knows_its_seat_s_secret_only(
    odd: Any, machines: Machines, open_game: OpenGame, game: ReadGame, wait_until: Wait
) -> None:
    key = open_game("odd", sit=False, machines=["random", "random"], options={"diary": str(odd)})
    wait_until(lambda: game(key).status == "ended")
    for line in odd.read_text().splitlines():
        process, _, seat, secrets = line.split(maxsplit=3)
        assert process != str(os.getpid())
        assert int(process) in machines.processes
        assert secrets == ("(100, 0)" if seat == "0" else "(0, 101)")


def test_machines_let_a_move_be_taken_back(
    home: Home,
    machines: Machines,
    open_game: OpenGame,
    invoke: Invoke,
    ann: PlayerId,
    game: ReadGame,
    moves: Moves,
    wait_until: Wait,
) -> None:
    key = open_game("connect4", machines=["random"])
    invoke("move", ann, game=key, move="1")
    wait_until(lambda: len(moves(key)) == 2)

    assert invoke("takeback", ann, game=key).verdict == "accepted"
    tags = lambda: [row.tag for row in home.store.stream(f"game:{key}")]  # noqa: E731
    wait_until(lambda: "game.taken_back" in tags())

    assert GAMES.actors(game(key)) == (0,)
    assert game(key).board == GAMES.rules(game(key)).start(2, GAMES.rules(game(key)).options_type())
    invoke("move", ann, game=key, move="7")
    wait_until(lambda: len(moves(key)) == 4)


def test_machines_agree_to_no_draw_and_play_on(
    home: Home,
    machines: Machines,
    odd: Any,
    open_game: OpenGame,
    invoke: Invoke,
    ann: PlayerId,
    game: ReadGame,
    moves: Moves,
    wait_until: Wait,
) -> None:
    key = open_game("odd", machines=["random", "random"])
    assert invoke("draw", ann, game=key).verdict == "accepted"
    wait_until(lambda: not game(key).draw_offers)
    assert game(key).status == "playing"
    declined = [row for row in home.store.stream(f"game:{key}") if row.tag == "game.draw_declined"]
    assert len(declined) == 1, "one no is enough"
    invoke("move", ann, game=key, move="1")
    wait_until(lambda: len(moves(key)) == 3)


def test_what_is_remembered_of_a_game_goes_when_it_ends(
    machines: Machines, open_game: OpenGame, invoke: Invoke, ann: PlayerId, wait_until: Wait
) -> None:
    running = [open_game("tictactoe", machines=["random"]) for _ in range(10)]
    wait_until(lambda: machines.games == 10)
    for key in running[:9]:
        invoke("abort", ann, game=key)
    wait_until(lambda: machines.games == 1)
    invoke("resign", ann, game=running[9])
    wait_until(lambda: machines.games == 0)
    assert not machines._due
    assert not machines._busy


def test_machines_that_play_in_one_game_only_leave_the_others_alone(
    home: Home,
    engine: Engine,
    open_game: OpenGame,
    game: ReadGame,
    wait_until: Wait,
    moves: Moves,
) -> None:
    theirs, other = (open_game("tictactoe", sit=False, machines=["random", "random"]) for _ in range(2))
    with Machines(home, engine, only=[theirs]):
        later = open_game("tictactoe", sit=False, machines=["random", "random"])
        wait_until(lambda: game(theirs).status == "ended")
    assert moves(other) == moves(later) == []


def test_machines_play_a_rematch_too(
    machines: Machines,
    open_game: OpenGame,
    invoke: Invoke,
    ann: PlayerId,
    moves: Moves,
    wait_until: Wait,
) -> None:
    key = open_game("tictactoe", machines=["minimax"])
    invoke("resign", ann, game=key)
    again = invoke("rematch", ann, game=key).result["game"]
    wait_until(lambda: len(moves(again)) == 1)
    assert moves(again)[0].player != ann


@pytest.mark.parametrize("seats", [None, 3])
def test_machines_wait_until_the_game_begins(
    machines: Machines,
    odd: Any,
    open_game: OpenGame,
    invoke: Invoke,
    bob: PlayerId,
    game: ReadGame,
    seats: int | None,
    wait_until: Wait,
    moves: Moves,
) -> None:
    key = open_game("odd", sit=False, machines=["random", "random"], seats=seats)
    if seats:
        assert game(key).status == "waiting"
        invoke("join", bob, game=key)
    wait_until(lambda: len(moves(key)) >= 2)
