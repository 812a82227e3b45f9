"""The Game aggregate: seats, turns, chance, secrets and endings, once for every game.

What a game's own rules say is in one file a game (see :mod:`milena.domain.rules`). All games go
through these states::

    unopened --Open--> waiting --last seat taken--> playing --outcome, resignation--> ended
                          |                            |                                ^
                          +----------- Abort ----------+--------------------------------+
"""

from collections.abc import Callable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from milena.domain.event import Changes, Event
from milena.domain.game.decisions import (
    LONGEST_MOVE,
    Abort,
    AnyRules,
    LeaveSeat,
    Open,
    Play,
    Resign,
    TakeSeat,
    check_options,
    decide,
)
from milena.domain.game.history import EVENTS, Game, Seated, evolve
from milena.domain.view import View

__all__ = [
    "LONGEST_MOVE",
    "Abort",
    "Game",
    "Games",
    "LeaveSeat",
    "Open",
    "Play",
    "Resign",
    "Seated",
    "TakeSeat",
    "check_options",
]


class Games:
    """The aggregate of every game. ``load`` finds the rules of a game by its name."""

    kind = "game"
    events: tuple[type[Event], ...] = EVENTS

    def __init__(self, load: Callable[[str], AnyRules]) -> None:
        self.load = load

    def rules(self, game: Game) -> AnyRules:
        """The rules that ``game`` is played by, in the version that it began with."""
        rules = self.load(game.name)
        return rules if rules.version == game.rules else rules.at(game.rules)

    def initial(self, key: str) -> Game:
        return Game(key)

    def evolve(self, state: Game, event: Event) -> Game:
        if state.status == "unopened":
            return evolve(state, event, None)
        return evolve(state, event, self.rules(state))

    def decide(self, state: Game, command: Struct) -> Changes[Game]:
        """The events that ``command`` leads to; raises Refused, with a sentence for the player."""
        changes = Changes(self, state)
        rules = self.load(command.game) if isinstance(command, Open) else self.rules(state)
        decide(changes, command, rules)
        return changes

    def actors(self, game: Game) -> tuple[int, ...]:
        """The seats that may move now; those whose simultaneous choice is in have moved."""
        if game.status != "playing":
            return ()
        chosen = [seat for seat, _ in game.choices]
        return tuple(seat for seat in self.rules(game).actors(game.board) if seat not in chosen)

    def view(self, game: Game, seat: int | None) -> View:
        """What ``seat`` (None: a spectator) may see. It is made of the hidden state only; only a seat
        that may move is offered moves."""
        if game.board is None:
            return View()
        rules = self.rules(game)
        hidden = rules.hide(game.board, seat)
        view = rules.view(hidden, seat)
        if seat is None or seat not in self.actors(game):
            grid = tuple(tuple(replace(cell, move="") for cell in row) for row in view.grid)
            return replace(view, grid=grid, choices=())
        return view if view.choices else replace(view, choices=tuple(rules.legal(hidden, seat)))

    def secret(self, state: Game) -> bool:
        """A running game is, while a spectator must not see all of it."""
        if state.status != "playing":
            return False
        return bool(state.choices) or self.rules(state).hide(state.board, None) != state.board

    def encode(self, state: Game) -> bytes:
        return msgspec.json.encode(state)

    def decode(self, data: bytes) -> Game:
        game = msgspec.json.decode(data, type=Game)
        if game.board is None:
            return game
        return replace(game, board=msgspec.convert(game.board, self.rules(game).state_type))
