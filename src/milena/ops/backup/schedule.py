"""Backups by themselves, in a thread of a process that runs for long.

When the next one is due follows from those that are in the folder. So it does not matter how often the
process was restarted, and several processes make one backup and not several.
"""

import logging
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from milena.ops.backup import folder
from milena.ops.backup.making import make, prune
from milena.ops.retention import BackupPolicy, due
from milena.store.errors import StoreError

LOOK = 60.0
"""Seconds between two looks at the clock, which may jump."""
AGAIN = 900.0
"""Seconds until a backup that failed is tried again."""

log = logging.getLogger(__name__)


class _Stopped(Exception):
    """In the middle of a backup."""


class Schedule:
    """Begun with :meth:`start`. It never raises: what goes wrong is logged, and tried again."""

    def __init__(self, home: Path, policy: BackupPolicy) -> None:
        self._home = home
        self._policy = policy
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backups", daemon=True)

    def start(self) -> None:
        if self._policy.every:
            self._thread.start()

    def stop(self) -> None:
        """A backup that is being made is given up, and leaves nothing behind."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> "Schedule":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            wait = LOOK
            try:
                self.turn()
            except _Stopped:
                return
            except StoreError as error:
                log.error("no backup was made: %s", error, extra={"error": error, "recovery": "tried again"})
                wait = AGAIN
            except Exception:
                log.exception("no backup was made")
                wait = AGAIN

    def turn(self) -> bool:
        """Make a backup if one is due, and remove those that are not kept; whether one was due."""
        backups = folder.folder_of(self._home)
        wait = due(folder.backups(backups).values(), datetime.now(UTC), self._policy)
        if wait is None or wait:
            return False
        made = make(self._home, backups / folder.name_of(time.time_ns() // 1_000_000), self._tell)
        log.info("backup %s: position %d, %d bytes", made.path.name, made.head.position, made.size)
        for path in prune(backups, self._policy):
            log.info("backup %s is not kept any longer", path.name)
        return True

    def _tell(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise _Stopped
