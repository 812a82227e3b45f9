"""What goes wrong with one machine is told once, tried again ever later, and stops nobody else."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from milena.domain.game import Game
from milena.domain.member import CommandInvoked
from milena.engine import Engine
from milena.home import Home
from milena.machines import game as machine_game
from milena.machines.following import Machines
from milena.ops.config import Config
from milena.store import Envelope

Wait = Callable[..., None]
OpenGame = Callable[..., str]
ReadGame = Callable[[str], Game]

BROKEN = ["bug", "dies", "hangs", "knows no move", "makes no sense"]


def asked(diary: Path) -> int:
    """How often a machine asked what it may do."""
    return diary.read_text().count("\n") if diary.exists() else 0


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("way", BROKEN)
def test_a_game_that_no_machine_can_play_stops_no_other_and_does_not_spin(
    machines: Machines,
    open_game: OpenGame,
    game: ReadGame,
    wait_until: Wait,
    odd: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    moves: Callable[[str], list[Envelope]],
) -> None:
    monkeypatch.setattr(machine_game, "LONGEST", 1.0)
    options = {"way": way, "diary": str(odd)}
    broken = open_game("odd", sit=False, machines=["random", "random"], options=options)
    whole = open_game("tictactoe", sit=False, machines=["random", "random"])

    wait_until(lambda: game(whole).status == "ended")
    wait_until(lambda: errors(caplog))
    time.sleep(2.5)

    assert (game(broken).status, moves(broken)) == ("playing", [])
    (told,) = errors(caplog)
    assert told.startswith(f"random can't go on in game {broken}: ")
    assert 1 <= asked(odd) <= 3, "after 1, 3, 7 ... seconds"


@pytest.mark.parametrize("way", BROKEN)
def test_it_plays_on_when_the_game_is_mended(
    machines: Machines,
    open_game: OpenGame,
    game: ReadGame,
    wait_until: Wait,
    odd: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    monkeypatch.setattr(machine_game, "LONGEST", 0.5)
    options = {"way": way, "diary": str(odd), "upto": 6}
    key = open_game("odd", sit=False, machines=["random", "random"], options=options)
    wait_until(lambda: asked(odd))
    odd.with_suffix(".mended").touch()
    wait_until(lambda: game(key).status == "ended")


def test_a_move_that_was_refused_is_tried_again_after_a_restart_under_another_id(
    home: Home,
    engine: Engine,
    open_game: OpenGame,
    game: ReadGame,
    moves: Callable[[str], list[Envelope]],
    wait_until: Wait,
    odd: Path,
) -> None:
    options = {"way": "makes no sense", "diary": str(odd), "upto": 3}
    key = open_game("odd", sit=False, machines=["random", "random"], options=options)
    version = home.store.stream(f"game:{key}")[-1].version

    def refused(invocation: str) -> bool:
        row = home.store.invocation(invocation)
        event = home.store.event(row) if row else None
        return isinstance(event, CommandInvoked) and event.verdict == "refused"

    with Machines(home, engine):
        wait_until(lambda: refused(f"{key}-{version}-0"))
    odd.with_suffix(".mended").touch()
    with Machines(home, engine):
        wait_until(lambda: game(key).status == "ended")
    row = home.store.at(moves(key)[0].causation or 0)
    assert row is not None
    assert row.invocation is not None
    assert row.invocation.startswith(f"{key}-{version}-0-")


def test_a_cooldown_slows_a_machine_down_and_is_nobody_s_mistake(
    home: Home,
    open_game: OpenGame,
    wait_until: Wait,
    caplog: pytest.LogCaptureFixture,
    moves: Callable[[str], list[Envelope]],
) -> None:
    key = open_game("2048", sit=False, machines=["random"])
    with (
        Home(home.path, Config(cooldowns={"move": 0.3})) as rested,
        rested.engine() as engine,
        Machines(rested, engine),
    ):
        wait_until(lambda: len(moves(key)) >= 2)
    assert errors(caplog) == []


def test_a_machine_that_thinks_for_too_long_moves_at_random(
    machines: Machines,
    open_game: OpenGame,
    wait_until: Wait,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    moves: Callable[[str], list[Envelope]],
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(machine_game, "LONGEST", 1.5)
    key = open_game("connect4", sit=False, machines=["mcts5", "mcts5"])
    wait_until(lambda: len(moves(key)) >= 1)
    assert "mcts5 found no move in 1.5 seconds" in caplog.text


def test_a_machine_heeds_its_clock(
    machines: Machines,
    open_game: OpenGame,
    wait_until: Wait,
    moves: Callable[[str], list[Envelope]],
) -> None:
    key = open_game("connect4", sit=False, machines=["mcts5", "mcts5"], clock="2s/turn")
    wait_until(lambda: len(moves(key)) >= 3)


def test_a_slow_machine_in_one_game_does_not_hold_up_another(
    machines: Machines, open_game: OpenGame, game: ReadGame, wait_until: Wait, odd: Path
) -> None:
    slow = {"seconds": 20, "diary": str(odd)}
    open_game("odd", sit=False, machines=["random", "random"], options=slow)
    wait_until(lambda: asked(odd))
    quick = [open_game("tictactoe", sit=False, machines=["random", "random"]) for _ in range(3)]
    wait_until(lambda: all(game(key).status == "ended" for key in quick), patience=10)
