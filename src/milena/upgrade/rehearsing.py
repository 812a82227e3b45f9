"""An upgrade, tried on a copy: what it takes, and whether the log is whole afterwards."""

import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from milena.domain.event import Aggregate
from milena.replay.report import Progress, Report
from milena.replay.verify import verify
from milena.store import Store, Unavailable, Vault, heads, upgrading
from milena.store.copying import copy


class Rehearsal(Struct, frozen=True):
    """``migrated``, ``verified``: seconds that it took; ``report``: what is wrong with what came of it."""

    migrated: float
    verified: float
    report: Report


def rehearse(home: Path, aggregates: Iterable[Aggregate[Any]], progress: Progress) -> Rehearsal:
    """Copy the log and the vault of ``home``, which may be in use, to where temporary files are made;
    migrate and verify the copy, and remove it. Raises StoreError."""
    aggregates = tuple(aggregates)
    with tempfile.TemporaryDirectory(prefix="milena-upgrade-") as name:
        aside = Path(name)
        _copy(home, aside)
        begun = time.perf_counter()
        upgrading.migrate(aside)
        migrated = time.perf_counter()
        report = _verify(aside, aggregates, progress)
        return Rehearsal(migrated - begun, time.perf_counter() - migrated, report)


def _copy(home: Path, aside: Path) -> None:
    there = [name for name in (upgrading.LOG, upgrading.VAULT, heads.NAME) if (home / name).exists()]
    needed, free = sum((home / name).stat().st_size for name in there), shutil.disk_usage(aside).free
    if needed > free:
        raise Unavailable(
            f"The copy needs {needed / 1e6:,.1f} MB in {aside.parent}, and {free / 1e6:,.1f} MB are free; "
            "name another folder with TMPDIR."
        )
    if heads.NAME in there:  # before the log, which only goes on
        shutil.copyfile(home / heads.NAME, aside / heads.NAME)
    for name in (upgrading.LOG, upgrading.VAULT):
        if name in there:
            copy(home / name, aside / name)


def _verify(aside: Path, aggregates: tuple[Aggregate[Any], ...], progress: Progress) -> Report:
    vault = Vault(aside / upgrading.VAULT)
    try:
        store = Store(aside / upgrading.LOG, vault, [event for each in aggregates for event in each.events])
        try:
            return verify(store, aggregates, progress)
        finally:
            store.close()
    finally:
        vault.close()
