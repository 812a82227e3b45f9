"""Seats: begun before all are taken, given up in time, taken late, handed over."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from milena.domain.game import (
    Begin,
    Decline,
    Expire,
    Invite,
    LeaveSeat,
    OfferDraw,
    Play,
    Resign,
    TakeOver,
    TakeSeat,
)
from milena.domain.game.events import (
    ChanceHidden,
    ClocksSet,
    Ended,
    InvitationDeclined,
    InvitationExpired,
    Invited,
    SeatHandedOver,
    SeatTaken,
    Started,
)
from milena.domain.ids import PlayerId

if TYPE_CHECKING:
    from tests.domain.game.conftest import MakeTable

ANN, BOB, CAT = PlayerId("ann"), PlayerId("bob"), PlayerId("cat")


# ------------------------------------------------------------------------------------------ begin


def test_a_game_can_begin_with_those_who_are_there_and_their_seats_close_up(table: "MakeTable") -> None:
    game = table("liars-dice", "ann", seats=5)
    game.ask(TakeSeat, "bob", seat=3)
    assert game.ask(Begin, "ann")[0] == Started(2)
    assert game.game.players == (ANN, BOB)
    assert game.game.seat_of(BOB) == 1
    assert game.game.salts == ["saltann", "saltbob"]


def test_it_can_not_begin_with_fewer_than_the_game_needs(table: "MakeTable") -> None:
    game = table("liars-dice", "ann", seats=5)
    assert game.refusal(Begin, "ann") == "too_few"
    assert game.refusal(Begin, "bob") == "not_seated"
    game.ask(TakeSeat, "bob")
    game.ask(Begin, "bob")
    assert game.refusal(Begin, "bob") == "has_begun"


def test_a_game_that_is_not_begun_in_time_is_given_up(
    table: "MakeTable", ended: Callable[..., Ended]
) -> None:
    game = table("tictactoe", "ann", seats=2, until=3600)
    assert game.due == 3600
    assert game.refusal(Expire, at=3599) == "nothing_due"
    assert game.ask(Expire, at=3600) == [ended("expired", "it was not begun in time")]
    assert game.due is None


def test_a_game_that_was_begun_in_time_is_not_given_up(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", until=3600)
    assert game.due is None
    assert game.refusal(Expire, at=3600) == "nothing_due"


def test_a_game_that_nobody_plays_on_is_given_up(table: "MakeTable", ended: Callable[..., Ended]) -> None:
    game = table("tictactoe", "ann", "bob")
    assert game.ask(Expire, idle=True) == [ended("abandoned", "nobody played on")]


# ------------------------------------------------------------------------------------ late comers


def test_a_late_comer_gets_the_last_seat_and_that_is_a_ply(table: "MakeTable") -> None:
    game = table("hangman", "ann", "bob")
    ply = game.game.ply
    assert game.ask(TakeSeat, "cat") == [SeatTaken(2, CAT, "saltcat", ply + 1)]
    assert game.actors == (0, 1, 2)
    assert game.game.salts == ["saltann", "saltbob", "saltcat"]


def test_a_late_comer_has_what_is_left_of_the_turn(table: "MakeTable") -> None:
    game = table("hangman", "ann", clock="30s/turn")
    events = game.ask(TakeSeat, "bob", at=10)
    assert events[1:] == [ClocksSet((0, 0), (game.ms(0), game.ms(10)), (game.ms(30),) * 2)]


def test_a_late_comer_has_the_whole_time_for_the_game(table: "MakeTable") -> None:
    game = table("hangman", "ann", clock="1m")
    game.ask(TakeSeat, "bob", at=10)
    assert game.left == [50, 60]


def test_nobody_comes_late_into_a_game_that_does_not_know_it_or_is_full_or_private(
    table: "MakeTable",
) -> None:
    assert table("tictactoe", "ann", "bob").refusal(TakeSeat, "cat") == "no_free_seat"
    assert table("hangman", *"abcdefgh").refusal(TakeSeat, "cat") == "no_free_seat"
    assert table("hangman", "ann", "bob", private=True).refusal(TakeSeat, "cat") == "no_free_seat"
    assert table("hangman", "ann", "bob").refusal(TakeSeat, "cat", seat=0) == "no_free_seat"


def test_a_seat_left_before_the_beginning_leaves_its_salt_out_of_the_draws(table: "MakeTable") -> None:
    game = table("hangman", "ann", seats=2)
    game.ask(TakeSeat, "bob", seat=1)  # full, so it starts
    assert isinstance(game.events[-1], ChanceHidden)
    assert game.refusal(LeaveSeat, "bob") == "has_begun"


# ------------------------------------------------------------------------------------- hand-over


def test_a_seat_is_handed_over_to_who_accepts_it_and_its_salt_stays(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    until = game.ms(60)
    assert game.ask(Invite, "ann", "cat", until) == [Invited(CAT, 0, until, ANN)]
    assert game.ask(TakeOver, "cat") == [SeatHandedOver(0, CAT, ANN)]
    assert game.game.players == (CAT, BOB)
    assert game.game.salts == ["saltann", "saltbob"]
    assert game.refusal(Play, "ann", "5") == "not_seated"
    game.ask(Play, "cat", "5")


def test_who_has_handed_a_seat_over_does_not_come_in_again_as_another(table: "MakeTable") -> None:
    game = table("hangman", "ann", "bob")
    game.ask(Invite, "ann", "cat", game.ms(60))
    game.ask(TakeOver, "cat")
    assert game.refusal(TakeSeat, "ann") == "no_free_seat"


def test_an_offered_seat_can_not_be_taken_after_its_time(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.ask(Invite, "ann", "cat", game.ms(60))
    assert game.refusal(TakeOver, "cat", at=60) == "too_late"


def test_what_was_asked_before_a_seat_was_handed_over_is_not_asked_any_more(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.ask(OfferDraw, "ann")
    game.ask(Invite, "ann", "cat", game.ms(60))
    game.ask(TakeOver, "cat")
    assert game.game.draw_offers == ()


def test_until_somebody_accepts_who_offers_the_seat_plays_on(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    game.ask(Invite, "ann", "cat", game.ms(60))
    game.plays("5", "1")
    assert game.due == 60
    assert game.ask(Decline, "cat") == [InvitationDeclined(CAT, CAT)]
    assert game.refusal(TakeOver, "cat") == "nothing_offered"


def test_an_offered_seat_that_nobody_takes_stays_where_it_is(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", private=True)
    game.ask(Invite, "ann", "cat", game.ms(60))
    assert game.ask(Expire, at=60) == [InvitationExpired(CAT)]
    assert game.game.status == "playing"


def test_a_clock_runs_on_when_its_seat_is_handed_over(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="5m")
    game.ask(Invite, "ann", "cat", game.ms(600), at=10)
    game.ask(TakeOver, "cat", at=100)
    assert game.left == [200, 300]


def test_a_seat_is_offered_once_at_a_time_by_who_plays_there(table: "MakeTable") -> None:
    game = table("hangman", "ann", "bob", "cat")
    game.ask(Invite, "ann", "dan", game.ms(60))
    assert game.refusal(Invite, "ann", "eve", game.ms(60)) == "already_invited"
    assert game.refusal(Invite, "dan", "eve", game.ms(60)) == "not_seated"
    game.ask(Resign, "ann")
    assert game.game.invited == ()
    assert game.refusal(Invite, "ann", "eve", game.ms(60)) == "gave_up"


def test_who_comes_in_late_can_not_take_over_a_second_seat(table: "MakeTable") -> None:
    game = table("hangman", "ann", "bob")
    game.ask(Invite, "ann", "cat", game.ms(60))
    game.ask(TakeSeat, "cat")
    assert game.refusal(TakeOver, "cat") == "nothing_offered"
    assert game.game.players == (ANN, BOB, CAT)
