"""Many deadlines: they fire in their order, also those that passed while nobody ran, and once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from looking import DAY, MINUTE, asked, fired, game, late

from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine, Scheduler
from milena.home import Home
from milena.unfinished import open_games

Invoke = Callable[..., Answer]
Wait = Callable[[float], None]


def test_deadlines_of_many_games_fire_in_their_order(
    scheduler: Scheduler, play: Callable[..., str], invoke: Invoke, ann: PlayerId, wait: Wait, home: Home
) -> None:
    # Given games whose time runs out in another order than they began in, one of them played on
    keys = {seconds: play(f"{seconds}s/turn") for seconds in (30, 10, 40, 25, 15)}
    scheduler.turn()
    wait(9)
    invoke("move", ann, game=keys[10], move="4")  # until 19 s
    invoke("move", ann, game=keys[30], move="4")  # until 39 s
    # When all of it has passed before the scheduler comes to its turn
    wait(60)
    assert scheduler.turn() == 5
    # Then they fire by their deadlines
    expected = [keys[15], keys[10], keys[25], keys[30], keys[40]]
    assert late(home) == expected


def test_what_passed_while_nobody_ran_fires_once_at_the_start_in_order(
    play: Callable[..., str], invoke: Invoke, home: Home, engine: Engine, ann: PlayerId, wait: Wait,
    clock: FrozenDateTimeFactory,
) -> None:  # fmt: skip
    # Given something of every kind, and nobody who serves it
    left = play("")
    wait(25 * DAY)
    waiting = invoke("open", ann, game="hangman", seats=2).result["game"]  # given up after 7 days
    guest = home.vault.player("terminal", "cat")
    invited = invoke("open", ann, game="connect4", invite=[guest], private=True).result["game"]  # an hour
    posted, quick, sudden = play("2d/turn"), play("30s/turn"), play("5m")
    wait(20)
    invoke("move", ann, game=quick, move="4")
    # When a scheduler starts a month later
    wait(29 * DAY)
    scheduler = home.scheduler(engine)
    assert scheduler.turn() == 6
    assert scheduler.turn() == 0
    # Then all of it has fired, in the order of the deadlines, and once
    assert fired(home) == [
        f"{quick} timed_out", f"{quick} ended",
        f"{sudden} timed_out", f"{sudden} ended",
        f"{invited} invitation_expired", f"{invited} ended",
        f"{posted} timed_out", f"{posted} ended",
        f"{left} ended",
        f"{waiting} ended",
    ]  # fmt: skip
    assert open_games(home.store) == []
    assert home.scheduler(engine).turn() == 0
    assert {event.verdict for event in asked(home)} == {"accepted"}


def test_a_deadline_that_another_home_has_set_is_found(
    scheduler: Scheduler, home: Home, ann: PlayerId, bob: PlayerId, wait: Wait,
    invocation: Callable[..., Any],
) -> None:  # fmt: skip
    assert scheduler.turn() == 0
    with Home(home.path) as other, other.engine() as theirs:
        opened = theirs.call(invocation("open", ann, game="connect4", clock="30s/turn"))
        theirs.call(invocation("join", bob, game=opened.result["game"]))
    wait(29)
    assert scheduler.turn() == 0
    wait(1)
    assert scheduler.turn() == 1
    assert game(home, opened.result["game"]).how == "timeout"


def test_two_schedulers_on_one_log_serve_each_deadline_once(
    home: Home, engine: Engine, play: Callable[..., str], wait: Wait, clock: FrozenDateTimeFactory
) -> None:
    with Home(home.path) as other, other.engine() as theirs:
        schedulers = [home.scheduler(engine), other.scheduler(theirs)]
        keys = [play(f"{10 + number}s/turn", "yahtzee") for number in range(6)]
        for _ in range(30):
            wait(3)
            for each in schedulers:
                each.turn()
            schedulers.reverse()
        assert all(each.fired for each in schedulers)
    # yahtzee plays on by chance, so that each game has had several deadlines
    assert set(late(home)) == set(keys)
    assert len(late(home)) == sum(each.fired for each in schedulers) > 2 * len(keys)
    assert {event.verdict for event in asked(home)} == {"accepted"}
    assert len(asked(home)) == len(late(home))


def test_a_deadline_that_was_served_does_not_fire_again_when_the_time_is_set_back(
    scheduler: Scheduler, play: Callable[..., str], wait: Wait, home: Home, clock: FrozenDateTimeFactory
) -> None:
    earlier = play("30s/turn", "yahtzee")
    wait(30)
    assert scheduler.turn() == 1
    # When the system's clock goes back by a quarter of an hour, and another game begins
    clock.tick(timedelta(minutes=-15))
    later = play("30s/turn")
    for _ in range(16):
        wait(MINUTE)
        scheduler.turn()
    # Then what begins now is served at its time, and what was served is not served again
    assert late(home) == [earlier, later, earlier]
