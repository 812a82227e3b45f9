"""Deadlines that can't be served: they stop no others, and are not forgotten."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from looking import DAY, HOUR, MINUTE, append, asked, game
from msgspec.structs import replace

from milena.aggregates import LOBBIES
from milena.commands import commands
from milena.domain.command import Command, Desk, Invocation
from milena.domain.ids import Place, PlayerId
from milena.domain.lobby import Lobby
from milena.engine import Answer, Engine, Scheduler
from milena.home import Home

Invoke = Callable[..., Answer]
Wait = Callable[[float], None]


def test_a_game_that_cannot_be_replayed_is_set_aside_at_the_start_and_the_others_go_on(
    play: Callable[..., str], invoke: Invoke, ann: PlayerId, bob: PlayerId, home: Home, wait: Wait,
    clock: FrozenDateTimeFactory,
) -> None:  # fmt: skip
    # Given a game whose fourth move is not one that can be replayed, between two good ones
    keys = [play("1h/turn") for _ in range(3)]
    for key in keys:
        for player in (ann, bob, ann):
            invoke("move", player, game=key, move="4")
    broken = append(home, keys[1], "game.move_played", '{"ply":4,"seat":1,"move":"99"}')
    # When a process starts anew, when the time of all three is up
    wait(2 * HOUR)
    with Home(home.path) as again, again.engine() as engine:
        scheduler = again.scheduler(engine)
        scheduler.turn()
        lobby: Lobby = again.store.fold(LOBBIES, "terminal").state
        # Then the good ones are served, and the other one is aside: it is told where and why
        assert [game(again, key).how for key in (keys[0], keys[2])] == ["timeout", "timeout"]
        assert (list(lobby.games), list(lobby.aside)) == ([], [keys[1]])
        [aside] = [each for each in again.store.scan() if each.tag == "lobby.game_set_aside"]
        told = again.store.event(aside)
        assert (told.game, told.version, told.failing, told.ply) == (  # type: ignore[attr-defined]
            keys[1], broken, "game.move_played", 3,
        )  # fmt: skip
        # and nobody asks for it again
        count = len(asked(again))
        wait(DAY)
        assert scheduler.turn() + again.scheduler(engine).turn() == 0
        assert len(asked(again)) == count
    # And it can still be read up to there
    command = [sys.executable, "-m", "milena", "replay", keys[1], "--data", str(home.path)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.returncode == 3
    plies = [line.split() for line in shown.stdout.splitlines() if " ann " in line or " bob " in line]
    assert [ply[0] for ply in plies if ply[-1] == "4"] == ["1", "2", "3"]
    assert f"Event {broken} (game.move_played" in shown.stderr


def test_a_deadline_whose_command_fails_is_tried_again_ever_less_often_and_the_others_go_on(
    make_engine: Callable[..., Engine], home: Home, ann: PlayerId, bob: PlayerId, wait: Wait,
    invocation: Callable[..., Any], clock: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    expire = commands()["expire"]
    buggy: set[str] = set()

    def run(desk: Desk, options: Any) -> dict[str, Any]:
        if options.game in buggy:
            raise ZeroDivisionError("a bug in the rules")
        return expire.run(desk, options)

    command = Command("expire", "games", "With a bug.", expire.options, run, internal=True)
    with make_engine(command) as engine:
        keys = []
        for _ in range(3):
            opened = engine.call(invocation("open", ann, game="connect4", clock="30s/turn"))
            keys.append(opened.result["game"])
            engine.call(invocation("join", bob, game=keys[-1]))
        # Given that asking for the first of three leads to a bug
        buggy.add(keys[0])
        scheduler = home.scheduler(engine)
        wait(30)
        assert scheduler.turn() == 2
        assert [game(home, key).status for key in keys] == ["playing", "ended", "ended"]
        # When hours pass, and the scheduler looks every second minute
        for _ in range(6 * 30):
            wait(2 * MINUTE)
            assert scheduler.turn() == 0
        # Then it was tried again and again, but not often, and the operator is told each time
        failed = [event for event in asked(home) if event.verdict == "failed"]
        assert 8 <= len(failed) <= 12
        assert caplog.text.count("was not served") == len(failed)
        # And when the bug is mended, it fires: soon, and at once in a new process
        buggy.clear()
        assert home.scheduler(engine).turn() == 1
        assert game(home, keys[0]).how == "timeout"
        wait(2 * HOUR)
        assert scheduler.turn() == 0
        assert len(asked(home)) == len(failed) + 3


def test_an_event_that_cannot_be_read_hides_no_other_deadline(
    scheduler: Scheduler, play: Callable[..., str], home: Home, wait: Wait
) -> None:
    scheduler.turn()
    # Given two games that the scheduler has not heard of, the first with a damaged clock
    keys = [play("30s/turn"), play("30s/turn")]
    append(home, keys[0], "game.clocks_set", '{"ends":"never"}')
    wait(30)
    assert scheduler.turn() == 1
    assert game(home, keys[1]).how == "timeout"
    assert list(home.store.fold(LOBBIES, "terminal").state.aside) == [keys[0]]


def test_a_guild_whose_games_cannot_be_listed_does_not_stop_the_others(
    scheduler: Scheduler, engine: Engine, invocation: Callable[..., Invocation], ann: PlayerId, bob: PlayerId,
    home: Home, wait: Wait, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def begin(guild: str) -> str:
        opened = replace(
            invocation("open", ann, game="connect4", clock="30s/turn"), place=Place(f"{guild}/c")
        )
        key: str = engine.call(opened).result["game"]
        engine.call(replace(invocation("join", bob, game=key), place=Place(f"{guild}/c")))
        return key

    scheduler.turn()
    keys = [begin("g1"), begin("g2")]
    with home.store.transaction() as transaction:
        version = len(home.store.stream("lobby:g1")) + 1
        transaction.append([("lobby:g1", version, "lobby.exploded", "{}", 0, "", "g1/c", "x", None, None)])
    # When the time of both games is up, and the scheduler looks again for what was left alone
    wait(2 * HOUR)
    assert [scheduler.turn(), scheduler.turn()] == [1, 0]
    # Then that of the sound guild is served, and the other one waits for the operator
    assert [game(home, key).status for key in keys] == ["playing", "ended"]
    assert "lobby.exploded" in caplog.text
