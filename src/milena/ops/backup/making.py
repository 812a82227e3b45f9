"""Making a backup, also while the data directory is in use.

The log is copied first, then the vault: whoever is in the log was in the vault before, so the copy of the
vault knows everybody in the copy of the log (and may know somebody more, which harms nobody). The other
way round a player could come between the two: known to the log, and a stranger to the vault.

Read models are not in it; they are made from the log.
"""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from milena.ops.backup import archive, folder
from milena.ops.backup import manifest as manifests
from milena.ops.backup.checking import Passes, checked
from milena.ops.backup.manifest import ARCHIVES, LOG, NOTE, PARTS, VAULT, Manifest, archive_name
from milena.ops.retention import BackupPolicy, kept
from milena.store import locking
from milena.store.archive import missing, placed
from milena.store.copying import Tell, archives, contents, copy, hash_at, unheard
from milena.store.envelope import Head
from milena.store.errors import Damaged, NoData, Unavailable
from milena.store.heads import write_head
from milena.store.vault import Vault


class Backup(NamedTuple):
    """``size`` of its file in bytes; ``manifest``: what is in it."""

    path: Path
    size: int
    manifest: Manifest

    @property
    def head(self) -> Head:
        """Where its log ends."""
        return Head(self.manifest.position, bytes.fromhex(self.manifest.hash))


def make(home: Path, to: Path, tell: Tell = unheard, *, held: bool = False) -> Backup:
    """Back up the data directory ``home`` into the new file ``to``. A backup that has this name already
    stands, and is told again. ``held``: whoever asks has the lock of the directory.

    The file gets its name when all is in it and was read back. ``tell`` hears of kilobytes, of those that
    all passes over the data take together. Raises Unavailable or Damaged, and leaves nothing half-made.
    """
    if to.exists():
        return told(to)
    if not (home / LOG).exists():
        raise NoData(home)
    passes = Passes(tell, (home / LOG).stat().st_size, 4)
    with nullcontext() if held else locking.share(home), folder.building(to.parent) as work:
        try:
            _check_room(home, to.parent)
            manifest = _gather(home, work, passes.next, passes.next)
            packed = work / to.name
            archive.pack(manifest, work, packed, passes.next())
            if archive.read(packed, None, passes.next()) != manifest:
                raise Damaged(f"The backup {to} was read back as another than it was written; try again.")
            packed.rename(to)
            folder.keep_on_disk(to.parent)
        except OSError as error:
            raise Unavailable(f"No backup was made in {to.parent}: {error.strerror}.") from error
    return told(to)


def _check_room(home: Path, folder: Path) -> None:
    """Of what is surely needed; a disk that gets full later is told then."""
    needed = sum((home / name).stat().st_size for name in (LOG, VAULT) if (home / name).exists())
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise Unavailable(
            f"No backup was made in {folder}: it needs {needed / 1e6:,.1f} MB there at least, and "
            f"{free / 1e6:,.1f} MB are free; make room, or name another disk with MILENA_BACKUPS."
        )


def _gather(home: Path, work: Path, copying: Callable[[], Tell], reading: Callable[[], Tell]) -> Manifest:
    """Put the parts of a backup into ``work``, and check them."""
    tell = copying()
    copy(home / LOG, work / LOG, tell)
    named = _gather_archives(home / ARCHIVES, work)
    now = time.time_ns() // 1_000_000
    # Whoever was erased is gone from the copy, too.
    copy(home / VAULT, work / VAULT, lambda *_: tell(1, 1), compact=True)
    found = contents(work / LOG, work / VAULT, reading())
    head = found.head
    # The log goes on meanwhile: so it has to hold the head of the copy, wherever its own is by now.
    if head.position and hash_at(home / LOG, head.position) != head.hash:
        raise Damaged(f"The copy of {home / LOG} ends elsewhere than the log; run 'milena verify'.")
    vault = Vault(work / VAULT, as_it_is=True)
    try:
        write_head(work / NOTE, head, vault, now)
        installation = manifests.installation(vault)
    finally:
        vault.close()
    if (home / manifests.CONFIGURATION).is_file():
        (work / manifests.CONFIGURATION).write_bytes((home / manifests.CONFIGURATION).read_bytes())
    there = [name for name in PARTS if (work / name).exists()]
    parts = {name: archive.summed(work / name) for name in [*there, *named]}
    return manifests.describe(now, found, installation, parts)


def _gather_archives(folder: Path, work: Path) -> list[str]:
    """Put the archives that the copied log names beside it. They are never changed, so there is no need to
    copy them where a link will do. Raises Damaged where one is missing: a backup without it is none."""
    (work / ARCHIVES).mkdir(mode=0o700)
    names = []
    for each in archives(work / LOG):
        name = archive_name(each.file)
        try:
            source = placed(folder, each.file).resolve(strict=True)
            try:
                os.link(source, work / name)
            except OSError:  # another disk, or a file system without links
                shutil.copyfile(source, work / name)
        except FileNotFoundError as error:
            raise missing(folder / each.file, error) from error
        names.append(name)
    return sorted(names)


def told(path: Path) -> Backup:
    """What a backup says that it is. Raises Damaged or Unavailable."""
    return Backup(path, os.path.getsize(path) if path.exists() else 0, archive.read_manifest(path))


def check(path: Path, tell: Tell = unheard) -> Manifest:
    """Check a backup as if it were to be restored: every byte, and the whole chain. Raises Damaged or
    Unavailable, and changes nothing."""
    passes = Passes(tell, path.stat().st_size if path.is_file() else 0, 2)
    with checked(path, None, passes) as (manifest, _):
        return manifest


def prune(backups: Path, policy: BackupPolicy, *, dry: bool = False) -> list[Path]:
    """Remove the backups of a folder that the policy does not keep; returns them. ``dry``: only tell."""
    times = folder.backups(backups)
    keep = kept(times.values(), policy)
    removed = [path for path, made in times.items() if made not in keep]
    if not dry:
        for path in removed:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise Unavailable(f"{path} can't be removed: {error.strerror}.") from error
    return removed
