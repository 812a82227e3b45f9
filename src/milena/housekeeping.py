"""Housekeeping: what commands ask of the data directory itself: how it is, a backup, all that is kept of a
person, to forget the person. It is done when they are through.
"""

import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

from milena import privacy
from milena.aggregates import AGGREGATES
from milena.domain.command import Invocation
from milena.domain.ids import HOUSE
from milena.domain.refusal import Refused
from milena.ops import backup, status
from milena.ops.process import measure
from milena.readside import Behind, ReadSide
from milena.store import Store, StoreError
from milena.store.lookup import guilds
from milena.unfinished import states_of_games

log = logging.getLogger(__name__)

PATIENCE = 1.5
"""Seconds that an answer waits for the read side: on Discord, three are all that there are."""


class Housekeeping:
    """What is returned, and raised, see :class:`milena.domain.command.Sight`."""

    def __init__(self, path: Path, store: Store, readside: ReadSide, eraser: privacy.Eraser) -> None:
        self._path = path
        self._store = store
        self._readside = readside
        self._eraser = eraser

    def status(self, position: int) -> dict[str, Any]:
        """``lag`` is that behind ``position``."""
        measured = measure()
        return {
            "uptime": round(measured.uptime),
            "guilds": len(set(guilds(self._store)) - {HOUSE}),
            "games": sum(state != "set_aside" for state in states_of_games(self._store)),
            "head": self._store.head().position,
            "lag": max([0, *(position - each.position for each in self._readside.status())]),
            "memory": measured.memory,
            "cpu": round(measured.cpu, 1),
            "resources": status.shown(self._path),
        }

    def back_up(self, invocation: Invocation) -> dict[str, Any]:
        """One backup an invocation, however often its answer is told."""
        to = backup.folder_of(self._path) / backup.name_of(invocation.time, f"{invocation.id[-8:]}")
        try:
            done = backup.make(self._path, to)
        except StoreError as error:
            log.error("%s", error, extra={"error": error})
            raise Refused("no_backup", f"No backup was made: {error}") from error
        return {
            "name": to.name.removesuffix(backup.SUFFIX),
            "position": done.head.position,
            "size": done.size,
        }

    def personal(self, invocation: Invocation, position: int) -> dict[str, Any]:
        """As it is with the event at ``position``."""
        player = invocation.player
        try:
            for name in self._readside.models:
                with suppress(Behind):  # then it is told as it stands
                    self._readside.wait(name, position, PATIENCE)
            return privacy.document(self._store, AGGREGATES, self._readside, player)
        except StoreError as error:
            log.error("what is kept of %s can't be told: %s", player, error, extra={"error": error})
            raise Refused("no_export", f"It can't be read now: {error}") from error

    def erase(self, invocation: Invocation, position: int) -> dict[str, Any]:
        """What comes of it follows from the invocation, which is at ``position``."""
        follows = (invocation.follows[0] if invocation.follows else invocation.id, position)
        try:
            done = self._eraser.erase(invocation.player, invocation.time, follows)
        except StoreError as error:
            log.error("%s was not erased: %s", invocation.player, error, extra={"error": error})
            raise Refused("not_erased", f"That was not done, or not all of it; try again. {error}") from error
        if done.copies:
            log.warning(
                "%s was erased, and %d older copies hold that one still", done.player, len(done.copies)
            )
        return {"games": done.games, "reminders": done.reminders}
