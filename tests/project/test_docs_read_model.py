"""The read model of docs/add-a-read-model.md is built, installed and asked, as the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "add-a-read-model.md"


def block(title: str) -> str:
    """The code that the page shows under a title."""
    pattern = rf'^```\w+ title="{re.escape(title)}"\n(.*?)^```$'
    [found] = re.findall(pattern, PAGE.read_text(), re.DOTALL | re.MULTILINE)
    return str(found)


def session() -> list[tuple[str, str]]:
    """The commands that the page calls, and what it says that they print."""
    [shown] = re.findall(r"^```console\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    parts = re.split(r"^\$ (.*)\n", shown, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the package of the page is installed, with ``milena`` on the path and a new data directory."""
    source, site = tmp_path_factory.mktemp("openings"), tmp_path_factory.mktemp("site")
    package = source / "milena_openings"
    package.mkdir()
    (source / "pyproject.toml").write_text(block("pyproject.toml"))
    (package / "__init__.py").touch()
    for name in ("model.toml", "schema.sql", "fold.sql", "best.sql"):
        (package / name).write_text(block(name))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", site, source], check=True, timeout=120)
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(site),
        "MILENA_DATA": str(tmp_path_factory.mktemp("data") / "data"),
    }


def test_the_read_model_is_asked_as_the_page_shows(environment: dict[str, str]) -> None:
    commands = session()
    assert len(commands) > 3
    for command, expected in commands:
        shell = ["bash", "-c", command]
        done = subprocess.run(shell, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, command + done.stdout + done.stderr
        assert done.stdout.strip() == expected, command


def test_the_handlers_fit_the_contract(tmp_path: Path) -> None:
    [handlers] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    scope: dict[str, object] = {}
    exec(handlers, scope)
    assert set(scope["HANDLERS"]) == {"game.ended"}  # type: ignore[call-overload]
    assert callable(scope["settle"])
