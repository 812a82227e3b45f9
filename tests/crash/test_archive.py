"""Archiving that is killed at any of its steps, and archiving beside a process that plays."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from signal import SIGKILL, SIGTERM

import pytest
from forking import Forks
from playing import PATIENCE, Player

from milena import archiving
from milena.aggregates import AGGREGATES, GAMES
from milena.home import Home
from milena.replay.verify import verify

ARCHIVER = Path(__file__).with_name("archiver.py")
STEPS = (
    ("fsync", 1),
    ("register", 1),
    ("register+", 1),
    ("replace", 1),
    ("replace+", 1),
    ("move", 1),
    ("move+", 2),
    ("commit", 1),
    ("commit", 3),
    ("commit+", 3),
)

pytestmark = pytest.mark.crash


def everything(home: Home) -> list[object]:
    """All events, wherever they are."""
    rows = home.store.rows("SELECT * FROM events")
    for stream, *_ in home.store.rows("SELECT stream FROM archived_games"):
        if not home.store.rows("SELECT 1 FROM events WHERE stream = ?", (stream,)):
            rows += [
                (e.position, e.stream, e.version, e.tag, e.payload, e.time, e.player, e.place, e.correlation,
                 e.causation, e.invocation, e.hash) for e in home.store.archived(stream)
            ]  # fmt: skip
    return sorted(rows)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Path:
    """A log of dozens of games, most of them over."""
    data = tmp_path_factory.mktemp("played") / "data"
    player = Player(forks, data, "archive")
    player.wait_for_answers(700)
    player.stop(SIGTERM)
    return data


@pytest.mark.parametrize(("step", "nth"), STEPS)
def test_one_that_is_killed_loses_nothing_and_is_finished_by_the_next(
    played: Path, tmp_path: Path, step: str, nth: int
) -> None:
    data = Path(shutil.copytree(played, tmp_path / "data"))
    with Home(data) as home:
        expected = everything(home)

    # Given somebody who is killed at this step
    done = subprocess.run([sys.executable, "-P", str(ARCHIVER), str(data), step, str(nth)], timeout=PATIENCE)
    assert done.returncode == -SIGKILL, "there is no such step"

    # Then all is there, in the log or in a file that it names
    with Home(data) as home:
        assert everything(home) == expected
        assert verify(home.store, AGGREGATES).findings == []
        # and the next one does the rest, and leaves nothing lying about
        archiving.archive(home.store, GAMES, 2**62)
        assert everything(home) == expected
        assert verify(home.store, AGGREGATES).findings == []
        assert [each.trouble for each in archiving.check(home.store, GAMES)] == [""]
        assert archiving.strays(home.store) == []
        assert list((data / "archive" / "making").iterdir()) == []
        assert archiving.archive(home.store, GAMES, 2**62, dry=True).archives == []


def test_archiving_beside_a_process_that_plays(
    tmp_path: Path, start_player: Callable[..., Player], random: Random
) -> None:
    # Given a process that plays dozens of games at once, some hundred commands a second
    data = tmp_path / "data"
    player = start_player(data, str(random.random()))
    player.wait_for_answers(400)
    # When others archive what is over, again and again
    moved = 0
    until = time.monotonic() + PATIENCE
    while moved < 3 and time.monotonic() < until:
        player.wait_for_answers(len(player.said().answers) + 150)
        with Home(data) as home:
            moved += len(archiving.archive(home.store, GAMES, 2**62).archives)
    player.stop(SIGTERM)
    assert moved == 3, "nothing was archived"

    # Then every answer is in the log, and all of it is whole
    answers = player.said().answers
    assert [each for each in answers if each["verdict"] == "failed"] == []
    with Home(data) as home:
        assert verify(home.store, AGGREGATES).findings == []
        for answer in answers:
            stored = home.store.at(answer["position"])
            assert stored is not None
            assert stored.invocation == answer["invocation"]
