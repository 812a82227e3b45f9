"""What the crash tests share. Their helpers (auditor, playing, disks) are modules of this folder."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

sys.path.append(str(Path(__file__).parent))

from disks import DISKS, Disk
from forking import Forks
from playing import Player

StartPlayer = Callable[..., Player]


@pytest.fixture
def random() -> Random:
    """Chance that can be repeated: a failing test prints the seed, MILENA_CRASH_SEED sets it."""
    seed = os.environ.get("MILENA_CRASH_SEED") or str(int.from_bytes(os.urandom(4)))
    print(f"MILENA_CRASH_SEED={seed}")
    return Random(seed)


@pytest.fixture
def start_player(forks: Forks) -> Iterator[StartPlayer]:
    """``start_player(data, seed)``: a :class:`Player`, gone when the test ends."""
    started: list[Player] = []

    def start(*arguments: object) -> Player:
        started.append(Player(forks, *arguments))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for player in started:
        if player.process.poll() is None:
            player.process.kill()
        player.process.wait()


@pytest.fixture(params=DISKS, ids=lambda disk: disk.__name__)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A small disk, once of each kind that this machine lets us have."""
    with request.param(tmp_path / "disk") as disk:
        yield disk
