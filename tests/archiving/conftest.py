"""A log whose games ended long ago, made once and copied for each test. Its helpers are in playing.py."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from long_ago import Playing

from milena.home import Home
from milena.store.heads import HeadKeeper


@pytest.fixture(scope="session")
def long_ago(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Games that were won, given up, voided, never begun and played again; hidden moves and draws of chance.
    One goes on."""
    path = tmp_path_factory.mktemp("long-ago") / "data"
    with Home(path) as home, home.engine() as engine:
        playing = Playing(home, engine)
        for kind in ("tictactoe", "hangman", "rock-paper-scissors", "2048", "battleship", "blackjack"):
            playing.play(kind)
        voided = playing.play("tictactoe")
        playing.done("void", 0, game=voided, reason="they agreed")
        waits = playing.done("open", game="othello", seats=2)["game"]
        playing.done("leave", game=waits)
        again = playing.play("connect4")
        playing.done("rematch", game=again)
        playing.open("tictactoe")
        HeadKeeper(home.store).keep(home.store.head(), now=True)
    return path


@pytest.fixture
def data(long_ago: Path, tmp_path: Path) -> Path:
    """A copy of that data directory, which nobody has open."""
    return Path(shutil.copytree(long_ago, tmp_path / "data"))
