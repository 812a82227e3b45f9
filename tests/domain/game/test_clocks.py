"""Clocks: whose runs, how much is left, and when somebody is reminded."""

from typing import TYPE_CHECKING

from milena.domain.clock import Clock
from milena.domain.game import Expire, Play, TakeSeat
from milena.domain.game.events import ClocksSet, Reminded, Started, TimedOut

if TYPE_CHECKING:
    from tests.domain.game.conftest import MakeTable

DAY = 24 * 3600


def test_no_clock_runs_where_none_was_chosen(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob")
    assert game.game.clocks is None
    assert game.due is None


def test_no_clock_runs_before_the_game_starts(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", seats=2, clock="30s/turn")
    assert game.due is None
    events = game.ask(TakeSeat, "bob", at=100)
    assert events[1:] == [Started(2), ClocksSet((0, 0), (game.ms(100), 0), (game.ms(130), 0))]


def test_each_turn_has_its_time_and_begins_with_the_move_before_it(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="30s/turn")
    assert game.due == 30
    (_, clocks) = game.ask(Play, "ann", "5", at=10)
    assert clocks == ClocksSet((0, 0), (0, game.ms(10)), (0, game.ms(40)))
    assert game.due == 40


def test_sudden_death_takes_the_time_of_all_turns_together(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="5m")
    game.ask(Play, "ann", "5", at=60)
    assert game.left == [240, 300]
    game.ask(Play, "bob", "1", at=100)
    assert game.left == [240, 260]
    assert game.due == 100 + 240
    game.ask(Play, "ann", "2", at=110.5)
    assert game.left == [229.5, 260]


def test_a_move_gains_time(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="3m+2s")
    game.ask(Play, "ann", "5", at=10)
    assert game.left == [180 - 10 + 2, 180]
    game.ask(Play, "bob", "1", at=11)
    assert game.left == [172, 180 - 1 + 2]
    assert game.due == 11 + 172


def test_of_two_limits_the_first_to_end_counts(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="70s,1m/turn")
    assert game.due == 60
    game.ask(Play, "ann", "5", at=50)
    assert game.due == 50 + 60
    game.ask(Play, "bob", "1", at=51)
    assert game.due == 51 + 20
    assert game.left == [20, 69]


def test_the_clocks_stop_when_the_game_is_over(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="5m")
    game.plays("1", "4", "2", "5", "3")
    assert game.game.status == "ended"
    assert game.due is None
    assert game.game.clocks is None


def test_where_all_choose_at_once_each_clock_runs_until_its_seat_has_chosen(table: "MakeTable") -> None:
    game = table("rock-paper-scissors", "ann", "bob", clock="1m")
    game.ask(Play, "bob", "rock", at=20)
    assert game.left == [40, 40]
    assert game.due == 60
    game.now = 30
    assert game.left == [30, 40]
    game.ask(Play, "ann", "rock")
    assert game.due == 30 + 30


def test_where_whoever_comes_first_plays_the_time_begins_anew_for_all_with_each_turn(
    table: "MakeTable",
) -> None:
    game = table("hangman", "ann", "bob", clock="30s/turn")
    (_, clocks) = game.ask(Play, "bob", "e", at=20)
    assert clocks == ClocksSet((0, 0), (game.ms(20),) * 2, (game.ms(50),) * 2)


def test_a_game_may_have_a_clock_of_its_own(table: "MakeTable") -> None:
    game = table("quiz", "ann", "bob", seconds=15)
    assert game.game.clock == Clock(turn=15)
    assert game.due == 15


# ------------------------------------------------------------------------------- correspondence


def test_in_correspondence_a_seat_is_reminded_once_when_a_quarter_of_its_time_is_left(
    table: "MakeTable",
) -> None:
    game = table("tictactoe", "ann", "bob", clock="4d/turn")
    assert game.due == 3 * DAY
    assert game.refusal(Expire, at=3 * DAY - 1) == "nothing_due"
    assert game.ask(Expire, at=3 * DAY) == [Reminded(0, game.ms(4 * DAY))]
    assert game.refusal(Expire, at=3 * DAY + 1) == "nothing_due"
    assert game.due == 4 * DAY


def test_the_next_turn_has_its_own_reminder(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="4d/turn")
    game.ask(Expire, at=3 * DAY)
    game.plays("5", at=3.5 * DAY)
    assert game.due == 6.5 * DAY
    assert game.ask(Expire, at=7 * DAY) == [Reminded(1, game.ms(7.5 * DAY))]
    game.plays("1")
    assert game.ask(Expire, at=10 * DAY) == [Reminded(0, game.ms(11 * DAY))]


def test_who_moves_in_time_is_not_reminded(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="4d/turn")
    game.plays("5", at=2 * DAY)
    assert game.due == 5 * DAY
    assert not [event for event in game.events if isinstance(event, Reminded)]


def test_who_ran_out_of_time_while_nobody_looked_is_not_reminded_as_well(table: "MakeTable") -> None:
    game = table("liars-dice", "ann", "bob", clock="4d/turn")
    events = game.ask(Expire, at=9 * DAY)
    assert [type(event) for event in events if isinstance(event, (Reminded, TimedOut))] == [TimedOut]
    assert game.due == 12 * DAY
