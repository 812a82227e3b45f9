"""What the tests of the machines share: a package with an odd game, machines that play, and patience."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from milena import games
from milena.aggregates import GAMES
from milena.domain.game import Game
from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine
from milena.home import Home
from milena.machines.following import Machines
from milena.store import Envelope

sys.path.append(str(Path(__file__).parent))

from odd_games import DISTRIBUTION

PATIENCE = 60.0
"""Seconds after which something that should happen is missed."""

Wait = Callable[..., None]


@pytest.fixture(scope="session")
def wait_until() -> Wait:
    """``wait_until(condition)``: until it holds; fails when it never does."""

    def wait(condition: Callable[[], object], patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, "it never came to that"
            time.sleep(0.01)

    return wait


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The package of odd_games is installed. A place for the diary of a game."""
    installed = tmp_path / "installed" / "odd_games-1.0.dist-info"
    installed.mkdir(parents=True)
    for name, text in DISTRIBUTION.items():
        (installed / name).write_text(text)
    monkeypatch.syspath_prepend(installed.parent)
    games._plugins.cache_clear()
    games.load.cache_clear()
    yield tmp_path / "diary"
    games._plugins.cache_clear()
    games.load.cache_clear()


@pytest.fixture
def machines(home: Home, engine: Engine, odd: Path) -> Iterator[Machines]:
    """The machines of ``home``, playing."""
    with Machines(home, engine) as machines:
        yield machines


@pytest.fixture
def open_game(invoke: Callable[..., Answer], ann: PlayerId) -> Callable[..., str]:
    """``open_game("tictactoe", machines=["random"], sit=True)``: opened by ann; returns its id."""

    def open_it(name: str, **asked: Any) -> str:
        answer = invoke("open", ann, game=name, **asked)
        assert answer.verdict == "accepted", answer.sentence
        key: str = answer.result["game"]
        return key

    return open_it


@pytest.fixture
def game(home: Home) -> Callable[[str], Game]:
    """``game(key)``: as it stands in the log."""

    def read(key: str) -> Game:
        state: Game = home.store.fold(GAMES, key).state
        return state

    return read


@pytest.fixture
def moves(home: Home) -> Callable[[str], list[Envelope]]:
    """``moves(key)``: the moves of a game, with who made them."""

    def read(key: str) -> list[Envelope]:
        tags = ("game.move_played", "game.move_hidden", "game.choice_sealed")
        return [row for row in home.store.stream(f"game:{key}") if row.tag in tags]

    return read
