"""What the tests of backups share. Their helpers (playing_on, archives) are modules of this folder."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from playing_on import Played, play

from milena.ops.backup import Backup, make


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A data directory in which was played. Only to be read."""
    played = play(tmp_path_factory.mktemp("original") / "data")
    (played.path / "milena.toml").write_text("[engine]\nqueue = 77\n")
    return played


@pytest.fixture(scope="session")
def made(original: Played, tmp_path_factory: pytest.TempPathFactory) -> Backup:
    """A backup of it. Only to be read."""
    return make(original.path, tmp_path_factory.mktemp("backups") / "20260701T120000Z-a.tar.gz")
