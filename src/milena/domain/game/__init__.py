"""The Game aggregate: seats, turns, time, chance, secrets and endings, once for every game.

What a game's own rules say is in one file a game (see :mod:`milena.domain.rules`). All games go
through these states; whatever is not in the table is refused, and says why.

==========  =================================================================  =====================
state       what may be asked                                                  next
==========  =================================================================  =====================
unopened    Open                                                               waiting
waiting     TakeSeat (the last free one: playing), Begin (playing),            waiting, playing
            Invite, LeaveSeat and Decline (too few for a private game:         or ended
            ended), Expire, Abort (ended), Stop (ended), Void (ended)
playing     Play, Resign, OfferDraw, AskTakeback, Decline, TakeSeat (where     playing or ended
            one can come in), Invite and TakeOver (a seat is handed over),
            Expire, Abort (before each side has moved), Stop (ended), Void (ended)
ended       Void (a result is taken away), Rematch                             ended
==========  =================================================================  =====================
"""

from collections.abc import Callable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from milena.domain.event import Changes, Event
from milena.domain.game.agreeing import Offer, asking, offered, require_offered
from milena.domain.game.decide import decide
from milena.domain.game.events import EVENTS
from milena.domain.game.evolve import evolve
from milena.domain.game.playing import LONGEST_MOVE
from milena.domain.game.requests import (
    Abort,
    AskTakeback,
    Begin,
    Decline,
    Expire,
    Invite,
    LeaveSeat,
    OfferDraw,
    Open,
    Play,
    Rematch,
    Resign,
    Stop,
    TakeOver,
    TakeSeat,
    Void,
)
from milena.domain.game.seating import check_options
from milena.domain.game.state import Game, Seated
from milena.domain.game.timing import deadline
from milena.domain.rules import AnyRules
from milena.domain.view import View

__all__ = [
    "LONGEST_MOVE", "Abort", "AskTakeback", "Begin", "Decline", "Expire", "Game", "Games", "Invite",
    "LeaveSeat", "Offer", "OfferDraw", "Open", "Play", "Rematch", "Resign", "Seated", "Stop", "TakeOver",
    "TakeSeat", "Void", "asking", "check_options", "offered", "require_offered",
]  # fmt: skip


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

    def looked_at(self, game: Game) -> dict[str, int]:
        """What to send along with a move, so that it is refused if it was meant for another board: the ply
        or, where all play at once, the turn. Nothing where whoever comes first may move: what others do
        meanwhile does not make a guess a wrong one."""
        if game.status != "playing":
            return {}
        rules = self.rules(game)
        turn = rules.turn(game.board)
        if turn is not None:
            return {"turn": turn}
        if len(rules.actors(game.board)) > 1 and not rules.simultaneous:
            return {}
        return {"ply": game.ply}

    def view(self, game: Game, seat: int | None) -> View:
        """What ``seat`` (None: a spectator) may see. It is made of the hidden state only; only a seat
        that may move is offered moves."""
        if game.board is None:
            return View()
        rules = self.rules(game)
        hidden = rules.hide(game.board, seat)
        view = rules.view(hidden, seat)
        if seat is None or seat not in self.actors(game):
            grid = tuple(
                tuple(replace(cell, move="") if cell.move else cell for cell in row) for row in view.grid
            )
            return replace(view, grid=grid, choices=())
        if view.choices or not rules.offers:
            return view
        return replace(view, choices=tuple(rules.legal(hidden, seat)))

    def deadline(self, state: Game) -> int:
        """When a clock, an invitation or the like runs out next."""
        return deadline(state)

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
        kind = self.rules(game).state_type
        earlier = tuple(replace(before, board=msgspec.convert(before.board, kind)) for before in game.earlier)
        return replace(game, board=msgspec.convert(game.board, kind), earlier=earlier)
