"""Logs that are written event by event, without an engine: many results in a moment, and games where people
come and go at random.

A book looks like a scenario to :func:`folding.fold`. Whoever is called ``m...`` is a machine.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st

from milena import games
from milena.domain.event import Event
from milena.domain.game import (
    Abort,
    Begin,
    Game,
    Games,
    Invite,
    LeaveSeat,
    Open,
    Play,
    Resign,
    TakeOver,
    TakeSeat,
    Void,
)
from milena.domain.game.events import Ended, Opened, Reminded, SeatTaken, Started, Voided
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.store import Envelope
from milena.store.formats import uri
from milena.store.schema import migrate

GAMES = Games(games.load)
SEED = bytes(32)
START = 1_767_225_600_000
MINUTE = 60_000


class Book:
    """A log in the making. Each event comes a minute after the one before."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, str, str, int, str, str]] = []
        self._events: list[tuple[str, Event]] = []
        self._versions: dict[str, int] = {}
        self._path = Path()

    def write(self, game: str, event: Event, place: str, player: str = "somebody") -> int:
        """Of a game, or of another stream, whose whole name is given then. Returns the time of it."""
        stream = game if ":" in game else f"game:{game}"
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        time = START + MINUTE * len(self.rows)
        payload = msgspec.json.encode(event).decode()
        self.rows.append((stream, version, event.tag, payload, time, player, place))
        self._events.append((game, event))
        return time

    @contextmanager
    def kept(self) -> Iterator["Book"]:
        """The book in a file of its own."""
        with tempfile.TemporaryDirectory() as directory:
            self._path = Path(directory) / "events.db"
            with closing(sqlite3.connect(self._path, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous = OFF")
                migrate(db, "events.db")
                db.execute("BEGIN")
                db.executemany(
                    "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'correlation', NULL, NULL, ?)",
                    [(n, *row, n.to_bytes(32, "big")) for n, row in enumerate(self.rows, start=1)],
                )
                db.execute("COMMIT")
            yield self

    # What a scenario has, and a log.

    @property
    def head(self) -> int:
        return len(self.rows)

    @property
    def log(self) -> "Book":
        return self

    @property
    def database(self) -> str:
        return f"{uri(str(self._path))}?mode=ro"

    @property
    def home(self) -> "Book":
        return self

    @property
    def vault(self) -> "Book":
        return self

    def name(self, player: str) -> str:
        return player.title()

    def source(self, player: str) -> str:
        return "machine" if player.startswith("m") else "discord"

    def event(self, envelope: Envelope) -> Event:
        raise NotImplementedError

    def game(self, key: str, upto: int) -> Game | None:
        game = GAMES.initial(key)
        for about, event in self._events[:upto]:
            if about == key:
                game = GAMES.evolve(game, event)
        return game


# ----------------------------------------------------------------------------------- many results


class Result(NamedTuple):
    """A game that was played to the end; ``voided`` so many games later, None: never."""

    guild: str
    kind: str
    players: tuple[str, ...]
    scores: tuple[float, ...]
    points: tuple[int, ...]
    voided: int | None

    def won(self, player: str) -> bool:
        return self.scores[self.players.index(player)] == 1


@st.composite
def _results(draw: st.DrawFn) -> Result:
    people = ["ann", "bob", "cid", "mia", "max"]
    players = draw(st.lists(st.sampled_from(people), min_size=1, max_size=4, unique=True))
    many = {"min_size": len(players), "max_size": len(players)}
    return Result(
        draw(st.sampled_from(["8", "81"])),
        draw(st.sampled_from(["dice", "race"])),
        tuple(players),
        tuple(draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), **many))),
        tuple(draw(st.one_of(st.just([]), st.lists(st.integers(-5, 30), **many)))),
        draw(st.one_of(st.none(), st.none(), st.integers(0, 12))),
    )


results = st.lists(_results(), max_size=30)


def written(results: Sequence[Result], *, without_voided: bool = False) -> Book:
    """The results as a log, in which each game is opened before the last one has ended. ``without_voided``:
    as if a game that is voided had no end, and nobody had voided it: something else happens instead, so that
    all else keeps its place."""
    book = Book()
    for number in range(len(results) + 1):
        if number < len(results):
            _begin(book, f"game{number}", results[number])
        if number:
            result = results[number - 1]
            gone = without_voided and result.voided is not None
            ended = Ended("finished", "it is over", "", result.scores, result.points)
            book.write(f"game{number - 1}", Reminded(0, 0) if gone else ended, f"{result.guild}/1")
        for earlier, result in enumerate(results[:number]):
            if result.voided is not None and min(earlier + 1 + result.voided, len(results)) == number:
                voided = Voided(PlayerId("mod"), "why not")
                book.write(f"game{earlier}", Reminded(0, 0) if without_voided else voided, "elsewhere/1")
    return book


