"""The games that people play just now, remembered, so that only what is new in them is read."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from milena.aggregates import GAMES
from milena.domain.refusal import Refused
from milena.replay.history import History
from milena.store import Store

KEPT = 1000
PLIES = 20
"""Of each game, that are kept: what boards tell of the last moves."""


class Histories:
    """For any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[threading.Lock, History]] = OrderedDict()

    @contextmanager
    def of(self, key: str, guild: str) -> Iterator[History]:
        """:meth:`any`, raising Refused where there is no such game in the guild."""
        with self.any(key) as history:
            if history.version == 0 or history.game.place.partition("/")[0] != guild:
                raise Refused(
                    "unknown_game_id", f"There is no game {key[:40]!r} here; /game list shows them."
                )
            yield history

    @contextmanager
    def any(self, key: str) -> Iterator[History]:
        """The game as it stands, wherever it is played, for this thread alone meanwhile."""
        with self._lock:
            kept = self._kept.pop(key, None) or (threading.Lock(), self._new(key))
            self._kept[key] = kept
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        lock, history = kept
        with lock:
            history.catch_up()
            yield history

    def knows(self, key: str) -> bool:
        """Whether a game is remembered, and no thread has it now."""
        kept = self._kept.get(key)
        return kept is not None and not kept[0].locked()

    def whole(self, key: str, guild: str) -> History:
        """The game with every ply of it, read anew. Raises Refused where there is none in the guild."""
        with self.of(key, guild):
            history = History(self._store, GAMES, key)
        history.catch_up()
        return history

    def _new(self, key: str) -> History:
        return History(self._store, GAMES, key, PLIES)
