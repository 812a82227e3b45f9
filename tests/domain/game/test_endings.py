"""Endings: resigned, aborted, voided; and what can be asked of a game that is over."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from milena import games
from milena.domain.game import (
    Abort,
    AskTakeback,
    Begin,
    Expire,
    Invite,
    LeaveSeat,
    OfferDraw,
    Play,
    Rematch,
    Resign,
    TakeOver,
    TakeSeat,
    Void,
)
from milena.domain.game.events import Ended, Rematched, Resigned, Voided
from milena.domain.ids import PlayerId

if TYPE_CHECKING:
    from tests.domain.game.conftest import MakeTable

MODERATOR = PlayerId("mod")


def test_who_resigns_has_lost_whoever_is_to_move(table: "MakeTable", ended: Callable[..., Ended]) -> None:
    game = table("tictactoe", "ann", "bob")
    assert game.ask(Resign, "bob") == [Resigned(0, 1), ended("resigned", "<bob> resigned", 1, 0)]


def test_where_the_others_can_play_on_they_do(table: "MakeTable") -> None:
    game = table("hangman", "ann", "bob", "cat")
    ply = game.game.ply
    assert game.ask(Resign, "bob") == [Resigned(ply + 1, 1, plays_on=True)]
    assert game.actors == (0, 2)
    assert game.refusal(Resign, "bob") == "gave_up"


# ------------------------------------------------------------------------------------------ abort


def test_a_game_that_waits_can_be_aborted(table: "MakeTable", ended: Callable[..., Ended]) -> None:
    game = table("tictactoe", "ann")
    assert game.ask(Abort, "ann") == [ended("aborted", "<ann> aborted it")]


def test_it_can_be_aborted_until_each_side_has_moved(table: "MakeTable") -> None:
    for moves, either in ([], "ann"), (["5"], "bob"), (["5"], "ann"):
        game = table("tictactoe", "ann", "bob")
        game.plays(*moves)
        game.ask(Abort, either)
        assert game.game.how == "aborted"
    game = table("tictactoe", "ann", "bob")
    game.plays("5", "1")
    assert game.refusal(Abort, "ann") == "too_late"


def test_who_plays_alone_can_abort_before_the_first_move(table: "MakeTable") -> None:
    assert table("2048", "ann").ask(Abort, "ann")
    game = table("2048", "ann")
    game.plays(games.load("2048").legal(game.game.board, 0)[0])
    assert game.refusal(Abort, "ann") == "too_late"


def test_only_who_has_part_in_it_can_abort_it(table: "MakeTable") -> None:
    game = table("hangman", "bob", "cat", "dan")  # opened by ann
    assert game.refusal(Abort, "eve") == "not_seated"
    game.ask(Resign, "bob")
    assert game.refusal(Abort, "bob") == "gave_up"
    assert game.ask(Abort, "ann")


def test_one_side_that_moves_again_and_again_does_not_bind_the_other(table: "MakeTable") -> None:
    game = table("hangman", "ann", "bob")
    for letter in "eta":
        game.ask(Play, "ann", letter)
    assert game.ask(Abort, "bob")


# ------------------------------------------------------------------------------------------- void


@pytest.mark.parametrize("players", [["ann"], ["ann", "bob"]])
def test_a_moderator_can_void_a_game_that_goes_on(
    table: "MakeTable", ended: Callable[..., Ended], players: list[str]
) -> None:
    game = table("tictactoe", *players)
    assert game.ask(Void, "mod", "no  show. ") == [
        Voided(MODERATOR, "no show"),
        ended("voided", "a moderator voided it"),
    ]
    assert game.game.voided == "no show"


def test_a_moderator_can_void_a_result_afterwards_and_the_seed_stays_revealed(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.plays("1", "4", "2", "5", "3")
    before = game.game
    assert game.ask(Void, "mod", "two accounts") == [Voided(MODERATOR, "two accounts")]
    assert (game.game.how, game.game.outcome, game.game.seed) == ("finished", before.outcome, before.seed)


def test_a_game_is_voided_once_and_only_if_it_has_a_result(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.ask(Resign, "ann")
    game.ask(Void, "mod", "two accounts")
    assert game.refusal(Void, "mod", "again") == "already_voided"
    aborted = table("tictactoe", "ann", "bob")
    aborted.ask(Abort, "ann")
    assert aborted.refusal(Void, "mod", "why not") == "no_result"


@pytest.mark.parametrize("reason", ["", "  ", ".", "x" * 201, "bell\a"])
def test_a_moderator_gives_a_reason_that_can_be_read(table: "MakeTable", reason: str) -> None:
    assert table("tictactoe", "ann", "bob").refusal(Void, "mod", reason) == "bad_reason"


# ---------------------------------------------------------------------------------------- rematch


def test_it_is_noted_once_that_a_game_is_played_again(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    assert game.refusal(Rematch, "ann", "again1") == "not_over"
    game.ask(Resign, "ann")
    assert game.refusal(Rematch, "cat", "again1") == "not_seated"
    assert game.ask(Rematch, "bob", "again1") == [Rematched("again1")]
    assert game.refusal(Rematch, "ann", "again2") == "rematched"


# ---------------------------------------------------------------------------------- after the end


@pytest.mark.parametrize(
    "request_",
    [
        (Play, "ann", "9"),
        (Resign, "ann"),
        (Abort, "ann"),
        (OfferDraw, "ann"),
        (AskTakeback, "ann"),
        (Begin, "ann"),
        (LeaveSeat, "ann"),
        (Invite, "ann", "cat", 1),
        (TakeSeat, "cat"),
        (TakeOver, "cat"),
        (Expire,),
    ],
)
def test_what_is_over_is_over(table: "MakeTable", request_: tuple[Any, ...]) -> None:
    game = table("tictactoe", "ann", "bob")
    game.plays("1", "4", "2", "5", "3")
    if request_ == (Expire,):
        assert game.refusal(Expire, at=10**6, idle=True) == "game_over"
    else:
        assert game.refusal(*request_) == "game_over"
