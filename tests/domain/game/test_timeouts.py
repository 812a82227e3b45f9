"""Timeouts: what it means that a seat ran out of time, as each game has it."""

import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct

from milena import games
from milena.domain.clock import Clock
from milena.domain.game import Expire, Games, Open, Play, TakeSeat
from milena.domain.game.events import (
    ChanceDrawn,
    ChanceHidden,
    ChoiceSealed,
    ChoicesRevealed,
    ClocksSet,
    Ended,
    MovePlayed,
    TimedOut,
)
from milena.domain.ids import PlayerId
from milena.domain.rules import NoOptions, Rules, Seats
from milena.replay.referee import Referee

if TYPE_CHECKING:
    from tests.domain.game.conftest import MakeTable

SEED = bytes(range(32))
KEY = "1g5k2m9xq4"


def of(kind: type, events: list[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def drawn(number: int, moves: list[str], salts: str = "saltann,saltbob") -> str:
    """What a draw gives where all moves are alike likely, as milena.domain.chance tells it."""
    ticket = int(hmac.new(SEED, f"{KEY}/{number}/{salts}".encode(), "sha256").hexdigest(), 16)
    return moves[ticket % len(moves)]


# ---------------------------------------------------------------------------------------- forfeit


def test_who_lets_the_time_for_a_turn_pass_has_lost(table: "MakeTable", ended: Callable[..., Ended]) -> None:
    game = table("tictactoe", "ann", "bob", clock="30s/turn")
    game.plays("5", at=10)
    assert game.refusal(Expire, at=39.999) == "nothing_due"
    assert game.ask(Expire, at=40) == [
        TimedOut(1, 1, "lost"),
        ended("timeout", "<bob> ran out of time", 1, 0),
    ]


def test_who_uses_up_the_time_for_the_game_has_lost(table: "MakeTable", ended: Callable[..., Ended]) -> None:
    game = table("tictactoe", "ann", "bob", clock="1m")
    game.plays("5", "1", at=20)
    assert game.ask(Expire, at=60) == [
        TimedOut(2, 0, "lost", flag=True),
        ended("timeout", "<ann> ran out of time", 0, 1),
    ]


def test_the_end_comes_once(table: "MakeTable") -> None:
    game = table("tictactoe", "ann", "bob", clock="30s/turn")
    game.ask(Expire, at=30)
    assert game.refusal(Expire, at=30) == "game_over"
    assert game.due is None


@pytest.mark.parametrize("clock", ["30s/turn", "30s", "30s,1m/turn"])
def test_a_move_after_its_time_is_refused_though_nobody_called_it(table: "MakeTable", clock: str) -> None:
    game = table("tictactoe", "ann", "bob", clock=clock)
    for late in (30, 31, 3600):
        assert game.refusal(Play, "ann", "5", at=late) == "out_of_time"
    assert game.ask(Play, "ann", "5", at=29.999)


# ------------------------------------------------------------------------------------------- skip


class Question(Struct, frozen=True):
    number: int = 1


class Hurry(Rules[Question, NoOptions]):
    """No game that ships with Milena has it so: the first who is late ends the question for all."""

    name = "hurry"
    title = "Hurry"
    seats = Seats(2, 2)
    bound = 9
    notation = "Type yes."
    on_timeout = "skip"

    def start(self, seats: int, options: NoOptions) -> Question:
        return Question()

    def actors(self, state: Question) -> tuple[int, ...]:
        return (0, 1)

    def turn(self, state: Question) -> int:
        return state.number

    def skip(self, state: Question, seat: int) -> Question:
        return Question(state.number + 1)

    def outcome(self, state: Question) -> None:
        return None


def test_who_is_late_for_a_turn_that_is_over_by_then_is_not_late_for_the_next_one() -> None:
    aggregate = Games(lambda name: Hurry())
    game = aggregate.initial(KEY)
    ann, bob = PlayerId("ann"), PlayerId("bob")
    for request in (
        Open(ann, "hurry", {}, None, SEED, clock=Clock(turn=30)),
        TakeSeat(ann, "a", SEED, now=1_000),
        TakeSeat(bob, "b", SEED, now=1_000),
    ):
        game = aggregate.decide(game, request).state
    assert aggregate.decide(game, Expire(SEED, 31_000)).events == [
        TimedOut(1, 0, "skipped"),
        ClocksSet((0, 0), (31_000, 31_000), (61_000, 61_000)),
    ]


def test_a_turn_is_skipped_and_the_game_goes_on(table: "MakeTable") -> None:
    game = table("liars-dice", "ann", "bob", "cat", clock="30s/turn")
    ply = game.game.ply
    (seat,) = game.actors
    events = game.ask(Expire, at=30)
    assert events[0] == TimedOut(ply + 1, seat, "skipped")
    assert of(ChanceHidden, events), "a die is lost, so all throw again"
    assert isinstance(events[-1], ClocksSet)
    assert game.due == 60


def test_alone_in_a_dungeon_the_same_player_has_another_turn(table: "MakeTable") -> None:
    game = table("dungeon", "ann", clock="1m/turn")
    for turn in (1, 2, 3):
        assert game.due == 60 * turn
        game.ask(Expire, at=60 * turn)
        assert game.game.status == "playing"
    assert [event.missed for event in of(TimedOut, game.events)] == ["skipped"] * 3


def test_all_who_are_late_are_skipped_and_a_new_turn_begins_once(table: "MakeTable") -> None:
    game = table("hangman", "ann", "bob", clock="30s/turn")
    ply = game.game.ply
    events = game.ask(Expire, at=45)
    assert events == [
        TimedOut(ply + 1, 0, "skipped"),
        TimedOut(ply + 2, 1, "skipped"),
        ClocksSet((0, 0), (game.ms(45),) * 2, (game.ms(75),) * 2),
    ]


# ----------------------------------------------------------------------------------------- random


def test_chance_moves_for_who_is_late_and_all_can_recompute_it(table: "MakeTable") -> None:
    game = table("rock-paper-scissors", "ann", "bob", clock="30s/turn")
    game.ask(Play, "bob", "rock", at=5)
    choice = drawn(1, ["rock", "paper", "scissors"])
    events = game.ask(Expire, at=30)
    assert events[:3] == [
        TimedOut(0, 0, "random", 1),
        ChoiceSealed(0, choice),
        ChoicesRevealed(1, ((0, choice), (1, "rock"))),
    ]
    assert game.game.draws == 1
    assert game.due == 60


def test_where_both_are_late_chance_moves_for_both(table: "MakeTable") -> None:
    game = table("rock-paper-scissors", "ann", "bob", clock="30s/turn")
    choices = [drawn(number, ["rock", "paper", "scissors"]) for number in (1, 2)]
    assert game.ask(Expire, at=30)[:5] == [
        TimedOut(0, 0, "random", 1),
        ChoiceSealed(0, choices[0]),
        TimedOut(0, 1, "random", 2),
        ChoiceSealed(1, choices[1]),
        ChoicesRevealed(1, tuple(enumerate(choices))),
    ]


def test_a_move_by_chance_is_one_draw_among_those_of_the_game(table: "MakeTable") -> None:
    game = table("yahtzee", "ann", "bob", clock="30s/turn")
    (seat,), draws = game.actors, game.game.draws
    moves = games.load("yahtzee").legal(game.game.board, seat)
    events = game.ask(Expire, at=30)
    assert events[:2] == [
        TimedOut(game.events[-len(events) - 2].ply, seat, "random", draws + 1),  # type: ignore[attr-defined]
        MovePlayed(events[0].ply + 1, seat, drawn(draws + 1, moves)),  # type: ignore[attr-defined]
    ]
    later = [event.draw for event in of(ChanceDrawn, events)]
    assert later == list(range(draws + 2, draws + 2 + len(later)))


def test_the_referee_takes_no_other_move_than_the_one_that_the_seed_gives(table: "MakeTable") -> None:
    game = table("rock-paper-scissors", "ann", "bob", clock="30s/turn")
    game.ask(Expire, at=30)
    aggregate, referee = Games(games.load), Referee(Games(games.load), [SEED])
    state = aggregate.initial(KEY)
    for event in game.events:
        if isinstance(event, ChoiceSealed):
            break
        assert referee.objection(state, event) is None
        state = aggregate.evolve(state, event)
    for move in {"rock", "paper", "scissors"} - {event.move}:
        assert referee.objection(state, ChoiceSealed(0, move)) == "draw 1 is not what the seed gives."
    assert referee.objection(state, ChoiceSealed(1, event.move)) == "chance has to move for seat 0."
    assert referee.objection(state, TimedOut(0, 1, "random", 2)) == "chance has to move for seat 0 first."


def test_the_flag_is_not_a_missed_turn(table: "MakeTable", ended: Callable[..., Ended]) -> None:
    game = table("rock-paper-scissors", "ann", "bob", clock="1m")
    game.ask(Play, "ann", "rock", at=5)
    game.ask(Play, "bob", "rock", at=20)  # now ann has 55 seconds left, and bob has 40
    assert game.ask(Expire, at=3600) == [
        TimedOut(1, 1, "lost", flag=True),
        ended("timeout", "<bob> ran out of time", 1, 0),
    ]


# ------------------------------------------------------------------------------------------- flag


def test_where_the_others_can_play_on_a_flag_puts_its_seat_out(table: "MakeTable") -> None:
    game = table("hangman", "ann", clock="1m")
    game.ask(TakeSeat, "bob", at=30)
    ply = game.game.ply
    assert game.ask(Expire, at=60)[0] == TimedOut(ply + 1, 0, "left", flag=True)
    assert game.refusal(Play, "ann", "e") == "gave_up"
    assert game.actors == (1,)
    assert game.due == 90


def test_when_the_last_flag_has_fallen_the_rules_say_how_it_ended(table: "MakeTable") -> None:
    game = table("hangman", "ann", "bob", clock="1m")
    events = game.ask(Expire, at=60)
    assert [(event.seat, event.missed) for event in of(TimedOut, events)] == [(0, "left"), (1, "left")]
    assert isinstance(events[-1], Ended)
    assert (events[-1].how, events[-1].scores) == ("finished", (0, 0))


def test_against_the_clock_a_flag_ends_the_counting(table: "MakeTable") -> None:
    game = table("math", "ann", seconds=60)
    assert game.due == 60
    events = game.ask(Expire, at=60)
    assert events[0] == TimedOut(game.game.ply, 0, "left", flag=True)
    assert isinstance(events[-1], Ended)
    assert (events[-1].how, len(events[-1].points)) == ("finished", 1)


# ------------------------------------------------------------------------- what passed meanwhile


@pytest.mark.parametrize("name", ["rock-paper-scissors", "liars-dice", "hangman", "yahtzee"])
def test_however_late_it_is_called_a_turn_is_missed_once(table: "MakeTable", name: str) -> None:
    game = table(name, "ann", "bob", clock="30s/turn")
    actors = game.actors
    events = game.ask(Expire, at=36_000)
    assert [event.seat for event in of(TimedOut, events)] == list(actors)
    assert game.refusal(Expire) == "nothing_due"
    assert game.due == 36_030


def test_who_misses_a_turn_pays_for_the_turn_and_not_for_the_time_that_nobody_looked(
    table: "MakeTable",
) -> None:
    game = table("liars-dice", "ann", "bob", clock="10m,1m/turn")
    (seat,) = game.actors
    game.ask(Expire, at=36_000)
    assert game.game.clocks is not None
    assert game.game.clocks.left[seat] == 540_000
    assert game.game.clocks.left[1 - seat] == 600_000
