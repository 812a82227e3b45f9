"""A log with something of everything in it, made once, and copied for each test that wants to spoil it.

How it is spoiled is in a module of this folder (spoiling)."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))

from milena.aggregates import GAMES
from milena.home import Home
from milena.store.heads import HeadKeeper


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, invocation: Callable[..., Any]) -> Path:
    """A data directory: games won, lost and resigned, two that go on, and refusals."""
    path = tmp_path_factory.mktemp("played") / "data"
    with Home(path) as home, home.engine() as engine:
        ann, bob = (home.vault.player("terminal", name) for name in ("ann", "bob"))

        def ask(command: str, player: str, **options: Any) -> Any:
            answer = engine.call(invocation(command, player, **options))
            assert answer.verdict in ("accepted", "refused"), answer
            return answer.result

        def start(game: str, *others: str, **options: Any) -> str:
            key = ask("open", ann, game=game, options=options)["game"]
            for other in others:
                ask("join", other, game=key)
            return str(key)

        def play(key: str, *moves: tuple[str, str]) -> None:
            for player, move in moves:
                ask("move", player, game=key, move=move)

        won = start("tictactoe", bob)
        play(won, (ann, "5"), (bob, "5"), (bob, "1"), (ann, "2"), (bob, "3"), (ann, "8"))
        tiles = start("2048")
        for _ in range(12):
            board = engine.read("game", tiles).state
            play(tiles, (ann, GAMES.rules(board).legal(board.board, 0)[0]))
        ask("resign", ann, game=tiles)
        word = start("hangman", category="animals")
        play(word, (ann, "e"), (ann, "1"))
        ask("resign", ann, game=word)
        fists = start("rock-paper-scissors", bob)
        play(fists, (bob, "rock"), (ann, "paper"), (ann, "rock"), (bob, "scissors"))
        start("connect4", bob)
        waiting = start("rock-paper-scissors", bob)
        play(waiting, (ann, "paper"))
        ask("move", bob, game="nowhere", move="1")
        HeadKeeper(home.store).keep(home.store.head(), now=True)
    return path


@pytest.fixture
def data(played: Path, tmp_path: Path) -> Path:
    """A copy of the played data directory, which nobody has open."""
    return Path(shutil.copytree(played, tmp_path / "spoiled"))
