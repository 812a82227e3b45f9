"""Games in a data directory, and what is in a directory."""

import time
from pathlib import Path
from typing import NamedTuple

from milena.aggregates import GAMES
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.engine import Answer, Engine
from milena.home import Home


class Played(NamedTuple):
    """``won`` and ``open`` are ids of games of tictactoe, of ann and bob; in the open one ``5`` and ``1``
    were played."""

    path: Path
    won: str
    open: str


class Table:
    """Asks for commands as ann and bob, in turn."""

    def __init__(self, home: Home, engine: Engine) -> None:
        self.home = home
        self.engine = engine

    def ask(self, who: str, command: str, **options: object) -> Answer:
        player = self.home.vault.player("terminal", who)
        now = time.time_ns() // 1_000_000
        invocation = Invocation(
            InvocationId(new_id()), command, dict(options), player, Place("terminal/main"), now
        )
        return self.engine.call(invocation)

    def begin(self) -> str:
        game = str(self.ask("ann", "open", game="tictactoe").result["game"])
        assert self.ask("bob", "join", game=game).verdict == "accepted"
        return game

    def move(self, game: str, squares: str) -> None:
        for square in squares:
            state = self.engine.read("game", game).state
            seated = state.seats[GAMES.actors(state)[0]]
            who = self.home.vault.name(seated.player)
            assert self.ask(who, "move", game=game, move=square).verdict == "accepted"


def play(path: Path) -> Played:
    with Home(path) as home, home.engine() as engine:
        table = Table(home, engine)
        won = table.begin()
        table.move(won, "14253")
        open = table.begin()
        table.move(open, "51")
    return Played(path, won, open)


def tree(directory: Path) -> dict[str, bytes]:
    """Every file and directory below, with its bytes."""
    return {
        str(path.relative_to(directory)): path.read_bytes() if path.is_file() else b""
        for path in sorted(directory.rglob("*"))
    }
