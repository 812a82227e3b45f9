"""Moving games to an archive, once its file is complete: the log's side of it.

First the archive and its games are entered (:func:`register`), and nothing can be appended to these any more.
Then the games are moved, a few at a time, so that nobody waits (:func:`move`): each as a whole, and an event
only for the stub that takes its place. Whatever is cut short is found by :func:`unmoved`, and goes on from
there. The triggers of :mod:`milena.store.schema` see to it that nothing else is ever deleted.
"""

from collections.abc import Sequence
from typing import NamedTuple

from milena.store.archive import PACKED, Archive, Packed
from milena.store.reading import Reading
from milena.store.store import Transaction


def archives(reading: Reading) -> list[Archive]:
    """All archives, in the order in which they were made."""
    return [Archive(*row) for row in reading.rows("SELECT * FROM archives ORDER BY number")]


def archived_games(reading: Reading, number: int) -> list[Packed]:
    """The games of an archive, as they follow in its file."""
    sql = f"{PACKED} WHERE number = ? ORDER BY start"
    return [Packed(*row) for row in reading.rows(sql, (number,))]


def register(transaction: Transaction, archive: Archive, games: Sequence[Packed]) -> Archive:
    """Enter an archive, and those of ``games`` that are still as they are in its file. Returns what was
    entered: ``games`` and ``events`` are counted here."""
    last = "SELECT max(version) FROM events WHERE stream = ?"
    kept = [each for each in games if transaction.rows(last, (each.stream,)) == [(each.events,)]]
    entered = archive._replace(games=len(kept), events=sum(each.events for each in kept))
    if not kept:
        return entered
    transaction.rows("INSERT INTO archives VALUES (?, ?, ?, ?, ?, ?, ?)", entered)
    for each in kept:
        transaction.rows(
            "INSERT INTO archived_games (stream, events, archive, start, length, sha256) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (each.stream, each.events, archive.number, each.start, each.length, each.sha256),
        )
    return entered


class Unmoved(NamedTuple):
    """A game, by its number and its stream, that is to go to a ``file``."""

    game: int
    stream: str
    events: int
    file: str


def unmoved(reading: Reading) -> list[Unmoved]:
    """The games that were entered and are still in the table of events."""
    sql = (
        "SELECT game, stream, archived_games.events, file "
        "FROM archived_games JOIN archives ON number = archive "
        "WHERE EXISTS (SELECT 1 FROM events WHERE events.stream = archived_games.stream) ORDER BY game"
    )
    return [Unmoved(*row) for row in reading.rows(sql)]


def move(transaction: Transaction, game: int, stream: str) -> None:
    """Leave nothing of a game but a stub of each event. Its snapshots are not needed any more."""
    transaction.rows(
        "INSERT INTO archived SELECT position, ?, hash FROM events WHERE stream = ?", (game, stream)
    )
    transaction.rows("DELETE FROM events WHERE stream = ?", (stream,))
    transaction.rows("DELETE FROM snapshots WHERE originator_id = ?", (stream,))
