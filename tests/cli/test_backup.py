"""``milena backup``: making, listing, checking, restoring and pruning, as a script or a person does it."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from milena.domain.ids import PlayerId
from milena.home import Home

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, milena: Run) -> Path:
    """A data directory with a game in it, and one backup. Only to be read."""
    data = tmp_path_factory.mktemp("played") / "data"
    moves = "1\n2\n4\n5\n7\n"
    assert milena("play", "tictactoe", "ann", "bob", "--moves", "-", data=data, input=moves).returncode == 0
    assert milena("backup", "create", data=data).returncode == 0
    return data


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_create_says_what_is_in_it_and_list_and_check_say_the_same(milena: Run, played: Path) -> None:
    [name] = files(played / "backups")
    with Home(played) as home:
        head = home.store.head()

    listed = milena("backup", "list", data=played)
    [row] = json.loads(milena("backup", "list", "--json", data=played).stdout)
    checked = milena("backup", "check", data=played)
    [sound] = json.loads(milena("backup", "check", name[:13], "--json", data=played).stdout)

    assert name.removesuffix(".tar.gz") in listed.stdout
    size = (played / "backups" / name).stat().st_size
    assert (row["name"], row["bytes"], row["trouble"]) == (name, size, None)
    assert (row["position"], row["hash"], row["games"]) == (head.position, head.hash.hex(), 1)
    assert checked.returncode == 0
    assert f"{name} is sound: {head.position} events, 1 game, " in checked.stdout
    assert (sound["position"], sound["trouble"]) == (head.position, None)


def test_create_can_be_used_by_scripts_and_writes_where_it_is_told(
    milena: Run, played: Path, tmp_path: Path
) -> None:
    flag = milena("backup", "create", "--json", "--folder", str(tmp_path / "a"), data=played)
    variable = milena("backup", "create", data=played, env={"MILENA_BACKUPS": str(tmp_path / "b")})

    made = json.loads(flag.stdout)
    assert [made["file"]] == [str(tmp_path / "a" / name) for name in files(tmp_path / "a")]
    assert made["bytes"] == Path(made["file"]).stat().st_size
    assert variable.returncode == 0
    assert len(files(tmp_path / "b")) == 1


def test_restore_rehearses_then_restores_and_the_log_verifies(
    milena: Run, played: Path, tmp_path: Path
) -> None:
    [name] = files(played / "backups")
    file = str(played / "backups" / name)

    rehearsed = milena("backup", "restore", file, "--check", data=tmp_path / "data")
    assert (rehearsed.returncode, list(tmp_path.iterdir())) == (0, [])
    assert rehearsed.stdout.splitlines()[1] == f"{tmp_path}/data is empty."
    first = milena("backup", "restore", file, data=tmp_path / "data")
    again = json.loads(milena("backup", "restore", file, "--json", data=tmp_path / "data").stdout)

    assert (first.returncode, first.stderr) == (0, "")
    assert f", into {tmp_path}/data." in first.stdout
    assert again["restored"]
    assert Path(again["aside"]).parent == tmp_path / "data"
    assert milena("verify", data=tmp_path / "data").returncode == 0


def test_restore_is_refused_while_somebody_uses_the_data(
    milena: Run, home: Home, invoke: Callable[..., Any], ann: PlayerId
) -> None:
    invoke("open", ann, game="tictactoe")
    milena("backup", "create", data=home.path)
    head = home.store.head()

    done = milena("backup", "restore", "last", data=home.path)
    rehearsed = milena("backup", "restore", "last", "--check", data=home.path)

    assert done.returncode == 1
    assert done.stderr.startswith(f"milena: Milena is running on {home.path}, in this or another process; ")
    assert "has to be stopped first" in rehearsed.stdout
    assert home.store.head() == head
    assert invoke("open", ann, game="hangman").verdict == "accepted"


def test_a_damaged_one_is_told_with_status_3_and_the_others_are_checked_too(
    milena: Run, played: Path, tmp_path: Path
) -> None:
    [name] = files(played / "backups")
    whole = (played / "backups" / name).read_bytes()
    (tmp_path / name).write_bytes(whole)
    (tmp_path / "20990101T000000Z-b.tar.gz").write_bytes(whole[:-20])
    folder = ("--folder", str(tmp_path))

    checked = milena("backup", "check", "last", name, *folder, data=played)
    restored = milena("backup", "restore", "last", *folder, data=tmp_path / "data")
    (tmp_path / "20990101T000000Z-b.tar.gz").write_bytes(b"nothing")
    listed = milena("backup", "list", *folder, data=played)

    assert checked.returncode == 3
    assert "20990101T000000Z-b.tar.gz is no sound backup: " in checked.stderr
    assert f"{name} is sound" in checked.stdout
    assert (restored.returncode, len(restored.stderr.splitlines())) == (3, 1)
    assert not (tmp_path / "data").exists()
    assert "damaged" in listed.stdout
    assert "20990101T000000Z-b.tar.gz is no sound backup: " in listed.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2099", "There is no backup '2099' in "),
        ("/no/such/file", "There is no file /no/such/file."),
        ("", "There is no backup '' in "),
    ],
)
def test_a_backup_that_is_not_there_is_one_line(milena: Run, played: Path, name: str, said: str) -> None:
    done = milena("backup", "restore", name, data=played)

    assert done.returncode == 1
    assert [said in line for line in done.stderr.splitlines()] == [True]


def test_prune_follows_the_configuration_and_its_options(milena: Run, played: Path, tmp_path: Path) -> None:
    for day in range(1, 21):
        (tmp_path / f"202607{day:02}T030000Z-a.tar.gz").touch()
    folder = ("--folder", str(tmp_path), "--weeks", "0", "--months", "0")

    dry = milena("backup", "prune", "--dry-run", *folder, data=played)
    assert dry.stdout.splitlines()[-1] == "13 backups would go, 7 kept."
    assert len(files(tmp_path)) == 20
    env = {"MILENA_BACKUP_DAYS": "4"}
    done = json.loads(milena("backup", "prune", "--json", *folder, data=played, env=env).stdout)

    assert (len(done["removed"]), done["kept"]) == (16, 4)
    assert files(tmp_path) == [f"202607{day}T030000Z-a.tar.gz" for day in (17, 18, 19, 20)]


def test_a_bar_is_drawn_on_a_terminal_and_only_there(milena: Run, played: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "milena", "backup", "create"]
    command += ["--folder", str(tmp_path), "--data", str(played)]

    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, timeout=60)

    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "Backing up (kB)" in shown
    assert milena("backup", "create", "--folder", str(tmp_path), data=played).stderr == ""
