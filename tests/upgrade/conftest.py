"""Data directories as the released versions left them, and releases that are not there yet."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from milena.ops import releases
from milena.store import schema

HERE = Path(__file__).parent

Become = Callable[..., None]


@pytest.fixture
def released(tmp_path: Path) -> Callable[[str], Path]:
    """``released("0.1")``: a copy of what that release left behind (see record.sh)."""
    return lambda release: shutil.copytree(HERE / release, tmp_path / release)


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> Become:
    """``become("0.9.0", sql)``: from here on this is that release, whose log has had these migrations more.
    ``become()``: it is itself again."""
    ours = releases.__version__, list(schema.MIGRATIONS)

    def be(release: str = ours[0], *migrations: str) -> None:
        monkeypatch.setattr(releases, "__version__", release)
        monkeypatch.setattr("milena.upgrade.upgrading.__version__", release)
        monkeypatch.setattr("milena.ops.backup.manifest.__version__", release)
        monkeypatch.setattr(schema, "MIGRATIONS", [*ours[1], *migrations])
        monkeypatch.setattr(schema, "VERSION", len(schema.MIGRATIONS))

    return be
