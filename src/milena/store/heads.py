"""The head that is kept outside the log: a signed note of how far the log went.

The chain tells an edit, but not that its end is missing, nor that all of it was made anew. So the last
position and its hash are written to ``head.json`` from time to time, signed with the vault's secret: a
log that does not hold the kept head was cut or rewritten. The note only ever goes forward, and never
past a log that has lost it; whoever goes back to a backup on purpose removes the file.
"""

import contextlib
import logging
import os
import threading
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from milena.store.envelope import GENESIS, Head
from milena.store.errors import Damaged, StoreError, TooNew, Unavailable
from milena.store.store import Store
from milena.store.vault import Vault

NAME = "head.json"
FORMAT = 1
EVERY = 1.0
"""Seconds between two notes, at least."""

log = logging.getLogger(__name__)


class KeptHead(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """``hash`` in hex, ``time`` in ms since 1970, ``signature``: see :func:`sign`."""

    position: int
    hash: str
    time: int
    signature: str
    format: int = FORMAT


class _Numbered(Struct):
    format: int = FORMAT


def sign(vault: Vault, position: int, hash: str, time: int) -> str:
    """``vault.sign`` of ``head/POSITION/HASH/TIME``, the hash in hex and the time in ms since 1970."""
    return vault.sign(f"head/{position}/{hash}/{time}".encode())


def write_head(path: Path, head: Head, vault: Vault, time: int) -> None:
    """Replace the note at ``path``, whole or not at all. Raises OSError where the disk refuses."""
    hash = head.hash.hex()
    kept = KeptHead(head.position, hash, time, sign(vault, head.position, hash, time))
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(kept) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def read_head(path: Path, vault: Vault) -> KeptHead | None:
    """The note at ``path``, None where there is none. Raises Damaged where this vault did not sign it, TooNew
    where a newer Milena wrote it."""
    try:
        if (format := format_of(path)) > FORMAT:
            raise TooNew(str(path), format, FORMAT)
        kept = msgspec.json.decode(path.read_bytes(), type=KeptHead)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable(f"{path} can't be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise Damaged(f"{path} is not a kept head ({error}).") from error
    if kept.signature != sign(vault, kept.position, kept.hash, kept.time):
        raise Damaged(f"{path} was not signed by this vault: it was changed, or is from somewhere else.")
    return kept


def format_of(path: Path) -> int:
    """The format of the note at ``path``. Raises OSError or DecodeError."""
    return msgspec.json.decode(path.read_bytes(), type=_Numbered).format


def holds(store: Store, kept: KeptHead) -> bool:
    """Whether the log has the kept head."""
    if kept.position == 0:
        return True
    stored = store.hash(kept.position)
    return stored is not None and stored.hex() == kept.hash


class HeadKeeper:
    """Writes ``head.json`` beside the log of ``store``, at most once in ``every`` seconds.

    It never raises: what is wrong with the note or the disk is logged, once, and the log goes on. Several
    processes may keep the same note.
    """

    def __init__(self, store: Store, every: float = EVERY) -> None:
        self.path = store.path.with_name(NAME)
        self._store = store
        self._every = every
        self._due = float("-inf")
        self._complained = False
        self._latest = Head(0, GENESIS)
        self._timer: threading.Timer | None = None
        self._closed = False
        self._lock = threading.Lock()

    def soon(self, head: Head) -> None:
        """:meth:`keep`, as soon as a note is due, by another thread: whoever writes the log must not wait for
        the disk once more, but for the first note. For one thread."""
        if self._due == float("-inf"):
            self.keep(head)
            return
        self._latest = head
        if self._timer is not None:
            return
        timer = self._timer = threading.Timer(max(0.0, self._due - time.monotonic()), self._keep_latest)
        timer.daemon = True
        try:
            timer.start()
        except (RuntimeError, MemoryError):  # there can be no more threads
            self._timer = None
            self.keep(head)

    def _keep_latest(self) -> None:
        with self._lock:
            self._timer = None  # before it looks: what comes from here on has a timer of its own
            if not self._closed:
                self._keep(self._latest)

    def close(self) -> None:
        """What was to be noted soon is by now, or never will be."""
        if (timer := self._timer) is not None:
            timer.cancel()
        with self._lock:
            self._closed = True

    def keep(self, head: Head, *, now: bool = False) -> None:
        """Note that the log went to ``head``. ``now``: whatever the time of the last note."""
        with self._lock:
            if now or time.monotonic() >= self._due:
                self._keep(head)

    def _keep(self, head: Head) -> None:
        self._due = time.monotonic() + self._every
        try:
            kept = read_head(self.path, self._store.vault)
            if kept is not None and not holds(self._store, kept):
                raise Damaged(f"the log does not hold the head that {self.path} notes; run 'milena verify'.")
            if kept is None or kept.position < head.position:
                write_head(self.path, head, self._store.vault, time.time_ns() // 1_000_000)
            self._complained = False
        except (OSError, StoreError) as error:
            if not self._complained:
                log.error("the head of the log is not kept: %s", error, extra={"error": error})
            self._complained = True
