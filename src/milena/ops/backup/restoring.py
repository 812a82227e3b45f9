"""Putting a backup in the place of what a data directory holds.

First the backup is unpacked beside it and checked. Then its files get the name ``restoring-TIME``, in one
step; from there on the restore will be done, by whoever restores next where this process dies: what is
there is moved to ``replaced-TIME``, then the files of the backup into its place. Until that is done
nobody opens the directory.
"""

import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from milena.ops.backup import manifest as manifests
from milena.ops.backup.checking import PREFIX, Passes, checked
from milena.ops.backup.folder import PART, keep_on_disk
from milena.ops.backup.manifest import ARCHIVES, LOG, NOTE, PARTS, VAULT, Manifest
from milena.store import locking
from milena.store.copying import Tell, leave_wal, unheard
from milena.store.errors import StoreError, Unavailable
from milena.store.locking import RESTORING
from milena.store.vault import Vault

REPLACED = "replaced-"
READ_MODELS = "projections"
_BESIDE = ("", "-wal", "-shm", "-journal")
OLD = [*(f"{name}{suffix}" for name in (LOG, VAULT) for suffix in _BESIDE), NOTE, READ_MODELS, ARCHIVES]
"""What is moved aside, whatever is in the backup."""
REPLACING = [*PARTS, ARCHIVES]
"""What takes its place: there is always a folder of archives, be it empty."""


class Restored(NamedTuple):
    """``aside`` is where that went which was there before; None where there was nothing. ``in_use``: somebody
    uses the directory now, so that only a rehearsal is possible."""

    manifest: Manifest
    aside: Path | None
    in_use: bool = False


def restore(path: Path, home: Path, tell: Tell = unheard, *, dry: bool = False) -> Restored:
    """Put the backup ``path`` into the data directory ``home``, which need not be there. ``dry``: check all,
    change nothing, and tell what would be done.

    Raises Damaged where the backup is not sound, and Unavailable where it is another installation's, or
    the directory is in use, or a disk gives up. Then all is as it was.
    """
    passes = Passes(tell, path.stat().st_size if path.is_file() else 0, 2)
    if dry:
        return _rehearse(path, home, passes)
    made = not home.exists()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locking.alone(home):
            finish(home)
            _sweep(home)
            with checked(path, home, passes) as (manifest, unpacked):
                return Restored(manifest, _put(manifest, unpacked, home))
    except OSError as error:
        raise Unavailable(f"{path} can't be restored into {home}: {error.strerror}.") from error
    finally:
        if made:
            with suppress(OSError):
                home.rmdir()  # only where it is empty


def _rehearse(path: Path, home: Path, passes: Passes) -> Restored:
    with checked(path, None, passes) as (manifest, _):
        _check_installation(manifest, home)
        there = any((home / name).exists() for name in OLD)
        return Restored(manifest, home / f"{REPLACED}TIME" if there else None, _is_in_use(home))


def _is_in_use(home: Path) -> bool:
    try:
        if home.exists():
            locking.alone(home).release()
    except Unavailable:
        return True
    return False


def _sweep(home: Path) -> None:
    """Remove what was unpacked by somebody who was killed."""
    for path in home.glob(f"{PREFIX}*{PART}"):
        shutil.rmtree(path, ignore_errors=True)


def _put(manifest: Manifest, unpacked: Path, home: Path) -> Path | None:
    _check_installation(manifest, home)
    for name in (LOG, VAULT):
        leave_wal(home / name)
        leave_wal(unpacked / name)
    for name in manifest.parts:
        (unpacked / name).chmod(0o600)
        with (unpacked / name).open("rb") as file:
            os.fsync(file.fileno())
    keep_on_disk(unpacked / ARCHIVES)
    restoring = _new(home)
    unpacked.rename(restoring)
    return finish(home)


def _new(home: Path) -> Path:
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    names = [stamp, *(f"{stamp}-{number}" for number in range(2, 1000))]
    free = next(name for name in names if not (home / f"{REPLACED}{name}").exists())
    return home / f"{RESTORING}{free}"


def _check_installation(manifest: Manifest, home: Path) -> None:
    """A backup does not take the place of what another installation wrote."""
    if not (home / VAULT).exists() or not (home / VAULT).stat().st_size:
        return
    try:
        vault = Vault(home / VAULT, as_it_is=True)
    except StoreError:  # it is damaged, which may be why it is restored
        return
    try:
        if manifests.installation(vault) != manifest.installation:
            raise Unavailable(
                f"This is a backup of another installation than that in {home}; restore it into an empty "
                "directory with --data."
            )
    finally:
        vault.close()


def finish(home: Path) -> Path | None:
    """Do what is left of a restore that was begun in ``home``; returns where the old data is, None where
    there was none. Whoever calls it has the directory alone. May be cut short and called again."""
    aside = None
    for restoring in sorted(home.glob(f"{RESTORING}*")):
        aside = home / restoring.name.replace(RESTORING, REPLACED)
        new = [name for name in REPLACING if (restoring / name).exists()]
        if LOG in new:  # it is the last to be moved: until then nothing in its place is new for good
            _move_aside(home, aside, restoring)
        for name in reversed(new):
            (restoring / name).replace(home / name)
        with suppress(OSError):
            (home / ARCHIVES).rmdir()  # only where it is empty
        keep_on_disk(home)
        shutil.rmtree(restoring)
        keep_on_disk(home)
    return aside if aside and aside.exists() else None


def _move_aside(home: Path, aside: Path, restoring: Path) -> None:
    """Each old file goes before its new one comes; where that has come, the file that is there is the new."""
    for name in [*OLD, manifests.CONFIGURATION]:
        old = home / name
        if not (old.exists() or old.is_symlink()) or (aside / name).exists():
            continue
        if name in REPLACING and not (restoring / name).exists():
            continue
        aside.mkdir(mode=0o700, exist_ok=True)
        old.rename(aside / name)
    if aside.exists():
        keep_on_disk(aside)
    keep_on_disk(home)
