"""Backups that are made while a process writes as fast as it can, and that are killed while they are made."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from signal import SIGINT, SIGKILL, SIGTERM

import pytest
from playing import PATIENCE, Player

from milena.aggregates import AGGREGATES
from milena.home import Home
from milena.ops.backup import backups, check, restore
from milena.replay.verify import verify

EVENTS = 30_000

pytestmark = pytest.mark.crash


def milena(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "milena", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_backup_taken_while_a_process_plays_restores_to_what_was_there_once(
    tmp_path: Path, start_player: Callable[..., Player], random: Random
) -> None:
    # Given a process that plays dozens of games at once, some hundred commands a second
    data, folder = tmp_path / "data", tmp_path / "backups"
    player = start_player(data, str(random.random()))
    player.wait_for_answers(300)
    # When two backups are made by other processes meanwhile
    acknowledged = []
    for _ in range(2):
        acknowledged.append(len(player.said().answers))
        making = milena("backup", "create", "--data", data, "--folder", folder)
        _, said = making.communicate(timeout=PATIENCE)
        assert (making.returncode, said) == (0, "")
    after = len(player.said().answers)
    player.stop(SIGTERM)
    answers = player.said().answers
    assert acknowledged[0] < acknowledged[1] < after, "nothing was played meanwhile"
    with Home(data) as home:
        log = home.store.rows("SELECT * FROM events ORDER BY position")

    # Then each of them is the log as it was once, with all that was acknowledged before it was begun
    for number, (path, before) in enumerate(zip(backups(folder), acknowledged, strict=True)):
        manifest, _, _ = restore(path, tmp_path / f"restored-{number}")
        assert manifest.position >= max(answer["position"] for answer in answers[:before])
        with Home(tmp_path / f"restored-{number}") as home:
            assert home.store.rows("SELECT * FROM events ORDER BY position") == log[: manifest.position]
            # and with everybody who is in it
            people = {player for (player,) in home.store.rows("SELECT DISTINCT player FROM events")}
            assert {home.vault.source(player) for player in people} == {"terminal"}
    # and it passes the whole audit
    with Home(tmp_path / "restored-1") as home:
        assert verify(home.store, AGGREGATES).findings == []


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that takes a while to back up."""
    data = tmp_path_factory.mktemp("grown") / "data"
    with Home(data) as home, home.store.transaction() as transaction:
        transaction.append(
            (
                "member:t:ann",
                n,
                "command.invoked",
                os.urandom(99).hex(),
                0,
                "ann",
                "t",
                f"i{n}",
                None,
                f"i{n}",
            )
            for n in range(1, EVENTS + 1)
        )
    return data


@pytest.mark.parametrize("signal", [SIGKILL, SIGINT])
def test_one_that_is_stopped_in_the_middle_is_none_at_all(
    grown: Path, tmp_path: Path, random: Random, signal: int
) -> None:
    folder = tmp_path / "backups"
    for _ in range(2):
        # Given a backup that is being made
        making = milena("backup", "create", "--data", grown, "--folder", folder)
        deadline = time.monotonic() + PATIENCE
        while not list(folder.glob("*.part")) and making.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.6))  # somewhere in it: nothing depends on where
        # When it is stopped
        making.send_signal(signal)
        _, said = making.communicate(timeout=PATIENCE)
        # Then there is no backup but those that were finished, and those are sound
        finished = backups(folder)
        for path in finished:
            check(path)
        if signal == SIGINT:
            assert making.returncode in (0, 130, -SIGINT)  # the last: it had done its work
            assert "Traceback" not in said
            assert list(folder.iterdir()) == list(finished)
    # and the next one sweeps away what is left
    making = milena("backup", "create", "--data", grown, "--folder", folder)
    _, said = making.communicate(timeout=PATIENCE)
    assert (making.returncode, said) == (0, "")
    assert sorted(folder.iterdir()) == sorted(backups(folder))


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(
    grown: Path, tmp_path: Path, random: Random
) -> None:
    # Given a data directory with a log of its own, and a longer backup of it
    making = milena("backup", "create", "--data", grown, "--folder", tmp_path)
    making.communicate(timeout=PATIENCE)
    [path] = backups(tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(grown / "vault.db", data)
    Home(data).close()
    for _ in range(3):
        restoring = milena("backup", "restore", path, "--data", data)
        deadline = time.monotonic() + PATIENCE
        while not list(data.glob("resto*")) and restoring.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.6))
        # When it is killed while it restores
        restoring.send_signal(SIGKILL)
        restoring.communicate(timeout=PATIENCE)
        # Then the old is there, or the new, or it is said that it has to be finished
        if not list(data.glob("restoring-*")):
            with Home(data) as home:
                assert home.store.head().position in (0, EVENTS)
    restoring = milena("backup", "restore", path, "--data", data)
    _, said = restoring.communicate(timeout=PATIENCE)
    assert (restoring.returncode, said) == (0, "")
    assert not list(data.glob("resto*"))
    with Home(data) as home:
        assert home.store.head().position == EVENTS
