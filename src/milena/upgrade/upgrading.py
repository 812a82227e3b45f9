"""Before a data directory is used: older files become those of this release, newer ones are refused.

Where an upgrade only adds something, it is done at the next start, whatever starts; else it waits for
``milena upgrade``. A backup comes first in both cases. Each file changes in one transaction, so that a
process which is killed leaves it old or new, and the next one does what is left.
"""

import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from milena import __version__
from milena.domain.event import Event
from milena.ops import backup, releases
from milena.store import Damaged, StoreError, Unavailable, locking, upgrading
from milena.store.copying import Tell, unheard
from milena.store.formats import adds_only
from milena.store.locking import DirectoryLock
from milena.store.upgrading import LOG, VAULT, Found

log = logging.getLogger(__name__)


class Upgraded(NamedTuple):
    """``files`` by name: the format before, and now. ``backup``: what was made before; ``seconds`` that the
    migration took, without that."""

    files: dict[str, tuple[int, int]]
    backup: Path | None
    seconds: float


def ready(home: Path, events: Iterable[type[Event]]) -> DirectoryLock:
    """The shared lock of a data directory whose files are those of this release, or are not there yet.
    ``events``: all that this release knows.

    Raises Unavailable: a newer one was here, the upgrade has to be asked for, or can't be done now.
    """
    with locking.one_by_one(home / releases.FILE):
        done = _bring_up(home, events)
        if done:
            log.warning("%s", told(home, done))
        return locking.share(home)


def upgrade(
    home: Path, events: Iterable[type[Event]], *, backup: bool = True, tell: Tell = unheard
) -> Upgraded | None:
    """Upgrade a data directory, whatever that takes; None where there was nothing to do. ``tell`` hears how
    the backup goes on. Raises as :func:`ready` does."""
    with locking.one_by_one(home / releases.FILE):
        return _bring_up(home, events, asked=True, backed_up=backup, tell=tell)


def told(home: Path, done: Upgraded) -> str:
    """In one sentence."""
    files = ", ".join(f"{name} from format {old} to {new}" for name, (old, new) in done.files.items())
    kept = f"; as it was before, it is in {done.backup}" if done.backup else ""
    return f"{home} was upgraded for Milena {__version__} ({files}){kept}."


def _bring_up(
    home: Path,
    events: Iterable[type[Event]],
    *,
    asked: bool = False,
    backed_up: bool = True,
    tell: Tell = unheard,
) -> Upgraded | None:
    locking.share(home).release()  # nobody restores into it
    found = upgrading.found(home)
    _refuse_newer(home, found, events)
    old = {name: each for name, each in found.items() if each.migrations}
    if not old or LOG not in found or VAULT not in found:
        _note(home, found)
        return None  # where one of the files is lost, whoever opens them tells
    if not asked and not all(adds_only(each.migrations) for each in old.values()):
        raise Unavailable(
            f"{home} is of an older Milena ({_formats(old)}), and to upgrade it changes what is stored: "
            "'milena upgrade --dry-run' tries that on a copy, 'milena upgrade' does it."
        )
    with locking.alone(home):
        return _upgrade(home, found, old, backed_up, tell)


def _formats(old: dict[str, Found]) -> str:
    return ", ".join(f"{name}: format {each.version}, now {each.known}" for name, each in old.items())


def _upgrade(
    home: Path, found: dict[str, Found], old: dict[str, Found], backed_up: bool, tell: Tell
) -> Upgraded:
    upgrading.settle(home)
    position = upgrading.ends(home).position
    made = None
    if backed_up:
        made = _made_already(home, position) or _back_up(home, tell)
    try:
        releases.note(home, position, {name: each.version for name, each in found.items()}, made)
    except OSError as error:
        raise Unavailable(
            f"{home / releases.FILE} can't be written: {error.strerror}; nothing was upgraded."
        ) from error
    begun = time.perf_counter()
    upgrading.migrate(home)
    took = time.perf_counter() - begun
    return Upgraded({name: (each.version, each.known) for name, each in old.items()}, made, took)


def _made_already(home: Path, position: int) -> Path | None:
    """The backup of an upgrade that was cut short, where nothing has happened since."""
    for last in releases.releases(home)[-1:]:
        if last.milena == __version__ and last.position == position and last.backup:
            path = Path(last.backup)
            return path if path.exists() else None
    return None


def _back_up(home: Path, tell: Tell) -> Path:
    to = backup.folder_of(home).absolute() / backup.name_of(time.time_ns() // 1_000_000)
    try:
        return backup.make(home, to, tell, held=True).path
    except StoreError as error:
        kind = Damaged if isinstance(error, Damaged) else Unavailable
        raise kind(
            f"{home} is of an older Milena, and is upgraded once a backup is made, which failed: {error} "
            "Set that right and try again; 'milena upgrade --no-backup' does without."
        ) from error


def _note(home: Path, found: dict[str, Found]) -> None:
    """Write down which release this is, where the one before was another. On a full disk, the next start
    does."""
    last = releases.releases(home)[-1:]
    if last and last[0].milena == __version__:
        return
    with suppress(OSError, StoreError):
        position = upgrading.ends(home).position
        releases.note(home, position, {name: each.version for name, each in found.items()})


# ------------------------------------------------------------------------- what a newer release left


def _refuse_newer(home: Path, found: dict[str, Found], events: Iterable[type[Event]]) -> None:
    for name, each in found.items():
        if each.version > each.known:
            what = f"{home / name} has format {each.version}, and Milena {__version__} knows {each.known}"
            raise Unavailable(f"{what}: {releases.remedy(home)}")
    newer = releases.newer(home)
    if newer and LOG in found:
        known = {event.tag: event.class_version for event in events}
        strange = upgrading.stranger(home, newer[0].position, known)
        if strange is not None:
            position, tag = strange
            raise Unavailable(
                f"{home / LOG} has an event at position {position} ({tag}) that Milena {__version__} "
                f"does not know: {releases.remedy(home)}"
            )
