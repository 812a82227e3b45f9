"""Invitations: a seat is kept for somebody, who accepts, declines, or lets the time pass."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from milena.domain.game import Begin, Decline, Expire, Invite, LeaveSeat, TakeOver, TakeSeat
from milena.domain.game.events import (
    Ended,
    InvitationDeclined,
    InvitationExpired,
    Invited,
    SeatLeft,
    SeatTaken,
    Started,
)
from milena.domain.ids import PlayerId

if TYPE_CHECKING:
    from tests.domain.game.conftest import MakeTable

ANN, BOB, CAT = PlayerId("ann"), PlayerId("bob"), PlayerId("cat")


def test_a_seat_is_kept_for_an_invited_player(table: "MakeTable") -> None:
    game = table("tictactoe", "ann")
    until = game.ms(60)
    assert game.ask(Invite, "ann", "bob", until) == [Invited(BOB, 1, until, ANN)]
    assert game.refusal(TakeSeat, "cat") == "no_free_seat"
    assert game.refusal(TakeSeat, "cat", seat=1) == "no_free_seat"
    assert game.due == 60


def test_who_accepts_gets_the_seat_and_the_game_starts(table: "MakeTable") -> None:
    game = table("tictactoe", "ann")
    game.ask(Invite, "ann", "bob", game.ms(60))
    assert game.ask(TakeSeat, "bob") == [SeatTaken(1, BOB, "saltbob"), Started(2)]
    assert game.game.invited == ()
    assert game.due is None


def test_a_certain_seat_can_be_kept(table: "MakeTable") -> None:
    game = table("hangman", "ann", seats=4)
    game.ask(Invite, "ann", "bob", game.ms(60), 3)
    assert game.refusal(Invite, "ann", "cat", game.ms(60), 3) == "seat_taken"
    assert game.ask(TakeSeat, "cat") == [SeatTaken(1, CAT, "saltcat")]
    assert game.ask(TakeSeat, "bob") == [SeatTaken(3, BOB, "saltbob")]


def test_who_takes_another_seat_leaves_the_kept_one_to_all(table: "MakeTable") -> None:
    game = table("hangman", "ann", seats=4)
    game.ask(Invite, "ann", "bob", game.ms(60), 3)
    game.ask(TakeSeat, "bob", seat=1)
    assert game.game.free == [2, 3]


def test_who_opened_the_game_may_invite_without_a_seat_of_their_own(table: "MakeTable") -> None:
    game = table("tictactoe")
    assert game.ask(Invite, "ann", "bob", game.ms(60)) == [Invited(BOB, 0, game.ms(60), ANN)]
    assert game.refusal(Invite, "cat", "dan", game.ms(60)) == "not_seated"


def test_a_seat_that_was_declined_is_free_for_all(table: "MakeTable") -> None:
    game = table("tictactoe", "ann")
    game.ask(Invite, "ann", "bob", game.ms(60))
    assert game.ask(Decline, "bob") == [InvitationDeclined(BOB, BOB)]
    assert game.ask(TakeSeat, "cat") == [SeatTaken(1, CAT, "saltcat"), Started(2)]


def test_an_invitation_expires_and_nothing_is_due_after_it(table: "MakeTable") -> None:
    game = table("tictactoe", "ann")
    game.ask(Invite, "ann", "bob", game.ms(60))
    assert game.refusal(Expire, at=59.999) == "nothing_due"
    assert game.ask(Expire, at=60) == [InvitationExpired(BOB)]
    assert game.due is None
    assert game.game.status == "waiting"
    assert game.refusal(Decline, "bob") == "nothing_offered"


def test_each_invitation_expires_in_its_time(table: "MakeTable") -> None:
    game = table("hangman", "ann", seats=4)
    for guest, seconds in (("bob", 90), ("cat", 30), ("dan", 60)):
        game.ask(Invite, "ann", guest, game.ms(seconds))
    assert game.due == 30
    assert game.ask(Expire, at=70) == [InvitationExpired(CAT), InvitationExpired(PlayerId("dan"))]
    assert game.due == 90


def test_a_private_game_is_for_the_invited_only(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", seats=2, private=True)
    assert game.refusal(TakeSeat, "bob") == "private"
    game.ask(Invite, "ann", "bob", game.ms(60))
    assert game.refusal(TakeSeat, "cat") == "private"
    game.ask(TakeSeat, "bob")
    assert game.game.status == "playing"


def test_a_private_game_closes_when_its_guest_declines(
    table: "MakeTable", ended: Callable[..., Ended]
) -> None:
    game = table("tictactoe", "ann", seats=2, private=True)
    game.ask(Invite, "ann", "bob", game.ms(60))
    assert game.ask(Decline, "bob") == [InvitationDeclined(BOB, BOB), ended("declined", "<bob> declined")]
    assert game.due is None


def test_a_private_game_closes_when_its_guest_does_not_answer(
    table: "MakeTable", ended: Callable[..., Ended]
) -> None:
    game = table("tictactoe", "ann", seats=2, private=True)
    game.ask(Invite, "ann", "bob", game.ms(60))
    reason = "<bob> did not answer the invitation"
    assert game.ask(Expire, at=60) == [InvitationExpired(BOB), ended("expired", reason)]


def test_a_private_game_closes_once_though_several_do_not_answer(table: "MakeTable") -> None:
    game = table("liars-dice", seats=3, private=True)
    for guest in ("bob", "cat", "dan"):
        game.ask(Invite, "ann", guest, game.ms(60))
    events = game.ask(Expire, at=61)
    assert [type(event) for event in events] == [InvitationExpired, InvitationExpired, Ended]


def test_a_private_game_stays_open_while_enough_players_can_come(table: "MakeTable") -> None:
    game = table("liars-dice", "ann", seats=3, private=True)
    for guest in ("bob", "cat"):
        game.ask(Invite, "ann", guest, game.ms(60))
    assert game.ask(Decline, "bob") == [InvitationDeclined(BOB, BOB)]
    game.ask(TakeSeat, "cat")
    assert game.ask(Begin, "ann")


def test_a_private_game_closes_when_too_few_are_left(table: "MakeTable", ended: Callable[..., Ended]) -> None:
    game = table("tictactoe", "ann", seats=2, private=True)
    game.ask(Invite, "ann", "bob", game.ms(60))
    assert game.ask(LeaveSeat, "ann") == [SeatLeft(0, ANN), ended("aborted", "<ann> left")]


def test_an_invitation_can_not_be_accepted_after_its_time_though_nobody_called_it(
    table: "MakeTable",
) -> None:
    game = table("tictactoe", "ann", seats=2)
    game.ask(Invite, "ann", "bob", game.ms(60))
    assert game.refusal(TakeSeat, "bob", at=60) == "too_late"
    assert game.ask(TakeSeat, "bob", at=59.999)


def test_who_has_invited_can_take_it_back_and_invite_again(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", seats=2)
    game.ask(Invite, "ann", "bob", game.ms(60))
    assert game.ask(Decline, "ann") == [InvitationDeclined(BOB, ANN)]
    assert game.refusal(TakeOver, "bob") == "nothing_offered"
    assert game.ask(Invite, "ann", "bob", game.ms(60))


def test_who_has_declined_is_not_asked_again(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", seats=2)
    game.ask(Invite, "ann", "bob", game.ms(60))
    game.ask(Decline, "bob")
    assert game.refusal(Invite, "ann", "bob", game.ms(60)) == "turned_down"
    assert game.ask(TakeSeat, "bob"), "and may come all the same"


def test_only_the_host_can_begin_without_those_who_were_invited(table: "MakeTable") -> None:
    game = table("liars-dice", "ann", "bob", seats=3)
    game.ask(Invite, "ann", "cat", game.ms(60))
    assert game.refusal(Begin, "bob") == "invited"
    assert game.ask(Begin, "ann")


def test_invitations_are_gone_when_the_game_begins_without_them(table: "MakeTable") -> None:
    game = table("hangman", "ann", seats=3)
    game.ask(Invite, "ann", "bob", game.ms(60))
    game.ask(Begin, "ann")
    assert game.due is None
    assert game.refusal(Decline, "bob") == "nothing_offered"


def test_a_player_is_invited_once_and_not_to_a_game_where_they_sit(table: "MakeTable") -> None:
    game = table("hangman", "ann", seats=3)
    game.ask(Invite, "ann", "bob", game.ms(60))
    assert game.refusal(Invite, "ann", "bob", game.ms(90)) == "already_invited"
    assert game.refusal(Invite, "ann", "ann", game.ms(90)) == "already_seated"
    game.ask(TakeSeat, "bob")
    game.ask(LeaveSeat, "bob")
    assert game.ask(Invite, "ann", "bob", game.ms(90)) == [Invited(BOB, 1, game.ms(90), ANN)]
