"""What else holds a person who was erased: copies of the vault that were made before."""

from pathlib import Path

from milena.ops.backup import backups, folder_of
from milena.ops.backup.restoring import REPLACED


def older_copies(home: Path) -> list[Path]:
    """Backups, and what restores have put aside, oldest first. Raises Unavailable.

    They are not changed: a backup is signed and summed as a whole, and may be what saves everybody else's
    games. They go as the policy of the backups lets them go, or by the operator's hand.
    """
    aside = sorted(path for path in home.glob(f"{REPLACED}*") if (path / "vault.db").exists())
    return [*backups(folder_of(home)), *aside]
