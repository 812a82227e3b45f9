"""What Milena is measured against, in the same run: bare sqlite3, and the plain library."""

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from milena.store import schema
from milena.store.envelope import INSERT
from milena.store.sqlite import connect

Row = tuple[Any, ...]


def recorded_moves(directory: Path) -> list[Row]:
    """The rows of all moves in a log (two a command), renumbered from 1."""
    log = sqlite3.connect(directory / "events.db")
    commands = {p for (p,) in log.execute("SELECT causation FROM events WHERE tag = 'game.move_played'")}
    rows = [row for row in log.execute("SELECT * FROM events") if row[0] in commands or row[9] in commands]
    log.close()
    return [(position, *row[1:]) for position, row in enumerate(rows, 1)]


def raw(path: Path, rows: list[Row], grouping: int) -> float:
    """Commands a second of bare sqlite3: the same rows, table, durability and commands a transaction."""
    with Raw(path, rows, grouping) as log:
        while log.commit():
            pass
    return len(rows) / 2 / sum(log.seconds)


class Raw:
    """Bare sqlite3, a transaction of ``grouping`` commands at a time; ``seconds`` of each."""

    def __init__(self, path: Path, rows: list[Row], grouping: int = 1) -> None:
        self.seconds: list[float] = []
        self._rows, self._size, self._first = rows, 2 * grouping, 0
        self._database = connect(str(path))
        schema.migrate(self._database, path.name)

    def commit(self) -> bool:
        """One more transaction; False when no rows are left."""
        rows = self._rows[self._first : self._first + self._size]
        if not rows:
            return False
        self._first += self._size
        started = time.perf_counter()
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany(INSERT, rows)
        self._database.execute("COMMIT")
        self.seconds.append(time.perf_counter() - started)
        return True

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()


class LibraryMember(Aggregate):
    @event("Invoked")
    def invoke(self, command: str, options: dict[str, Any], verdict: str, result: dict[str, Any]) -> None:
        self.invocations = getattr(self, "invocations", 0) + 1


class LibraryGame(Aggregate):
    @event("MovePlayed")
    def play(self, ply: int, seat: int, move: str) -> None:
        self.ply = ply


class LibraryApplication(Application[Any]):
    def move(self, game_id: Any, member_id: Any, ply: int, move: str) -> None:
        game: LibraryGame = self.repository.get(game_id)
        member: LibraryMember = self.repository.get(member_id)
        game.play(ply, ply % 2, move)
        member.invoke("move", {"game": str(game_id), "move": move}, "accepted", {"ply": ply})
        self.save(game, member)


def library(path: Path, callers: int, moves: int) -> float:
    """Commands a second of the plain eventsourcing library (Aggregate, JSON, default settings) called
    by as many threads: load a game and a member, one event each, one save. No rules, no chain."""
    application = LibraryApplication(
        env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
    )
    pairs = []
    for _ in range(callers):
        game, member = LibraryGame(), LibraryMember()
        application.save(game, member)
        pairs.append((game.id, member.id))

    def caller(pair: tuple[Any, Any]) -> None:
        for ply in range(moves):
            application.move(*pair, ply, "4")

    threads = [threading.Thread(target=caller, args=(pair,)) for pair in pairs]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    application.close()
    return callers * moves / seconds
