"""A data directory that can't be written: one line that says so."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from disks import CAN_MOUNT, SmallFileSystem

from milena.home import Home
from milena.store import Unavailable

pytestmark = pytest.mark.crash

NOBODY = 65534
Forbid = Callable[[], None]


@contextmanager
def directory_without_rights() -> Iterator[tuple[Path, Forbid]]:
    """A folder that this process may read only; who is root becomes nobody for it."""
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        data, root = Path(folder) / "data", os.geteuid() == 0

        def forbid() -> None:
            for path in (*data.iterdir(), data):
                path.chmod(0o555 if path.is_dir() else 0o444)
                if root:
                    os.chown(path, NOBODY, NOBODY)
            if root:
                os.seteuid(NOBODY)

        try:
            yield data, forbid
        finally:
            if root:
                os.seteuid(0)
            data.chmod(0o755)


@contextmanager
def read_only_file_system() -> Iterator[tuple[Path, Forbid]]:
    with TemporaryDirectory() as folder, SmallFileSystem(Path(folder) / "disk") as disk:
        yield disk.path / "data", disk.forbid_writing


PLACES = [directory_without_rights, read_only_file_system] if CAN_MOUNT else [directory_without_rights]


@pytest.mark.parametrize("place", PLACES)
def test_a_data_directory_that_cannot_be_written_is_named(
    place: Callable[[], "contextmanager[tuple[Path, Forbid]]"],
) -> None:
    with place() as (data, forbid):
        # Given data that was written once, by somebody who could
        with Home(data):
            pass
        forbid()
        # When it is opened, then it is refused, naming what can't be written
        with pytest.raises(Unavailable, match=r"can't be (written|opened|used)") as raised:
            Home(data)
        assert str(data) in str(raised.value)
