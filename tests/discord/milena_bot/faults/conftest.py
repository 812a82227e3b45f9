"""What the tests of faults share: people who note what they see, and the page that is made of it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[3] / "crash"))

from disks import CAN_MOUNT, SmallFileSystem
from kit import StartMilena
from page import PAGE, Section, page
from processes import Warm
from scene import Scene
from standin import Guild, StandIn

WRITES = os.environ.get("MILENA_FAULTS") == "write"
FAILED = pytest.StashKey[bool]()
_sections: dict[str, str] = {}


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    home_dir: Path,
    tmp_path: Path,
    discord: StandIn,
    club: Guild,
    start_milena: StartMilena,
    warm_milena: Warm,
) -> Iterator[Scene]:
    """What this test tells of its fault; at its end, that has to be what the page says."""
    section = Section(request.function.fault, {str(home_dir): "DATA"})
    yield Scene(section, home_dir, tmp_path, discord, start_milena, warm_milena)
    if request.node.stash.get(FAILED, False):
        return
    _sections[section.fault.title] = section.text
    if not WRITES:
        asked = f"{PAGE} should say (MILENA_FAULTS=write writes it):\n{section.text}"
        assert section.text in PAGE.read_text(), asked


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if call.when != "teardown" and call.excinfo is not None:  # or it was skipped
        item.stash[FAILED] = True
    return report


def pytest_sessionfinish() -> None:
    if WRITES:
        PAGE.write_text(page(_sections))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallFileSystem]:
    """A small file system of its own."""
    if not CAN_MOUNT:
        pytest.skip("nobody may mount here")
    with SmallFileSystem(tmp_path / "disk") as disk:
        yield disk
