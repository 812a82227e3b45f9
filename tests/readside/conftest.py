"""What the tests of the read side share. Their helpers are in tallying.py, a module of this folder."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from tallying import Folder, Writing

from milena.home import Home


@pytest.fixture
def writing(home: Home) -> Writing:
    """Somebody who writes to the log of ``home``."""
    return Writing(home)


@pytest.fixture
def folder(tmp_path: Path, writing: Writing) -> Folder:
    """Where read models of this log may be."""
    return Folder(tmp_path / "models", writing.log)
