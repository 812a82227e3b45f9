"""Backups: a copy of the log and of the vault, in a folder of its own."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from milena.store.copying import copied_head, copy, hash_at
from milena.store.envelope import Head
from milena.store.errors import Damaged, Unavailable

FOLDER = "backups"
LOG, VAULT = "events.db", "vault.db"


class Backup(NamedTuple):
    """``head`` is where its log ends; ``size`` in bytes."""

    path: Path
    head: Head
    size: int


def make(home: Path, to: Path) -> Backup:
    """Copy the data directory ``home`` to the new folder ``to``, also while it is in use. What has been
    copied there before stands, and is told again.

    The log first: all players in it are in the vault by then. The folder gets its name when all is in it
    and was read back. Raises Unavailable or Damaged, and leaves nothing half-made behind.
    """
    if to.exists():
        return _told(to)
    part = to.with_name(f"{to.name}.{os.getpid()}.part")
    try:
        part.mkdir(mode=0o700, parents=True)
        for name in (LOG, VAULT):
            copy(home / name, part / name)
            (part / name).chmod(0o600)
        _check(home, part)
        part.rename(to)
    except OSError as error:
        raise Unavailable(f"No backup was made in {to}: {error.strerror}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return _told(to)


def _check(home: Path, part: Path) -> None:
    """The log goes on meanwhile: so it has to hold the head of the copy, wherever its own is by now."""
    head = copied_head(part / LOG)
    if head.position and hash_at(home / LOG, head.position) != head.hash:
        raise Damaged(f"The copy of {home / LOG} ends elsewhere than the log; run 'milena verify'.")


def _told(to: Path) -> Backup:
    return Backup(to, copied_head(to / LOG), sum(file.stat().st_size for file in to.iterdir()))
