"""One deadline: it fires when it is due, once, unless it was overtaken; and it tells where it comes from."""

from collections.abc import Callable

import pytest
from freezegun.api import FrozenDateTimeFactory
from looking import DAY, HOUR, MINUTE, asked, fired, game, last, scores

from milena.domain.game.events import InvitationExpired, Reminded, TimedOut
from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine, Scheduler
from milena.home import Home

Invoke = Callable[..., Answer]
Invite = Callable[[str, PlayerId], Answer]
Wait = Callable[[float], None]


def test_a_turn_that_is_not_made_in_time_is_lost_once(
    scheduler: Scheduler, play: Callable[..., str], wait: Wait, home: Home
) -> None:
    key = play("30s/turn")
    wait(29.999)
    assert scheduler.turn() == 0
    wait(0.001)
    assert scheduler.turn() == 1
    assert (game(home, key).how, scores(home, key)) == ("timeout", (0.0, 1.0))
    wait(DAY)
    assert scheduler.turn() == 0
    assert fired(home) == [f"{key} timed_out", f"{key} ended"]
    assert scheduler.fired == len(asked(home)) == 1


def test_a_deadline_that_was_overtaken_by_a_move_does_not_fire(
    scheduler: Scheduler, play: Callable[..., str], invoke: Invoke, ann: PlayerId, wait: Wait, home: Home
) -> None:
    key = play("30s/turn")
    scheduler.turn()
    wait(20)
    invoke("move", ann, game=key, move="4")
    wait(15)
    assert scheduler.turn() == 0
    assert asked(home) == []
    wait(15)
    assert scheduler.turn() == 1
    assert fired(home) == [f"{key} timed_out", f"{key} ended"]
    assert scores(home, key) == (1.0, 0.0)


def test_sudden_death_counts_all_turns_of_a_seat_together(
    scheduler: Scheduler, play: Callable[..., str], invoke: Invoke, ann: PlayerId, bob: PlayerId, wait: Wait,
    home: Home,
) -> None:  # fmt: skip
    # Given a minute for each, of which ann takes 40 s and bob 10
    key = play("1m")
    wait(40)
    invoke("move", ann, game=key, move="4")
    scheduler.turn()
    wait(10)
    invoke("move", bob, game=key, move="4")
    # Then 20 s are left to ann
    wait(19.999)
    assert scheduler.turn() == 0
    wait(0.001)
    assert scheduler.turn() == 1
    assert home.store.event(last(home, key, "game.timed_out")) == TimedOut(
        ply=2, seat=0, missed="lost", flag=True
    )


@pytest.mark.parametrize("restarted", [False, True], ids=["one scheduler", "a new one for each turn"])
def test_each_turn_of_a_correspondence_game_is_reminded_of_once_before_it_ends(
    restarted: bool, play: Callable[..., str], invoke: Invoke, ann: PlayerId, wait: Wait, home: Home,
    engine: Engine, clock: FrozenDateTimeFactory,
) -> None:  # fmt: skip
    running = home.scheduler(engine)
    running.turn()

    def turn() -> int:
        return (home.scheduler(engine) if restarted else running).turn()

    # Given three days a turn: a reminder when 18 hours are left
    key = play("3d/turn")
    assert turn() == 0
    wait(54 * HOUR - 1)
    assert turn() == 0
    wait(1)
    assert [turn(), turn()] == [1, 0]
    wait(HOUR)
    invoke("move", ann, game=key, move="4")
    # Then the other player is reminded as well, and loses when nothing comes
    wait(54 * HOUR)
    assert [turn(), turn()] == [1, 0]
    wait(18 * HOUR - 1)
    assert turn() == 0
    wait(1)
    assert [turn(), turn()] == [1, 0]
    assert fired(home) == [f"{key} reminded", f"{key} reminded", f"{key} timed_out", f"{key} ended"]
    told = [home.store.event(e) for e in home.store.stream(f"game:{key}") if e.tag == "game.reminded"]
    assert [event.seat for event in told if isinstance(event, Reminded)] == [0, 1]


def test_all_deadlines_of_one_game_fire_each_at_its_time(
    home: Home, engine: Engine, invoke: Invoke, invite: Invite, ann: PlayerId, wait: Wait,
    clock: FrozenDateTimeFactory,
) -> None:  # fmt: skip
    # Given a game for four that waits for players, and two invitations, ten minutes apart
    key = invoke("open", ann, game="hangman", seats=4).result["game"]
    guests = [home.vault.player("terminal", name) for name in ("cat", "dan")]
    for guest in guests:
        invite(key, guest)
        wait(10 * MINUTE)
    # When a scheduler finds them at its start
    scheduler = home.scheduler(engine)
    assert scheduler.turn() == 0
    # Then the invitations expire after an hour each, and the game is given up after seven days
    for guest in guests:
        wait(40 * MINUTE if guest == guests[0] else 10 * MINUTE)
        assert [scheduler.turn(), scheduler.turn()] == [1, 0]
        assert home.store.event(last(home, key, "game.invitation_expired")) == InvitationExpired(guest)
    wait(7 * DAY - 70 * MINUTE - 1)
    assert scheduler.turn() == 0
    wait(1)
    assert scheduler.turn() == 1
    assert game(home, key).how == "expired"


def test_a_game_that_nobody_has_touched_for_a_month_is_given_up_by_the_sweep(
    scheduler: Scheduler, invoke: Invoke, play: Callable[..., str], ann: PlayerId, wait: Wait, home: Home
) -> None:
    left, played = play(""), play("")
    scheduler.turn()
    wait(20 * DAY)
    invoke("move", ann, game=played, move="4")
    wait(10 * DAY - 1)
    assert scheduler.turn() == 0
    wait(HOUR)  # until the next sweep
    assert [scheduler.turn(), scheduler.turn()] == [1, 0]
    assert (game(home, left).how, game(home, played).status) == ("abandoned", "playing")
    wait(20 * DAY)
    assert scheduler.turn() == 1
    assert fired(home) == [f"{left} ended", f"{played} ended"]


def test_what_a_deadline_leads_to_follows_from_the_event_that_set_it(
    scheduler: Scheduler, play: Callable[..., str], invoke: Invoke, invite: Invite, ann: PlayerId,
    wait: Wait, home: Home,
) -> None:  # fmt: skip
    # Given a clock, and something else that happens while it runs
    key = play("30s/turn")
    moved = invoke("move", ann, game=key, move="4")
    invoke("draw", ann, game=key)
    # and an invitation, with a reminder of something later set behind it
    guest = home.vault.player("terminal", "cat")
    invited = invite(other := play("2d/turn"), guest)
    invoke("move", ann, game=other, move="4")
    wait(HOUR)
    assert scheduler.turn() == 2
    # Then each of them tells its cause
    timed_out, gone = last(home, key, "game.timed_out"), last(home, other, "game.invitation_expired")
    assert (timed_out.correlation, gone.correlation) == (moved.invocation, invited.invocation)
    causes = [home.store.at(each.causation or 0) for each in (timed_out, gone)]
    assert [each and each.causation for each in causes] == [
        last(home, key, "game.clocks_set").position,
        last(home, other, "game.invited").position,
    ]
