"""What the tests of read models share: scenarios, and one that is played once and read by many."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from scenario import STORIES, Scenario


@pytest.fixture
def scenario(tmp_path: Path) -> Iterator[Scenario]:
    """A scenario in which nothing has happened yet."""
    with Scenario(tmp_path / "data") as scenario:
        yield scenario


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    """Every story twice, in different places, all at the same time. For reading only."""
    with Scenario(tmp_path_factory.mktemp("everything") / "data") as scenario:
        stories = [(name, number) for number, name in enumerate(STORIES)]
        scenario.play([*stories, *((name, 7 * number + 3) for name, number in stories)], order=1)
        yield scenario
