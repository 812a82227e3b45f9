"""What is built holds all that it needs, and runs where nothing else of the project is."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "milena": ROOT / "src" / "milena",
    "milena/projections": ROOT / "projections",
    "milena/snapshots": ROOT / "snapshots",
}
MOVES = "5\n1\n2\n3\n8\n"  # X takes the middle column


def call(*command: str | Path, cwd: Path, input: str = "") -> str:
    """What a program printed; the test fails with what it said where it failed."""
    # Neither a variable of Milena's nor the directory that this runs in may lend it anything.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MILENA_", "PYTHON"))}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=clean, input=input, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sources() -> Iterator[str]:
    """Every file that belongs into the package, as it is called there."""
    for package, folder in FOLDERS.items():
        for path in folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{package}/{path.relative_to(folder)}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and with the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    call(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    [wheel] = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def tree(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, unpacked."""
    folder = tmp_path_factory.mktemp("tree")
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    [tree] = folder.iterdir()
    return tree


def packed(wheel: Path) -> set[str]:
    """The files that a wheel installs, all but those about itself."""
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def install(folder: Path, *what: str | Path) -> Path:
    """Install into a virtual environment in a folder, which is made first; returns where its programs are."""
    if not (folder / "venv").exists():
        call(sys.executable, "-m", "venv", "--without-pip", "venv", cwd=folder)
    pip = (sys.executable, "-m", "pip", "--python", folder / "venv")
    call(*pip, "install", "--quiet", "--no-compile", *what, cwd=folder)
    return folder / "venv" / "bin"


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a virtual environment of the wheel and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("place")
    install(folder, wheel)
    return folder


def test_the_wheel_holds_every_file_of_the_sources(wheel: Path) -> None:
    assert packed(wheel) == set(sources())


def test_what_a_container_is_built_from_is_all_that_is_needed(tmp_path: Path) -> None:
    lines = (ROOT / "Containerfile").read_text().splitlines()
    for line in (each for each in lines if each.startswith("COPY") and "--from=" not in each):
        _, *names, to = line.split()
        for path in (ROOT / name for name in names):
            if path.is_dir():
                caches = shutil.ignore_patterns("__pycache__", "*.egg-info")
                shutil.copytree(path, tmp_path / to, ignore=caches)
            else:
                shutil.copy(path, tmp_path / to)
    call(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path, cwd=tmp_path)
    [wheel] = tmp_path.glob("*.whl")
    assert packed(wheel) == set(sources())


@pytest.mark.parametrize(
    "name",
    [
        "milena/py.typed",
        "milena/games/words/animals.txt",
        "milena/projections/__init__.py",
        "milena/snapshots/policy.toml",
    ],
)
def test_the_wheel_holds_what_is_no_code(wheel: Path, name: str) -> None:
    assert name in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_holds_the_recorded_games(wheel: Path) -> None:
    recorded = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".jsonl")]
    games = {Path(name).parent.name for name in recorded if name.startswith("milena/snapshots/")}
    assert games >= {"tictactoe", "connect4", "rock-paper-scissors", "hangman", "2048"}


def test_the_wheel_tells_its_licence_and_its_program(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    about = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
    assert "LICENSE" in about
    assert "License-Expression: MIT" in archive.read(about["METADATA"]).decode()
    assert "milena = milena.__main__:main" in archive.read(about["entry_points.txt"]).decode()


def test_the_wheel_plays_in_an_empty_place(wheel: Path, place: Path, tmp_path: Path) -> None:
    programs = place / "venv" / "bin"
    milena = programs / "milena"
    version = wheel.name.split("-")[1]
    assert call(milena, "--version", cwd=tmp_path) == f"milena {version}\n"
    assert call(programs / "python", "-m", "milena", "--version", cwd=tmp_path) == f"milena {version}\n"
    assert "Usage: milena games" in call(milena, "games", "--help", cwd=tmp_path)

    data = ("--data", tmp_path / "data")
    played = call(milena, "play", "tictactoe", "ann", "bob", "--moves", "-", *data, cwd=tmp_path, input=MOVES)
    assert "three in a row" in played
    assert "three in a row" in call(milena, "replay", "last", *data, cwd=tmp_path)
    call(milena, "verify", *data, cwd=tmp_path)
    call(milena, "snapshots", "check", *data, cwd=tmp_path)


def test_an_editable_install_runs_from_its_tree(tree: Path, place: Path, tmp_path: Path) -> None:
    # Given what the wheel asked for, but not the wheel
    call(sys.executable, "-m", "venv", "--without-pip", "venv", cwd=tmp_path)
    [there], [here] = (folder.glob("venv/lib/*/site-packages") for folder in (place, tmp_path))
    shutil.copytree(there, here, ignore=shutil.ignore_patterns("milena*"), dirs_exist_ok=True)
    programs = install(tmp_path, "--no-deps", "--editable", tree)
    code = (
        "import milena, milena.projections; from milena.store.snapshot import policies; "
        "print(milena.__file__, milena.projections.__file__, *policies())"
    )
    where, projections, *kinds = call(programs / "python", "-c", code, cwd=tmp_path).split()
    assert Path(where) == tree / "src" / "milena" / "__init__.py"
    assert Path(projections) == tree / "projections" / "__init__.py"
    assert kinds == [
        "game", "member", "lobby", "guild", "urn", "poll", "reminder", "case", "effect", "story", "shelf",
        "board", "collection", "budget", "digest",
    ]  # fmt: skip
    assert "Usage: milena games" in call(programs / "milena", "games", "--help", cwd=tmp_path)
