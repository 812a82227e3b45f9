"""Whether a backup can be trusted: unpacked aside, and read from end to end."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from milena.ops.backup import archive
from milena.ops.backup import manifest as manifests
from milena.ops.backup.folder import PART
from milena.ops.backup.manifest import LOG, NOTE, PARTS, VAULT, Manifest, archive_name
from milena.store.copying import Tell, archives, contents
from milena.store.errors import Damaged, StoreError, TooNew, Unavailable
from milena.store.heads import read_head
from milena.store.vault import Vault

PREFIX = "restore-"
"""How the names begin of the directories in which backups are unpacked."""


class Passes:
    """Several passes over the same data, told as one piece of work, in kilobytes."""

    def __init__(self, tell: Tell, size: int, passes: int) -> None:
        self._tell = tell
        self._size = max(1, size // 1000)
        self._total = passes * self._size
        self._begun = -1

    def next(self) -> Tell:
        """Tells of the next pass, in whatever unit."""
        self._begun += 1
        before = self._begun * self._size

        def tell(done: int, total: int) -> None:
            part = min(1.0, done / total) if total else 1.0
            self._tell(before + int(self._size * part), self._total)

        return tell


@contextmanager
def checked(path: Path, beside: Path | None, passes: Passes) -> Iterator[tuple[Manifest, Path]]:
    """A backup that was unpacked and checked: what it is, and the directory with its parts, which is removed
    in the end. ``beside``: where to make that; None: where temporary files are made.

    Two passes. Raises Damaged with the reason, or Unavailable.
    """
    try:
        unpacked = tempfile.TemporaryDirectory(prefix=PREFIX, suffix=PART, dir=beside)
    except OSError as error:
        raise Unavailable(f"{path} can't be unpacked: {error.strerror}.") from error
    with unpacked as name:
        directory = Path(name)
        manifest = archive.read(path, directory, passes.next())
        try:
            _check(manifest, directory, passes.next())
        except TooNew as error:
            raise Unavailable(
                f"{path} was made by Milena {manifest.milena}: its {error.name} has format {error.format}, "
                f"and this release knows {error.known}: install that release, or a newer one."
            ) from error
        except StoreError as error:
            reason = error.__cause__ or str(error).replace(f"{directory}/", "").rstrip(".")
            raise type(error)(f"{path} is no sound backup: {reason}.") from error
        yield manifest, directory


def _check(manifest: Manifest, directory: Path, tell: Tell) -> None:
    found = contents(directory / LOG, directory / VAULT, tell)
    named = {archive_name(each.file) for each in archives(directory / LOG)}
    if named != manifest.parts.keys() - PARTS.keys():
        raise Damaged("it has other archives than its log names")
    if (found.head.position, found.head.hash.hex()) != (manifest.position, manifest.hash):
        raise Damaged(f"its log ends at position {found.head.position}, and not as its manifest says")
    if (found.games, found.players) != (manifest.games, manifest.players):
        raise Damaged("it has other games or players than its manifest says")
    vault = Vault(directory / VAULT, as_it_is=True)
    try:
        note = read_head(directory / NOTE, vault)
        if manifests.installation(vault) != manifest.installation:
            raise Damaged("its vault is of another installation than its manifest says")
    finally:
        vault.close()
    if note is None or (note.position, note.hash) != (manifest.position, manifest.hash):
        raise Damaged("its log does not end where its vault signed that it does")
