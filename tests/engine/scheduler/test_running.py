"""The scheduler's thread and the time of the world: clocks of a second, other processes, a lost store."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from looking import asked, fired, game, last, late

from milena.aggregates import GAMES
from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine
from milena.home import Home

PATIENCE = 60

SCRIPT = """
import sys
from pathlib import Path
from milena.home import Home

with Home(Path(sys.argv[1])) as home, home.engine() as engine, home.scheduler(engine) as scheduler:
    print("ready", flush=True)
    sys.stdin.readline()
print(scheduler.fired)
"""


def until(done: Callable[[], bool]) -> None:
    """Wait for something that is bound to happen."""
    given_up = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < given_up, "it does not happen"
        time.sleep(0.02)


def test_clocks_of_a_second_fire_a_second_after_each_move(
    home: Home, engine: Engine, play: Callable[..., str], invoke: Callable[..., Answer], ann: PlayerId
) -> None:
    with home.scheduler(engine):
        overtaken, lost = play("1s/turn"), play("1s/turn")
        time.sleep(0.3)
        invoke("move", ann, game=overtaken, move="4")
        until(lambda: len(late(home)) == 2)
    assert late(home) == [lost, overtaken]
    for key, since in ((lost, "game.started"), (overtaken, "game.move_played")):
        took = last(home, key, "game.timed_out").time - last(home, key, since).time
        assert 1000 <= took < 10_000, "however busy the machine is"


def test_time_runs_out_again_and_again_until_chance_has_played_the_game_to_its_end(
    home: Home, engine: Engine, play: Callable[..., str]
) -> None:
    with home.scheduler(engine) as scheduler:
        key = play("1s/turn", "rock-paper-scissors")
        until(lambda: game(home, key).status == "ended")
    assert game(home, key).how == "finished"
    assert scheduler.fired == len(asked(home))
    assert {event.verdict for event in asked(home)} == {"accepted"}


def test_two_processes_serve_each_deadline_once(
    home: Home, engine: Engine, play: Callable[..., str], assert_whole: Callable[..., None]
) -> None:
    # Given two processes that do nothing but wait for deadlines
    command = [sys.executable, "-c", SCRIPT, str(home.path)]
    pipe = subprocess.PIPE
    others = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    try:
        for other in others:
            assert other.stdout
            assert other.stdout.readline() == "ready\n"
        # When the clocks of twenty games, begun by a third one, run out at nearly the same time
        keys = [play("1s/turn") for _ in range(20)]
        until(lambda: all(game(home, key).status == "ended" for key in keys))
        served = [int(other.communicate("go\n", timeout=PATIENCE)[0]) for other in others]
    finally:
        for other in others:
            other.kill()
            other.wait()
    # Then each has fired once, in order, and both have done their part
    assert late(home) == keys
    assert len(fired(home)) == 2 * len(keys)
    assert sum(served) == len(keys)
    assert [event.verdict for event in asked(home)] == ["accepted"] * len(keys)
    assert_whole(home.path)


def test_the_scheduler_goes_on_when_the_store_is_there_again(
    home: Home, engine: Engine, play: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    log, aside = home.path / "events.db", home.path / "aside"
    with home.scheduler(engine) as scheduler:
        keys = [play("1s/turn") for _ in range(2)]
        # When the file of the log is away while the time of two games runs out
        log.rename(aside)
        until(lambda: "deadlines have to wait" in caplog.text)
        time.sleep(1)
        # Then it is not asked for over and over
        assert len(caplog.text.splitlines()) < 20
        assert scheduler.fired == 0
        # and what was due fires when it is there again
        aside.rename(log)
        until(lambda: scheduler.fired == 2)
    assert late(home) == keys


def test_whoever_stops_it_does_not_wait_for_all_that_is_due(
    home: Home, engine: Engine, play: Callable[..., str]
) -> None:
    # Given a hundred games whose time ran out while nobody served them
    keys = [play("1s/turn") for _ in range(100)]
    time.sleep(1)
    # When a scheduler begins with them and is stopped
    with home.scheduler(engine) as scheduler:
        until(lambda: scheduler._agenda.first() is not None and late(home) != [])
    first = len(late(home))
    assert 0 < first < len(keys)
    # Then the next one does the rest
    assert home.scheduler(engine).turn() == len(keys) - first
    assert late(home) == keys


def test_nothing_is_written_while_nothing_is_due(
    home: Home, engine: Engine, play: Callable[..., str]
) -> None:
    key = play("1h/turn")
    head = home.store.head()
    with home.scheduler(engine):
        time.sleep(1.2)
    assert home.store.head() == head
    assert home.store.fold(GAMES, key).state.status == "playing"
