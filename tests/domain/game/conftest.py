"""A table where a game is played: given what was asked so far, when something is asked, then these events."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Struct

from milena import games
from milena.domain.clock import parse
from milena.domain.event import Event
from milena.domain.game import Game, Games, Open, Play, TakeSeat
from milena.domain.game.events import Ended
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.replay.referee import Referee

GAMES = Games(games.load)
SEED = bytes(range(32))
NOON = 1_700_000_000_000
HOST = PlayerId("ann")

MakeTable = Callable[..., "Table"]


class Table:
    """A game of ``name``, opened by ann and joined by ``players``. Times are in seconds from its opening.

    Every event is judged by the referee, folded again, and survives a snapshot.
    """

    def __init__(
        self,
        name: str,
        *players: str,
        seats: int | None = None,
        clock: str = "",
        private: bool = False,
        until: float = 0,
        **options: Any,
    ) -> None:
        self.game: Game = GAMES.initial("1g5k2m9xq4")
        self.events: list[Event] = []
        self.now = 0.0
        self._referee = Referee(GAMES, [SEED])
        wanted = seats if seats is not None else max(len(players), games.load(name).seats.min)
        given_up = self.ms(until) if until else 0
        time = parse(clock) if clock else None
        self.ask(
            Open, HOST, name, options, wanted, place="here/main", clock=time, private=private, until=given_up
        )
        for player in players:
            self.ask(TakeSeat, player, chosen=True)

    @staticmethod
    def ms(seconds: float) -> int:
        """So many seconds after the opening, in ms since 1970."""
        return NOON + round(seconds * 1000)

    def request(self, kind: type[Struct], *fields: Any, **named: Any) -> Struct:
        """A request; the seed, the time and a salt go with it where it has a place for them."""
        known: dict[str, Any] = {"seed": SEED, "now": self.ms(self.now)}
        if kind is TakeSeat:
            known["salt"] = f"salt{fields[0]}"
        given = dict(zip(kind.__struct_fields__, fields, strict=False)) if kind is not Play else {}
        if kind is Play:
            given = dict(zip(("player", "move"), fields, strict=True))
        if kind is Open:
            given = dict(zip(("player", "game", "options", "seats"), fields, strict=True))
        own = {name: value for name, value in known.items() if name in kind.__struct_fields__}
        return kind(**{**own, **given, **named})

    def ask(self, kind: type[Struct], *fields: Any, at: float | None = None, **named: Any) -> list[Event]:
        """The events that a request leads to, at a time (or still at the one of the last request)."""
        self.now = self.now if at is None else at
        changes = GAMES.decide(self.game, self.request(kind, *fields, **named))
        folded = self.game
        for event in changes.events:
            assert self._referee.objection(folded, event) is None, event
            folded = GAMES.evolve(folded, event)
        assert folded == changes.state == GAMES.decode(GAMES.encode(folded))
        self.game = changes.state
        self.events += changes.events
        return changes.events

    def plays(self, *moves: str, at: float | None = None) -> None:
        """Whoever may move now plays these, one after another."""
        for move in moves:
            (seat,) = GAMES.actors(self.game)
            self.ask(Play, self.game.players[seat], move, at=at)

    def refusal(self, kind: type[Struct], *fields: Any, at: float | None = None, **named: Any) -> str:
        """The code of the refusal that a request meets; nothing has changed then."""
        self.now = self.now if at is None else at
        before = GAMES.encode(self.game)
        with pytest.raises(Refused) as caught:
            GAMES.decide(self.game, self.request(kind, *fields, **named))
        assert caught.value.sentence.endswith(".")
        assert GAMES.encode(self.game) == before
        return caught.value.code

    @property
    def due(self) -> float | None:
        """When something is due next, in seconds from the opening."""
        deadline = GAMES.deadline(self.game)
        return (deadline - NOON) / 1000 if deadline else None

    @property
    def left(self) -> list[float]:
        """The seconds that each seat has left."""
        clocks = self.game.clocks
        assert clocks is not None
        return [clocks.remaining(seat, self.ms(self.now)) / 1000 for seat in range(len(clocks.ends))]

    @property
    def actors(self) -> tuple[int, ...]:
        return GAMES.actors(self.game)


@pytest.fixture(scope="session")
def table() -> MakeTable:
    """``table("tictactoe", "ann", "bob", clock="5m")``"""
    return Table


@pytest.fixture(scope="session")
def ended() -> Callable[..., Ended]:
    """``ended("timeout", "<ann> ran out of time", 0, 1)``: the last event of such a game."""

    def end(how: Any, reason: str, *scores: float) -> Ended:
        return Ended(how, reason, SEED.hex(), scores)

    return end
