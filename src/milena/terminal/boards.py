"""The board of a game below an answer: who plays, how it stands for whoever asked, what was played last."""

import threading
import time

from rich.console import Console, RenderableType
from rich.text import Text

from milena import telling
from milena.aggregates import GAMES
from milena.domain.game import Game, asking
from milena.domain.ids import PlayerId
from milena.domain.refusal import fill_names
from milena.home import Home
from milena.machines.game import LONGEST
from milena.replay.history import History
from milena.store import StoreError
from milena.terminal.board import fit, lines
from milena.terminal.front import Scene, scene
from milena.terminal.screen import header, last_plies, seats

BESIDE = 7
"""Lines of a screen for what stands above and below a board, and for the prompt."""
SPARE = 5.0
"""Seconds that a machine may take beyond the longest thought."""


class Boards:
    """Draws the games of ``home``. ``committed`` is to be called after each commit: where machines alone have
    to move, the board waits for them."""

    def __init__(self, home: Home, console: Console) -> None:
        self._home = home
        self._console = console
        self._moved = threading.Event()

    def committed(self, _: object = None) -> None:
        self._moved.set()

    def drawn(self, key: str, player: PlayerId, at: int | None = None) -> list[RenderableType]:
        """The game as ``player`` may see it now; ``at``: as spectators saw it after that ply."""
        history = History(self._home.store, GAMES, key)
        history.catch_up()
        if at is None:
            self._wait_for_machines(history)
        if history.problem:
            return [Text(history.problem)]
        game, name = history.game, self._home.vault.name
        if game.board is None:
            who = ", ".join(map(name, game.players)) or f"opened by {name(game.host)}"
            how = telling.result(game, name) if history.ended else telling.turn(GAMES, game, name)
            return [header(telling.title(GAMES, game), key, wide=False), Text(f"   {who}: {how}")]
        if at is None:
            shown = scene(history, name, None if history.ended else game.seat_of(player))
            return [*self._scene(shown), *self._state(history)]
        ply = next((each for each in history.plies if each.number == at), history.plies[-1])
        view = telling.with_names(history.view(ply), telling.players(game, name))
        return [
            header(telling.title(GAMES, game), key, wide=False),
            fit(view, lines(self._console), self._room),
            Text(telling.ply(history, ply, name), "dim"),
        ]

    @property
    def _room(self) -> int:
        """Lines for the board."""
        return max(8, self._console.height - BESIDE) if self._console.is_terminal else 1000

    def _scene(self, shown: Scene) -> list[RenderableType]:
        key = shown.history.game.key
        parts: list[RenderableType] = [header(shown.title, key, wide=False), seats(shown)]
        parts.append(fit(shown.view, lines(self._console), self._room))
        if last := last_plies(shown, self._home.vault.name):
            parts.append(Text(last, "dim"))
        return parts

    def _state(self, history: History) -> list[RenderableType]:
        """What is asked for, whose turn it is, or how it ended."""
        game, name = history.game, self._home.vault.name
        if history.ended:
            return [Text(telling.result(game, name), "bold")]
        asked = fill_names(asking(game), name)
        return [Text(f"{asked} (/game accept or decline)")] if asked else []

    def _wait_for_machines(self, history: History) -> None:
        until = time.monotonic() + LONGEST + SPARE
        while not history.problem and self._machines_due(history.game) and time.monotonic() < until:
            self._moved.wait(1)
            self._moved.clear()
            history.catch_up()

    def _machines_due(self, game: Game) -> bool:
        """Whether nobody but machines can do something now, or one of them is asked."""
        try:
            actors = GAMES.actors(game)
            machines = [
                seat
                for seat, seated in enumerate(game.seats)
                if seated is not None and self._home.vault.source(seated.player) == "machine"
            ]
        except StoreError:
            return False
        agreed = game.takeback.seats if game.takeback is not None else game.draw_offers
        asked = agreed and any(seat in game.still_in and seat not in agreed for seat in machines)
        return game.status == "playing" and bool(asked or (actors and set(actors) <= set(machines)))
