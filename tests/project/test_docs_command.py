"""The commands of docs/add-a-command.md are built, installed, tested and called, as the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from milena.domain.command import Command

PAGE = Path(__file__).parents[2] / "docs" / "add-a-command.md"


def block(title: str) -> str:
    """The code that the page shows under a title."""
    pattern = rf'^```\w+ title="{re.escape(title)}"\n(.*?)^```$'
    [found] = re.findall(pattern, PAGE.read_text(), re.DOTALL | re.MULTILINE)
    return str(found)


def session() -> list[tuple[str, str]]:
    """What the page calls, and what it says that this prints."""
    [shown] = re.findall(r"^```console\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    parts = re.split(r"^\$ (.*)\n", shown, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package of the page is installed."""
    source, site = tmp_path_factory.mktemp("lots"), tmp_path_factory.mktemp("site")
    for name in ("pyproject.toml", "lots.py", "busiest.py"):
        (source / name).write_text(block(name))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", site, source], check=True, timeout=120)
    (site / "test_lots.py").write_text(block("test_lots.py"))
    return site


@pytest.fixture(scope="module")
def environment(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(site),
        "MILENA_DATA": str(tmp_path_factory.mktemp("data") / "data"),
    }


def test_the_commands_answer_as_the_page_shows(environment: dict[str, str]) -> None:
    calls = session()
    assert len(calls) == 3
    for call, expected in calls:
        done = subprocess.run(
            ["bash", "-c", call], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, call + done.stdout + done.stderr
        assert done.stdout.strip() == expected, call


def test_the_test_of_the_page_passes(site: Path, environment: dict[str, str]) -> None:
    pytest_ = [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_lots.py"]
    done = subprocess.run(pytest_, cwd=site, env=environment, capture_output=True, text=True, timeout=120)
    assert "1 passed" in done.stdout, done.stdout


def test_the_table_of_the_declaration_has_every_field() -> None:
    [table] = re.findall(r"^\| Field .*?\n\n", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    told = {name for cell in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in cell.split(", ")}
    assert {name.strip("`") for name in told} == {*Command.__struct_fields__} - {"internal"}
