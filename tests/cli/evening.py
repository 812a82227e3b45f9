"""An evening of games at fixed times: who played what, and who won, is known to whoever reads this."""

from pathlib import Path
from types import TracebackType
from typing import Any

from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.engine import Answer
from milena.home import Home

START = 1_772_388_000_000
"""2026-03-01T18:00:00Z"""
MINUTE = 60_000


class Evening:
    """Calls commands for the people of a terminal, each a minute after the last. ``games``: the ids of what
    was opened, in order."""

    def __init__(self, directory: Path) -> None:
        self.home = Home(directory)
        self.engine = self.home.engine()
        self.games: list[str] = []
        self.now = START

    def __enter__(self) -> "Evening":
        self.engine.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.close()
        self.home.close()

    def call(self, command: str, who: str, place: str = "terminal/main", **options: Any) -> Answer:
        player = self.home.vault.player("terminal", who)
        invocation = Invocation(
            InvocationId(new_id()), command, options, player, Place(place), self.now, moderator=True
        )
        self.now += MINUTE
        return self.engine.call(invocation)

    def open(self, game: str, one: str, other: str, place: str = "terminal/main") -> None:
        """A game of two begins."""
        self.games.append(self.call("open", one, place, game=game, seats=2).result["game"])
        self.call("join", other, place, game=self.games[-1])

    def move(self, who: str, move: str, place: str = "terminal/main") -> None:
        self.call("move", who, place, game=self.games[-1], move=move)

    def resign(self, who: str, place: str = "terminal/main") -> None:
        self.call("resign", who, place, game=self.games[-1])

    def draw(self, one: str, other: str, place: str = "terminal/main") -> None:
        for who in (one, other):
            self.call("draw", who, place, game=self.games[-1])


def play_an_evening(directory: Path) -> list[str]:
    """The ids of four games: ann wins two in the terminal, and loses one in guild 811; the last is void."""
    with Evening(directory) as evening:
        evening.open("tictactoe", "ann", "bob")
        for who, move in (("ann", "5"), ("bob", "5"), ("bob", "1"), ("ann", "2"), ("bob", "9"), ("ann", "8")):
            evening.move(who, move)  # bob's first one is taken
        evening.open("connect4", "cyd", "ann")
        evening.resign("cyd")
        evening.open("tictactoe", "dan", "ann", "811/1")
        evening.resign("ann", "811/1")
        evening.open("tictactoe", "bob", "cyd")
        evening.resign("bob")
        evening.call("void", "ann", game=evening.games[-1], reason="they are sisters")
        return evening.games


def play_a_season(directory: Path) -> list[str]:
    """The ids of nine games. In tic-tac-toe, in the terminal: ann beats bob twice, they draw, ann beats bob
    again, cyd beats ann, bob beats cyd; in guild 811: dan beats ann, twice. The last game of all is liar's
    dice, the only one that counts points: bob gives up, and ann has five dice left."""
    with Evening(directory) as season:
        for loser in ("bob", "bob"):
            season.open("tictactoe", "ann", "bob")
            season.resign(loser)
        season.open("tictactoe", "bob", "ann")
        season.draw("ann", "bob")
        season.open("tictactoe", "ann", "bob")
        season.resign("bob")
        season.open("tictactoe", "ann", "cyd")
        season.resign("ann")
        season.open("tictactoe", "bob", "cyd")
        season.resign("cyd")
        for _ in range(2):
            season.open("tictactoe", "ann", "dan", "811/1")
            season.resign("ann", "811/1")
        season.open("liars-dice", "ann", "bob")
        season.resign("bob")
        return season.games
