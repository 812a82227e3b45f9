"""A data directory is made once, whole, however many make it at the same time and whoever dies of it."""

import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random

import pytest

from milena.domain.command import Invocation
from milena.home import Home

pytestmark = pytest.mark.crash

FORK = get_context("fork")
PROCESSES = 8


def seed(data: Path) -> str:
    """Opens the directory; what its secret makes of some game."""
    with Home(data) as home:
        assert home.store.head().position == 0
        return home.vault.seed("1g5k2m9xq4").hex()


def open_together(data: Path, start: Barrier, seeds: "Queue[str]") -> None:
    start.wait()
    try:
        seeds.put(seed(data))
    except Exception as error:
        seeds.put(f"{type(error).__name__}: {error}")


def works(data: Path, invocation: Callable[..., Invocation]) -> bool:
    with Home(data) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")
        return engine.call(invocation("open", ann, game="hangman")).verdict == "accepted"


def test_a_first_start_that_is_killed_leaves_a_directory_that_the_next_one_can_use(
    tmp_path: Path, random: Random, invocation: Callable[..., Invocation]
) -> None:
    begun = time.perf_counter()
    seed(tmp_path / "timed")
    takes = time.perf_counter() - begun
    left = set()
    for number in range(100):
        data = tmp_path / str(number)
        process = FORK.Process(target=seed, args=(data,))
        process.start()
        time.sleep(random.uniform(0, 1.5 * takes))
        process.kill()
        process.join()
        left.add(tuple(sorted(file.name for file in data.glob("*"))))
        assert seed(data) == seed(data)
        assert works(data, invocation)
    assert len(left) > 2, "every kill came at the same moment"


def test_processes_that_start_at_once_make_one_vault_and_one_log(
    tmp_path: Path, invocation: Callable[..., Invocation]
) -> None:
    for turn in range(20):
        data = tmp_path / str(turn)
        start, seeds = FORK.Barrier(PROCESSES), FORK.Queue()
        processes = [FORK.Process(target=open_together, args=(data, start, seeds)) for _ in range(PROCESSES)]
        for process in processes:
            process.start()
        found = {seeds.get(timeout=60) for _ in processes}
        for process in processes:
            process.join()
        assert found == {seed(data)}
        assert works(data, invocation)
