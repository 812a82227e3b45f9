"""A game ply by ply, folded from its events."""

from typing import Any

import pytest

from milena.aggregates import GAMES
from milena.domain.refusal import Refused
from milena.home import Home
from milena.replay.at import at
from milena.replay.history import History

Invoke = Any


def history(home: Home, key: str) -> History:
    found = History(home.store, GAMES, key)
    found.catch_up()
    return found


@pytest.fixture
def key(invoke: Invoke, ann: str, bob: str) -> str:
    """A game of tic-tac-toe in which ann played 5 and bob 1."""
    opened: str = invoke("open", ann, game="tictactoe").result["game"]
    invoke("join", bob, game=opened)
    invoke("move", ann, game=opened, move="5")
    invoke("move", bob, game=opened, move="1")
    return opened


def test_every_ply_has_who_did_what_and_the_game_after_it(home: Home, key: str, ann: str, bob: str) -> None:
    start, first, second = history(home, key).plies
    assert start.acts == ()
    assert [(act.kind, act.seat, act.player, act.text) for act in first.acts] == [("move", 0, ann, "5")]
    assert [(act.kind, act.seat, act.player, act.text) for act in second.acts] == [("move", 1, bob, "1")]
    assert [ply.number for ply in (start, first, second)] == [0, 1, 2]
    assert second.game == home.store.fold(GAMES, key).state
    assert start.time <= first.time <= second.time


def test_it_catches_up_with_what_is_new(home: Home, key: str, invoke: Invoke, ann: str) -> None:
    seen = history(home, key)
    seen.catch_up()
    assert len(seen.plies) == 3, "nothing was new"
    invoke("move", ann, game=key, move="2")
    seen.catch_up()
    assert seen.plies[-1].acts[0].text == "2"
    assert seen.game == history(home, key).game


def test_a_game_that_waits_has_no_plies_and_no_board(home: Home, invoke: Invoke, ann: str) -> None:
    opened = invoke("open", ann, game="tictactoe").result["game"]
    waiting = history(home, opened)
    assert waiting.plies == []
    with pytest.raises(Refused, match="has not started"):
        at(waiting, 0)


def test_the_board_at_a_ply(home: Home, key: str) -> None:
    seen = history(home, key)
    assert at(seen, 1).acts[0].text == "5"
    cells = [cell.text for row in seen.view(at(seen, 1)).grid for cell in row]
    assert cells == ["1", "2", "3", "4", "X", "6", "7", "8", "9"]
    with pytest.raises(Refused, match="has plies 0 to 2, and none is number 3"):
        at(seen, 3)


def test_no_board_of_the_past_can_be_played_on(home: Home, key: str, invoke: Invoke, ann: str) -> None:
    running = history(home, key)
    invoke("resign", ann, game=key)
    ended = history(home, key)
    for seen in (running, ended):
        for view in map(seen.view, seen.plies):
            assert not view.choices
            assert not any(cell.move for row in view.grid for cell in row)


def test_secrets_have_no_text_before_the_end_and_are_told_after_it(
    home: Home, invoke: Invoke, ann: str
) -> None:
    opened = invoke("open", ann, game="hangman").result["game"]
    seen = history(home, opened)
    [draw] = seen.plies[1].acts
    assert draw.kind == "chance"
    assert seen.told(draw) is None
    assert "_" in str(seen.view(seen.plies[1]).lines)
    assert draw.text not in str(seen.view(seen.plies[1]))

    invoke("abort", ann, game=opened)
    seen.catch_up()
    assert seen.ended
    assert seen.told(draw) == draw.text


def test_choices_are_one_ply_when_all_are_in(home: Home, invoke: Invoke, ann: str, bob: str) -> None:
    opened = invoke("open", ann, game="rock-paper-scissors").result["game"]
    invoke("join", bob, game=opened)
    invoke("move", bob, game=opened, move="rock")
    seen = history(home, opened)
    [choice] = seen.pending
    assert (choice.player, seen.told(choice)) == (bob, None)

    invoke("move", ann, game=opened, move="paper")
    seen.catch_up()
    assert seen.pending == ()
    assert [(act.player, seen.told(act)) for act in seen.plies[1].acts] == [(ann, "paper"), (bob, "rock")]


def test_the_last_ply_has_the_end_in_it(home: Home, key: str, invoke: Invoke, ann: str) -> None:
    invoke("resign", ann, game=key)
    seen = history(home, key)
    assert seen.plies[-1].game.status == "ended"
    assert [act.kind for act in seen.pending] == ["resigned"]
    assert seen.opened <= seen.last
