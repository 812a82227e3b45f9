"""A game at a table: played through the Game aggregate, with its events in a small log in memory."""

from random import Random
from typing import Any

from msgspec import Struct

from milena import games
from milena.discord.drawing import People
from milena.domain.event import Event
from milena.domain.game import Game, Games, Open, Play, TakeSeat
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.laws.sampling import plain_options
from milena.replay.history import History
from milena.store import Envelope
from milena.store.reading import Reading

GAMES = Games(games.load)
KEY = "2q4610vyh0k3"
SEED = b"x" * 32
NOW = 1_800_000_000_000


class Log(Reading):
    """The events of one stream, as they are."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def rows(self, sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
        raise NotImplementedError(sql)

    def stream(self, stream: str, after: int = 0, upto: int = 0) -> list[Envelope]:
        return [
            Envelope(n, stream, n, event.tag, "", NOW + n, "", "", "", None, None, b"")
            for n, event in enumerate(self.events[after:], start=after + 1)
        ]

    def event(self, envelope: Envelope) -> Event:
        return self.events[envelope.version - 1]


class Table:
    def __init__(self, name: str, seed: int = 0) -> None:
        self.rules = games.load(name)
        self.random = Random(seed)
        self.log = Log()
        self.game = GAMES.initial(KEY)

    def do(self, request: Struct) -> Game:
        changes = GAMES.decide(self.game, request)
        self.log.events += changes.events
        self.game = changes.state
        return self.game

    def open(self, seats: int | None = None, options: dict[str, Any] | None = None, **more: Any) -> None:
        count = self.rules.seats.min if seats is None else seats
        self.do(Open(player(0), self.rules.name, options or {}, count, SEED, "1/2", **more))

    def sit(self, seats: int | None = None) -> None:
        for seat in range(len(self.game.seats) if seats is None else seats):
            self.do(TakeSeat(player(seat), f"salt{seat}", SEED, seat, NOW))

    def open_any(self) -> None:
        """With whatever options and seats go together."""
        try:
            self.open(
                self.random.randint(*self.rules.seats), plain_options(self.rules.options_type, self.random)
            )
        except Refused:
            self.open()
        self.sit()

    def play(self, seat: int, move: str) -> Game:
        return self.do(Play(player(seat), move, SEED, now=NOW))

    def go_on(self, plies: int) -> None:
        """So many random moves, or to the end."""
        for _ in range(plies):
            if self.game.status != "playing":
                return
            seat = self.random.choice(GAMES.actors(self.game))
            self.play(seat, self.random.choice(self.rules.legal(self.game.board, seat)))

    def history(self, keep: int = 0) -> History:
        history = History(self.log, GAMES, KEY, keep)
        history.catch_up()
        assert not history.problem
        return history


def player(seat: int) -> PlayerId:
    return PlayerId(f"player{seat}")


NAMES = ["ann", "bob", "c*y*d @everyone <@42>", "dée\u202e" * 30]
PEOPLE = People(
    lambda player: NAMES[int(player.removeprefix("player")) % 4],
    lambda player: str(1000 + int(player.removeprefix("player"))),
)
