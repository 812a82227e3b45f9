"""What the read side needs to know of the log that it follows."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from milena.domain.event import Aggregate, Event
from milena.domain.game import Game
from milena.store import Envelope, Store, Unreplayable
from milena.store.formats import uri
from milena.store.whole import whole


class Log:
    """The log of ``store``, whose games are folded by one of ``aggregates``. A thread for itself
    asks for :meth:`tags`."""

    def __init__(self, store: Store, aggregates: Iterable[Aggregate[Any]]) -> None:
        self._store = store
        self._aggregates = tuple(aggregates)
        self._tags: tuple[int, int, frozenset[str]] = (0, 0, frozenset())
        """Those that were asked for last: between which positions."""
        self._games = next(each for each in self._aggregates if each.kind == "game")

    @property
    def path(self) -> Path:
        return self._store.path

    @property
    def database(self) -> str:
        """The log as SQLite opens it, read-only."""
        return f"{uri(str(self._store.path))}?mode=ro"

    def head(self) -> int:
        """The last position, 0 where the log is empty."""
        return self._store.head().position

    def hash(self, position: int) -> bytes | None:
        """The hash of the event at a position; None where there is none."""
        return self._store.hash(position)

    @contextmanager
    def whole(self) -> Iterator["Log"]:
        """This log with everything that was moved to archives; itself where nothing was. What has not taken
        in all of that reads on here. Raises Damaged where an archive is missing or damaged."""
        with whole(self._store) as store:
            yield self if store is self._store else Log(store, self._aggregates)

    def tags(self, after: int, upto: int) -> frozenset[str]:
        """The tags of the events behind position ``after``, up to ``upto``. For any thread."""
        *span, tags = self._tags
        if span != [after, upto]:
            sql = "SELECT DISTINCT tag FROM events WHERE position > ? AND position <= ?"
            tags = frozenset(row[0] for row in self._store.rows(sql, (after, upto)))
            self._tags = (after, upto, tags)
        return tags

    def event(self, envelope: Envelope) -> Event:
        return self._store.event(envelope)

    def game(self, key: str, upto: int) -> Game | None:
        """A game as it stood at position ``upto``; None where it can't be replayed."""
        found = self._store.rows(
            "SELECT version FROM events WHERE stream = ? AND position <= ? ORDER BY version DESC LIMIT 1",
            (f"game:{key}", upto),
        )
        try:
            game: Game = self._store.fold(self._games, key, found[0][0] if found else 0).state
        except Unreplayable:
            return None
        return game
