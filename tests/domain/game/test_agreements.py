"""Agreements: a draw, and moves that are taken back by consent."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from milena import games
from milena.domain.game import AskTakeback, Decline, OfferDraw, Play, Resign, asking
from milena.domain.game.events import (
    ClocksSet,
    DrawDeclined,
    DrawOffered,
    Ended,
    MovePlayed,
    TakebackAsked,
    TakebackDeclined,
    TakenBack,
)

if TYPE_CHECKING:
    from tests.domain.game.conftest import MakeTable


# ------------------------------------------------------------------------------------------ draws


def test_a_draw_is_agreed_on_when_all_have_offered_it(
    table: "MakeTable", ended: Callable[..., Ended]
) -> None:
    game = table("tictactoe", "ann", "bob")
    assert game.ask(OfferDraw, "bob") == [DrawOffered(1)]
    assert asking(game.game) == "<bob> offers a draw."
    agreed = ended("agreed", "a draw by agreement", 0.5, 0.5)
    assert game.ask(OfferDraw, "ann") == [DrawOffered(0), agreed]
    assert asking(game.game) == ""


def test_an_offer_stands_while_who_made_it_moves_and_lapses_when_the_other_moves(
    table: "MakeTable",
) -> None:
    game = table("tictactoe", "ann", "bob")
    game.ask(OfferDraw, "ann")
    game.ask(Play, "ann", "5")
    assert game.game.draw_offers == (0,)
    game.ask(Play, "bob", "1")
    assert game.game.draw_offers == ()
    assert game.ask(OfferDraw, "bob") == [DrawOffered(1)]
    assert game.game.status == "playing"


def test_an_offer_can_be_declined_and_made_by_the_other(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.ask(OfferDraw, "ann")
    assert game.refusal(OfferDraw, "ann") == "already_offered"
    assert game.ask(Decline, "bob") == [DrawDeclined(1)]
    assert game.refusal(Decline, "bob") == "nothing_offered"
    assert game.ask(OfferDraw, "bob") == [DrawOffered(1)]


def test_what_was_declined_is_not_asked_for_again_before_the_next_own_move(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.ask(OfferDraw, "ann")
    game.ask(Decline, "bob")
    assert game.refusal(OfferDraw, "ann") == "declined"
    game.plays("5")
    game.ask(AskTakeback, "ann")
    game.ask(Decline, "bob")
    assert game.refusal(AskTakeback, "ann") == "declined"
    assert game.ask(OfferDraw, "ann") == [DrawOffered(0)], "the other wish is another matter"
    game.plays("1", "2")
    assert game.ask(OfferDraw, "ann") == [DrawOffered(0)]


def test_only_who_plays_a_game_that_knows_draws_can_offer_one(table: "MakeTable") -> None:
    assert table("hangman", "ann", "bob").refusal(OfferDraw, "ann") == "no_draws"
    assert table("tictactoe", "ann", "bob").refusal(OfferDraw, "cat") == "not_seated"
    assert table("tictactoe", "ann").refusal(OfferDraw, "ann") == "not_started"


# -------------------------------------------------------------------------------------- takebacks


def test_a_move_is_taken_back_when_all_agree(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    start = game.game.board
    game.ask(Play, "ann", "5")
    assert game.ask(AskTakeback, "ann") == [TakebackAsked(0, 1)]
    assert asking(game.game) == "<ann> asks to take a move back."
    assert game.ask(AskTakeback, "bob") == [TakebackAsked(1, 1), TakenBack(2, 1)]
    assert game.game.board == start
    assert game.actors == (0,)


def test_what_was_undone_stays_in_the_log_and_plies_go_on(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.ask(Play, "ann", "5")
    game.ask(AskTakeback, "ann")
    game.ask(AskTakeback, "bob")
    assert game.ask(Play, "ann", "1") == [MovePlayed(3, 0, "1")]
    assert game.ask(Play, "bob", "5") == [MovePlayed(4, 1, "5")]
    assert [event.ply for event in game.events if isinstance(event, (MovePlayed, TakenBack))] == [1, 2, 3, 4]


def test_the_last_own_move_is_taken_back_with_the_answer_to_it(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.plays("5", "1", "2")
    board = game.game.board
    game.plays("3", "4")
    assert game.ask(AskTakeback, "bob") == [TakebackAsked(1, 2)]
    game.ask(AskTakeback, "ann")
    assert game.game.board == board
    assert game.actors == (1,)
    game.plays("8", "3")


def test_what_is_asked_for_lapses_with_the_next_move(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.plays("5")
    game.ask(AskTakeback, "ann")
    game.plays("1")
    assert game.game.takeback is None
    assert game.ask(AskTakeback, "bob") == [TakebackAsked(1, 1)]


def test_a_takeback_can_be_declined(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.plays("5")
    game.ask(AskTakeback, "ann")
    assert game.refusal(AskTakeback, "ann") == "already_offered"
    assert game.ask(Decline, "bob") == [TakebackDeclined(1)]
    assert game.refusal(Decline, "bob") == "nothing_offered"
    assert game.actors == (1,)


def test_a_takeback_is_declined_before_a_draw(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.plays("5")
    game.ask(OfferDraw, "ann")
    game.ask(AskTakeback, "ann")
    assert game.ask(Decline, "bob") == [TakebackDeclined(1)]
    assert game.ask(Decline, "bob") == [DrawDeclined(1)]


def test_a_draw_offered_on_a_board_that_is_gone_is_gone_too(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.plays("5")
    game.ask(OfferDraw, "ann")
    game.ask(AskTakeback, "ann")
    game.ask(AskTakeback, "bob")
    assert game.game.draw_offers == ()


def test_who_has_not_moved_has_nothing_to_take_back(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    assert game.refusal(AskTakeback, "ann") == "no_takeback"
    game.plays("5")
    assert game.refusal(AskTakeback, "bob") == "no_takeback"
    assert game.refusal(AskTakeback, "cat") == "not_seated"


def test_only_so_many_moves_are_kept_to_be_taken_back(table: "MakeTable") -> None:
    game = table("connect4", "ann", "bob")
    game.plays("1", "2", "1", "2", "3", "4", "3", "4")
    for _ in range(3):
        game.ask(AskTakeback, "ann")
        game.ask(AskTakeback, "bob")
    assert game.refusal(AskTakeback, "ann") == "no_takeback"
    game.plays("7")
    assert game.ask(AskTakeback, "ann") == [TakebackAsked(0, 1)]


@pytest.mark.parametrize("name", ["2048", "yahtzee", "battleship", "liars-dice", "hangman", "minesweeper"])
def test_nothing_is_taken_back_across_chance_or_where_something_is_hidden(
    table: "MakeTable", name: str
) -> None:
    game = table(name, *("ann", "bob")[: games.load(name).seats.max])
    seat = game.actors[0]
    mover = game.game.players[seat]
    game.ask(Play, mover, games.load(name).legal(game.game.board, seat)[0])
    assert game.refusal(AskTakeback, mover) == "no_takeback"


def test_choices_made_at_once_are_not_taken_back(table: "MakeTable") -> None:
    game = table("rock-paper-scissors", "ann", "bob")
    game.ask(Play, "ann", "rock")
    assert game.refusal(AskTakeback, "ann") == "no_takeback"
    game.ask(Play, "bob", "rock")
    assert game.refusal(AskTakeback, "ann") == "no_takeback"


def test_the_clock_of_who_is_to_move_again_runs_again_without_what_was_gained(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="5m+10s")
    game.plays("5", at=60)
    game.ask(AskTakeback, "ann", at=70)
    (_, undone, clocks) = game.ask(AskTakeback, "bob", at=80)
    assert undone == TakenBack(2, 1)
    assert clocks == ClocksSet((240_000, 280_000), (game.ms(80), 0), (game.ms(320), 0))


def test_who_is_out_is_not_asked(table: "MakeTable") -> None:
    game = table("wordchain", "ann", "bob", "cat")
    game.ask(Resign, "cat")
    game.ask(Play, "ann", games.load("wordchain").legal(game.game.board, 0)[0])
    game.ask(AskTakeback, "ann")
    assert game.refusal(Decline, "cat") == "nothing_offered"
    assert game.refusal(AskTakeback, "cat") == "gave_up"
    assert isinstance(game.ask(AskTakeback, "bob")[-1], TakenBack)
