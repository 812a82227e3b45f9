"""Files that were cut or changed behind our back: the log opens to a beginning of what it was, or says
what is wrong with it; nobody sees an error of SQLite's or a traceback."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import NamedTuple

import pytest
from auditor import Auditor
from forking import Forks
from playing import Player

from milena.aggregates import GAMES
from milena.domain.command import Invocation
from milena.home import Home
from milena.store import Envelope, StoreError
from milena.store.envelope import GENESIS, expected_hash

pytestmark = pytest.mark.crash

DAMAGES = int(os.environ.get("MILENA_CRASH_DAMAGES", "60"))
"""Cuts, and as many changed bytes, of each file."""


class Original(NamedTuple):
    data: Path
    log: list[Envelope]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Original:
    """A data directory as a kill leaves it: a part of the log is in the WAL alone."""
    data = tmp_path_factory.mktemp("killed") / "data"
    for answers in (150, 100):
        player = Player(forks, data, "killed")
        player.wait_for_answers(answers)
        if answers == 150:
            player.stop(SIGKILL)
            with Home(data):
                pass  # closing moves all of the WAL to the file
    shutil.copytree(data, data.with_name("copied while it was running"))
    player.stop(SIGKILL)
    whole = shutil.copytree(data, data.with_name("whole"))
    with Home(whole) as home:
        Auditor().read_on(home.store)
        return Original(data, list(home.store.scan()))


@pytest.fixture(scope="module")
def closed(killed: Original, tmp_path_factory: pytest.TempPathFactory) -> Original:
    """The same log, closed as it should be: all of it is in one file."""
    data = shutil.copytree(killed.data, tmp_path_factory.mktemp("closed") / "data")
    with Home(data):
        pass
    assert not (data / "events.db-wal").exists()
    return Original(data, killed.log)


def copy(original: Original, to: Path) -> Path:
    """A copy without the index of the WAL, which is made anew by whoever opens it."""
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(original.data, to, ignore=shutil.ignore_patterns("*-shm"))


def cut(file: Path, random: Random, turn: int) -> str:
    size = file.stat().st_size
    length = [0, 1, 31, 32, 33, 100, 4096, size - 1][turn] if turn < 8 else random.randrange(size)
    os.truncate(file, length)
    return f"{file.name} cut to {length} of {size} bytes"


def change(file: Path, random: Random, turn: int) -> str:
    """Change one byte: first each of the header's, or those of the page with the schema."""
    place = turn * 4 if turn < 8 else random.randrange(file.stat().st_size)
    with file.open("r+b") as opened:
        opened.seek(place)
        byte = opened.read(1)[0]
        opened.seek(place)
        opened.write(bytes([byte ^ 1 << random.randrange(8)]))
    return f"{file.name} changed at {place}"


def is_prefix(found: list[Envelope], log: list[Envelope]) -> bool:
    """Up to the end, or to where an invocation begins: whole invocations only."""
    end = len(found)
    return found == log[:end] and (end == len(log) or log[end].invocation is not None)


@pytest.mark.parametrize("harm", [cut, change])
def test_a_damaged_wal_leaves_whole_invocations_up_to_some_point(
    harm: Callable[[Path, Random, int], str], killed: Original, tmp_path: Path, random: Random,
    invocation: Callable[..., Invocation],
) -> None:  # fmt: skip
    lengths = set()
    for turn in range(DAMAGES):
        # Given a killed process's files, and a WAL that was cut or changed
        data = copy(killed, tmp_path / "data")
        print(harm(data / "events.db-wal", random, turn))
        # When they are opened, then the log is what it was up to some invocation
        with Home(data) as home:
            found = list(home.store.scan())
            assert is_prefix(found, killed.log)
            lengths.add(len(found))
            # and goes on from there
            with home.engine() as engine:
                ann = home.vault.player("terminal", "ann")
                assert engine.call(invocation("open", ann, game="2048")).verdict == "accepted"
            auditor = Auditor()
            auditor.read_on(home.store)
            auditor.check_refolds(home.store)
    assert len(lengths) > 5, "the damage was nowhere"
    assert min(lengths) > 0, "what was in the file before is not lost with the WAL"


@pytest.mark.parametrize("harm", [cut, change])
def test_a_damaged_file_is_a_beginning_of_the_log_or_is_found_out(
    harm: Callable[[Path, Random, int], str], closed: Original, tmp_path: Path, random: Random
) -> None:
    found_out = 0
    for turn in range(DAMAGES):
        data = copy(closed, tmp_path / "data")
        print(harm(data / "events.db", random, turn))
        try:
            with Home(data) as home:
                found = list(home.store.scan())
                for key in home.store.streams("game"):
                    home.store.fold(GAMES, key)
        except StoreError:
            found_out += 1
            continue
        assert is_prefix(found, closed.log) or not chain_is_whole(found)
        found_out += found != closed.log
    assert found_out > DAMAGES // 10, "the damage was nowhere"


def chain_is_whole(log: list[Envelope]) -> bool:
    previous = GENESIS
    for position, envelope in enumerate(log, start=1):
        if envelope.position != position or envelope.hash != expected_hash(previous, envelope):
            return False
        previous = envelope.hash
    return True


@pytest.mark.parametrize("verb", ["verify", "games", "doctor"])
@pytest.mark.parametrize("harm", [cut, change])
def test_the_command_line_shows_no_traceback_for_a_damaged_file(
    verb: str,
    harm: Callable[[Path, Random, int], str],
    closed: Original,
    tmp_path: Path,
    random: Random,
    forks: Forks,
) -> None:
    for turn in (0, 3, 6, 20, 21, 22):
        data = copy(closed, tmp_path / "data")
        print(harm(data / "events.db", random, turn))
        done = forks.run(verb, "--data", str(data))
        print(done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 1, 3)
        if done.returncode:
            assert done.stderr.strip() or done.stdout.strip()
