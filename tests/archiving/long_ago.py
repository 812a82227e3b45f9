"""Games of all kinds that are played at random, at any time, and what everybody sees of them."""

import io
import random
from pathlib import Path
from typing import Any

from milena import games
from milena.aggregates import AGGREGATES, GAMES
from milena.archiving import Done, archive
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Answer, Engine
from milena.home import Home
from milena.readside import ReadSide
from milena.readside.digest import digest
from milena.readside.disk import look
from milena.replay.export import export
from milena.replay.trace import trace
from milena.replay.verify import verify
from milena.terminal.listing import listing, plain

DAY = 86_400_000
LONG_AGO = 1_700_000_000_000
PLACE = Place("terminal/main")


class Playing:
    """Players at a terminal, whose clock stands at ``now`` (ms since 1970)."""

    def __init__(self, home: Home, engine: Engine, seed: int = 0, now: int = LONG_AGO) -> None:
        self.home, self.engine, self.now = home, engine, now
        self.random = random.Random(seed)
        self.people = [home.vault.player("discord", f"90000000000000000{n}", f"name-{n}") for n in range(4)]

    def ask(self, command: str, who: PlayerId | int = 0, **options: Any) -> Answer:
        self.now += 1000
        player = self.people[who] if isinstance(who, int) else who
        return self.engine.call(
            Invocation(InvocationId(new_id()), command, options, player, PLACE, self.now, moderator=True)
        )

    def done(self, command: str, who: PlayerId | int = 0, **options: Any) -> Any:
        answer = self.ask(command, who, **options)
        assert answer.verdict == "accepted", answer
        return answer.result

    def open(self, kind: str) -> str:
        """The id of a game that has begun."""
        seats = games.load(kind).seats.min
        self.now += DAY  # nobody is too fast
        key: str = self.done("open", game=kind, seats=seats)["game"]
        for other in range(1, seats):
            self.done("join", other, game=key)
        return key

    def play(self, kind: str, most: int = 40) -> str:
        """The id of a game that is over: played at random, and given up after so many moves."""
        key = self.open(kind)
        for _ in range(most):
            game = self.engine.read("game", key).state
            if game.status != "playing":
                return key
            seat = self.random.choice([each for each in GAMES.actors(game) if each >= 0])
            legal = GAMES.rules(game).legal(game.board, seat)
            move = self.random.choice(legal) if legal else "0"
            self.now += 10_000
            self.ask("move", game.seats[seat].player, game=key, move=move)
        while self.engine.read("game", key).state.status == "playing":
            game = self.engine.read("game", key).state
            self.done("resign", game.seats[game.still_in[0]].player, game=key)
        return key


def archived(home: Home, before: int = 2**62, **options: Any) -> Done:
    return archive(home.store, GAMES, before, **options)


def seen(home: Home) -> dict[str, Any]:
    """All that may be asked of the log and its games: to archive some of them must change nothing of it."""
    out = io.BytesIO()
    export(home.store, out)
    report = verify(home.store, AGGREGATES)
    keys = home.store.streams("game")
    opened = [event for key in keys for event in home.store.stream(f"game:{key}", upto=1)]
    return {
        "export": out.getvalue(),
        "verified": (
            [each for each in report.findings if each.level != "note"],
            report.events,
            report.streams,
            report.ended,
            report.draws,
            report.sealed,
        ),
        "games": [plain(listed) for listed in listing(home, "all")],
        "folded": [home.store.fold(GAMES, key) for key in keys],
        "last": [home.store.last(f"game:{key}") for key in keys],
        "traces": [trace(home.store, AGGREGATES, event) for event in opened],
    }


def models(home: Home) -> dict[str, str]:
    """The digests of all read models, made anew."""
    readside: ReadSide = home.readside()
    found = {}
    for name in readside.models:
        readside.rebuild(name)
        with look(home.path / "projections" / f"{name}.db") as db:
            found[name] = digest(db)
    return found


def files(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
