"""Whether the archives of a log are what was written."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from milena.archiving.choosing import check_rows
from milena.archiving.making import Tell
from milena.domain.game import Games
from milena.store import Damaged, Store, moving
from milena.store.archive import NAME, Archive, Missing, check_sum, read


class Checked(NamedTuple):
    """``trouble``: what is wrong with an archive, empty where nothing is; ``missing``: its file is gone."""

    archive: Archive
    trouble: str = ""
    missing: bool = False


def check(store: Store, games: Games, tell: Tell = lambda done, total: None) -> Iterator[Checked]:
    """Read every archive to its end: its sum, then each of its games, which must be what the chain says and
    replay."""
    archives = moving.archives(store)
    total, done = sum(each.events for each in archives), 0
    for archive in archives:
        try:
            check_sum(store.archives, archive)
            for packed in moving.archived_games(store, archive.number):
                check_rows(store, games, packed.stream, read(store.archives, packed))
                done += packed.events
                tell(done, total)
        except Damaged as error:
            told = str(error) if archive.file in str(error) else f"{archive.file}: {error}."
            yield Checked(archive, told, isinstance(error, Missing))
        else:
            yield Checked(archive)


def strays(store: Store) -> list[Path]:
    """Files in the folder of the archives that the log does not name: of another log, or of a later state."""
    known = {each.file for each in moving.archives(store)}
    files = sorted(store.archives.iterdir()) if store.archives.is_dir() else []
    return [file for file in files if NAME.fullmatch(file.name) and file.name not in known]
