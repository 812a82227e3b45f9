"""Moving ended games into archives, also while the log is in use.

1. The file is written aside, in ``archive/making``, and read back from the disk: every event has the hash
   that the chain of the log gives it.
2. In one transaction the log enters the file and its games. From here on the move will be done, by whoever
   archives next where this process dies.
3. The file comes to its place in ``archive``.
4. The events of these games give way to stubs, a few games at a time, so that commands need not wait.

Until 4 all is in the log still, and then it is in a file that was checked: there is no moment at which
something is nowhere.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from milena.archiving.choosing import Choice, check_rows, choose, objection
from milena.domain.game import Games
from milena.ops.backup.folder import keep_on_disk
from milena.store import Damaged, Store, Unavailable, compacting, moving
from milena.store.archive import MAKING, NAME, Archive, Packed, check_sum, pack, read, summed

GAMES = 500
"""In one file, at most."""
NEW = "new"
"""What a file is called while it is written."""
SLICE = 200
"""Events that are moved in one transaction; more where a game has more."""

Tell = Callable[[int, int], None]
"""Told how many steps are done, and of how many."""


class Kept(NamedTuple):
    """A game that stays in the log, and why."""

    game: str
    reason: str


class Done(NamedTuple):
    """What was moved, or would be; ``kept`` are those games that could not be; ``left``: how many wait for
    the next time, as it was ``enough``."""

    archives: list[Archive]
    kept: list[Kept]
    left: int = 0


def archive(
    store: Store,
    games: Games,
    before: int,
    tell: Tell = lambda done, total: None,
    *,
    dry: bool = False,
    enough: Callable[[], bool] = lambda: False,
) -> Done:
    """Move the games that ended and were not touched since ``before`` (ms since 1970). ``dry``: write no
    file, move nothing, and tell what would be. ``enough``: asked before each game; from then on only those
    are moved that have been written, which takes about twice as long again.

    What was begun before is finished first. Raises Unavailable where somebody else archives, or a disk gives
    up, and Damaged where a file is not what was written; what is not done then is done the next time.
    """
    if dry:
        return _make(store, games, before, tell, None, enough)
    with _alone(store.archives):
        finish(store)
        return _make(store, games, before, tell, store.archives / MAKING, enough)


def _make(
    store: Store, games: Games, before: int, tell: Tell, making: Path | None, enough: Callable[[], bool]
) -> Done:
    done = Done([], [])
    waiting = choose(store, before)
    total = sum(each.events for each in waiting)
    seen = moved = 0
    number = _next_number(store)
    for first in range(0, len(waiting), GAMES):
        if seen < first:  # it was enough
            break
        some = waiting[first : first + GAMES]
        with _Writing(making, number) as writing:
            for each in some:
                if enough():
                    break
                seen += 1
                why = objection(store, games, each) or writing.add(store, each)
                if why:
                    done.kept.append(Kept(each.stream.removeprefix("game:"), why))
                moved += each.events
                tell(moved, total)
        if not writing.games:
            continue
        archive = writing.archive()
        if making is not None:
            archive = _move(store, games, archive, writing.games)
        if archive.games:
            done.archives.append(archive)
            number += 1
    return done._replace(left=len(waiting) - seen)


def _move(store: Store, games: Games, archive: Archive, packed: Sequence[Packed]) -> Archive:
    making = store.archives / MAKING
    try:
        if summed(making / archive.file) != (archive.size, archive.sha256):
            raise Damaged(f"{making / archive.file} was read back as another than it was written; try again.")
        for each in packed:
            check_rows(store, games, each.stream, read(making, each))
    except OSError as error:
        raise Unavailable(f"{making / archive.file} can't be read back: {error.strerror}.") from error
    with store.transaction() as transaction:
        archive = moving.register(transaction, archive, packed)
    finish(store)
    return archive


def finish(store: Store) -> None:
    """Do what is left of all moves that were begun: put the files in their place, and move the games. Whoever
    calls it archives alone."""
    archives = {each.file: each for each in moving.archives(store)}
    making = store.archives / MAKING
    for file in sorted(making.iterdir()) if making.is_dir() else ():
        if file.name in archives and not (store.archives / file.name).exists():
            file.replace(store.archives / file.name)
            keep_on_disk(store.archives)
        else:
            file.unlink()
    waiting = moving.unmoved(store)
    if waiting:
        compacting.note_room(store.path)
    for name in {each.file for each in waiting}:
        check_sum(store.archives, archives[name])
    while waiting:
        some = [waiting.pop(0)]
        while waiting and sum(each.events for each in some) + waiting[0].events <= SLICE:
            some.append(waiting.pop(0))
        began = time.monotonic()
        with store.transaction() as transaction:
            for each in some:
                moving.move(transaction, each.game, each.stream)
        time.sleep(2 * (time.monotonic() - began))  # whoever waits to write comes in between


class _Writing:
    """A file that is being written, or only measured where there is no folder to write it to."""

    def __init__(self, folder: Path | None, number: int) -> None:
        self._games: list[tuple[Choice, Packed]] = []
        self._number = number
        self._sum, self._size = sha256(), 0
        self._path = folder / NEW if folder else Path(os.devnull)
        self._where = folder

    @property
    def games(self) -> list[Packed]:
        return [packed._replace(file=self._name) for _, packed in self._games]

    @property
    def _name(self) -> str:
        """Of the month of the last event."""
        last = self._games[-1][0].time
        return f"{self._number:04}-{datetime.fromtimestamp(last / 1000, UTC):%Y-%m}.jsonl.gz"

    def __enter__(self) -> "_Writing":
        try:
            if self._where:
                self._where.mkdir(mode=0o700, exist_ok=True)
            self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        except OSError as error:
            raise Unavailable(f"{self._path} can't be written: {error.strerror}.") from error
        return self

    def add(self, store: Store, choice: Choice) -> str:
        """Why a game does not fit in; empty where it was written."""
        packed = pack([msgspec.structs.astuple(each)[:-1] for each in store.stream(choice.stream)])
        if packed is None:
            return "it is too long for an archive."
        self._file.write(packed)
        own = sha256(packed).digest()
        self._games.append((choice, Packed("", choice.stream, choice.events, self._size, len(packed), own)))
        self._size += len(packed)
        self._sum.update(packed)
        return ""

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        try:
            with self._file:
                self._file.flush()
                if self._where and self._games and not error:
                    os.fsync(self._file.fileno())
                    self._path.rename(self._where / self._name)
                    keep_on_disk(self._where)
        except OSError as failure:
            error = error or failure
        if self._where and (error or not self._games):
            self._path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Unavailable(f"{self._path} can't be written: {error.strerror}.") from error

    def archive(self) -> Archive:
        events = sum(packed.events for _, packed in self._games)
        now = time.time_ns() // 1_000_000
        return Archive(
            self._number, self._name, self._size, self._sum.digest(), len(self._games), events, now
        )


def _next_number(store: Store) -> int:
    """Behind all that were ever made, also where the log does not know of them: nothing is overwritten."""
    files = store.archives.iterdir() if store.archives.is_dir() else ()
    known = (each.file for each in moving.archives(store))
    found = (NAME.fullmatch(name) for name in (*known, *(file.name for file in files)))
    return 1 + max((int(match[1]) for match in found if match), default=0)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Unavailable(f"The folder {folder} can't be used: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Unavailable("Somebody else archives just now; wait until that is done.") from None
    finally:
        with suppress(OSError):
            os.close(lock)
