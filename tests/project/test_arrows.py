"""The arrows of the house point one way, and the linter sees one that does not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the sources, to be spoilt."""
    shutil.copytree(ROOT / "src" / "milena", tmp_path / "src" / "milena")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", program, "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(house / "src")}
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False)


def test_the_house_keeps_every_contract(house: Path) -> None:
    result = lint(house)
    assert result.returncode == 0, result.stdout
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        ("domain/ids.py", "import milena.games"),
        ("domain/chance.py", "import random"),
        ("games/tictactoe.py", "import milena.engine"),
        ("games/connect4.py", "import milena.commands"),
        ("games/hangman.py", "import sqlite3"),
        ("commands/games/move.py", "import milena.store"),
        ("opponents/random.py", "import milena.games"),
        ("store/errors.py", "import milena.ops.config"),
        ("engine/cache.py", "import milena.games"),
        ("engine/cache.py", "import sqlite3"),
        ("engine/logged.py", "import loguru"),
        ("replay/report.py", "import milena.engine"),
        ("ops/config.py", "import milena.home"),
        ("home.py", "import rich"),
        ("terminal/board.py", "import milena.cli"),
    ],
)
def test_an_arrow_that_points_back_is_found(house: Path, file: str, wrong: str) -> None:
    path = house / "src" / "milena" / file
    path.write_text(f"{path.read_text()}\n{wrong}\n")
    result = lint(house)
    assert result.returncode == 1
    module = "milena." + file.removesuffix(".py").replace("/", ".")
    assert f"{module} -> {wrong.split()[1]}" in result.stdout