def _begin(book: Book, key: str, result: Result) -> None:
    seats = len(result.players)
    opened = Opened(result.kind, 1, {}, seats, PlayerId(result.players[0]), "")
    seated = [SeatTaken(seat, PlayerId(player), "salt") for seat, player in enumerate(result.players)]
    for event in (opened, *seated, Started(seats)):
        book.write(key, event, f"{result.guild}/1")


def standing(results: Sequence[Result]) -> list[tuple[str, Result]]:
    """Those that were not voided, each with the id of its game, in order."""
    return [(f"game{n}", result) for n, result in enumerate(results) if result.voided is None]


# ----------------------------------------------------------------------------- who comes and goes

KINDS = {"tictactoe": 2, "connect4": 2, "liars-dice": 4, "hangman": 3, "math": 3, "crazy-eights": 4}
PLAYERS = ("ann", "bob", "cid", "mia", "max")

Request = tuple[str, int, int]
"""(what, who, with whom or how)."""


@st.composite
def _sessions(draw: st.DrawFn) -> tuple[str, list[Request], bool, str]:
    def some(most: int, *what: str) -> list[Request]:
        one = st.tuples(st.sampled_from(what), st.integers(0, 4), st.integers(0, 4))
        return draw(st.lists(one, max_size=most))

    first = [("sit", who, draw(st.integers(0, 4))) for who in draw(st.permutations(range(5)))]
    coming = first[: draw(st.integers(2, 5))] + some(4, "leave", "sit")
    playing = some(12, "hand over", "hand over", "sit", "sit", "play", "abort")
    everybody = [("begin", who, 0) for who in range(5)]
    return (
        draw(st.sampled_from(sorted(KINDS))),
        [*coming, *(everybody if draw(st.integers(0, 5)) else ()), *playing],
        bool(draw(st.integers(0, 5))),
        draw(st.sampled_from(["8", "81"])),
    )


sessions = _sessions()
"""(kind of game, requests, whether all give up in the end, guild)."""


@dataclass
class Sitting:
    """A game in which people come and go, as the aggregate sees it."""

    key: str
    kind: str
    guild: str
    game: Game = field(init=False)
    events: list[Event] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    first: list[PlayerId] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.game = GAMES.initial(self.key)
        host = PlayerId("ann")
        self._ask(Open(host, self.kind, {}, KINDS[self.kind], SEED, place=f"{self.guild}/1"))

    def ask(self, what: str, who: int, other: int) -> None:
        """Do it, where the game allows it."""
        player, guest = PlayerId(PLAYERS[who]), PlayerId(PLAYERS[other])
        waiting, began = self.game.status == "waiting", self.game.status == "playing"
        try:
            match what:
                case "sit":
                    self._ask(TakeSeat(player, "salt", SEED, None if began or other > 3 else other))
                    if began:
                        self.whole.append(False)
                case "leave":
                    self._ask(LeaveSeat(player, SEED))
                case "begin":
                    self._ask(Begin(player, SEED))
                case "hand over" if began:
                    seat = self.game.seat_of(player)
                    self._ask(Invite(player, guest, 10))
                    self._ask(TakeOver(guest))
                    assert seat is not None
                    self.whole[seat] = False
                case "play" if began:
                    seat = GAMES.actors(self.game)[0]
                    moves = GAMES.rules(self.game).legal(self.game.board, seat)
                    self._ask(Play(self.game.players[seat], moves[other % len(moves)], SEED))
                case "resign":
                    self._ask(Resign(player, SEED))
                case "abort" if other > 2:
                    self._ask(Abort(player, SEED))
                case "void":
                    self._ask(Void(player, "why not", SEED))
        except Refused:
            pass
        if waiting and self.game.status == "playing":
            self.whole = [True] * len(self.game.seats)
            self.first = list(self.game.players)

    def counts_for(self, seat: int) -> tuple[PlayerId, bool]:
        """Whose result that of a seat is, and whether it counts; a loss is that of who sat there first."""
        assert self.game.outcome is not None
        if self.game.outcome.scores[seat] == 0 and seat < len(self.first):
            return self.first[seat], True
        return self.game.players[seat], self.whole[seat]

    def _ask(self, request: Any) -> None:
        changes = GAMES.decide(self.game, request)
        self.game = changes.state
        self.events += changes.events

    def all_give_up(self) -> None:
        for who in range(len(PLAYERS)):
            self.ask("resign", who, 0)


def sat(sessions: Sequence[tuple[str, list[Request], bool, str]]) -> tuple[Book, list[Sitting]]:
    """Games that are played side by side, each event of one followed by one of the next."""
    sittings = []
    for number, (kind, asked, to_the_end, guild) in enumerate(sessions):
        sitting = Sitting(f"game{number}", kind, guild)
        for request in asked:
            sitting.ask(*request)
        if to_the_end:
            sitting.all_give_up()
        sittings.append(sitting)
    book = Book()
    for turn in range(max((len(sitting.events) for sitting in sittings), default=0)):
        for sitting in sittings:
            if turn < len(sitting.events):
                book.write(sitting.key, sitting.events[turn], f"{sitting.guild}/1")
    return book, sittings
