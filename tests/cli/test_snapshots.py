"""``milena snapshots``: the cache in the store, and the corpus of recorded games."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from milena.aggregates import GAMES
from milena.cli import run
from milena.domain.ids import PlayerId
from milena.home import Home

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(home: Home, invoke: Callable[..., Any], ann: PlayerId) -> Path:
    """A long game of 2048 which was given up, with snapshots at versions 51 and 101; one that goes on."""
    key = invoke("open", ann, game="2048", options={"size": 6}).result["game"]
    for _ in range(60):
        game = home.store.fold(GAMES, key).state
        invoke("move", ann, game=key, move=GAMES.rules(game).legal(game.board, 0)[0])
    invoke("resign", ann, game=key)
    invoke("open", ann, game="hangman")
    return home.path


def spoil(data: Path) -> None:
    with sqlite3.connect(data / "events.db") as db:
        db.execute(
            "UPDATE snapshots SET state = CAST(replace(CAST(state AS TEXT), '\"due\":', '\"duX\":') AS BLOB) "
            "WHERE originator_version > 100"
        )


def test_the_snapshots_and_the_recorded_games_are_listed(milena: Run, data: Path, home: Home) -> None:
    key = home.store.streams("game")[0]

    done = milena("snapshots", "list", data=data)
    listed = json.loads(milena("snapshots", "list", "--json", data=data).stdout)

    assert done.returncode == 0
    assert "tictactoe/won.jsonl" in done.stdout
    assert [(each["stream"], each["version"], each["verdict"]) for each in listed["store"]] == [
        (f"game:{key}", 51, "good"),
        (f"game:{key}", 101, "good"),
    ]
    assert any(each["file"] == "hangman/lost.jsonl" for each in listed["corpus"])


def test_a_damaged_snapshot_is_listed_as_such(milena: Run, data: Path) -> None:
    spoil(data)

    listed = json.loads(milena("snapshots", "list", "--json", data=data).stdout)

    assert [each["verdict"] for each in listed["store"]] == ["good", "damaged"]


def test_a_check_replays_the_corpus_and_refolds_the_store(milena: Run, data: Path) -> None:
    done = milena("snapshots", "check", data=data)
    told = json.loads(milena("snapshots", "check", "--json", data=data).stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert f"{told['recordings']} recorded games replay as recorded ({told['plies']} plies)." in done.stdout
    assert told["recordings"] >= 48
    assert told["snapshots"] == 2


def test_a_check_needs_no_data(milena: Run, tmp_path: Path) -> None:
    done = milena("snapshots", "check", env={"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)})

    assert (done.returncode, done.stderr) == (0, "")


def test_a_snapshot_that_is_not_what_the_log_gives_is_found(milena: Run, data: Path, home: Home) -> None:
    key = home.store.streams("game")[0]
    with home.store.transaction() as transaction:
        state = GAMES.encode(home.store.fold(GAMES, key, 99).state)
        transaction.snapshot("game", f"game:{key}", 101, state)

    done = milena("snapshots", "check", data=data)

    assert done.returncode == 1
    assert f"milena: the snapshot of game:{key} at version 101 is wrong." in done.stderr.splitlines()
    assert "milena snapshots prune" in done.stderr


def test_pruning_removes_all_or_all_but_the_last(milena: Run, data: Path) -> None:
    some = milena("snapshots", "prune", "--keep", "1", data=data)
    rest = milena("snapshots", "prune", data=data)
    none = milena("snapshots", "prune", data=data)

    assert [done.stdout for done in (some, rest, none)] == [
        "Removed 1 snapshot.\n", "Removed 1 snapshot.\n", "Removed 0 snapshots.\n",
    ]  # fmt: skip
    assert milena("verify", data=data).returncode == 0


def test_a_game_is_recorded_and_the_recording_checked(
    milena: Run, data: Path, home: Home, tmp_path: Path
) -> None:
    key = home.store.streams("game")[0]
    file = tmp_path / "corpus" / "2048" / "long.jsonl"

    done = milena("snapshots", "record", key, "--to", str(file), data=data)
    check = milena("snapshots", "check", "--corpus", str(tmp_path / "corpus"), data=data)

    assert done.returncode == 0
    assert done.stdout.startswith("Recorded ")
    assert "1 recorded games replay" in check.stdout


def test_the_first_difference_is_named_by_file_and_line(
    milena: Run, data: Path, home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "corpus" / "2048" / "long.jsonl"
    milena("snapshots", "record", home.store.streams("game")[0], "--to", str(file), data=data)
    lines = file.read_text().splitlines()
    lines[9] = lines[9].replace('"points":', '"points":1')
    file.write_text("\n".join(lines))

    done = milena("snapshots", "check", "--corpus", str(tmp_path / "corpus"), data=data)

    assert done.returncode == 1
    assert done.stderr.startswith("milena: 2048/long.jsonl, line 10: ")


def test_a_game_that_goes_on_and_a_file_that_is_there_are_refused(
    milena: Run, data: Path, home: Home, tmp_path: Path
) -> None:
    ended, running = home.store.streams("game")
    file = tmp_path / "there.jsonl"
    file.write_text("mine")

    goes_on = milena("snapshots", "record", running, "--to", str(tmp_path / "new.jsonl"), data=data)
    there = milena("snapshots", "record", ended, "--to", str(file), data=data)

    assert (goes_on.returncode, there.returncode) == (1, 1)
    assert "goes on" in goes_on.stderr
    assert "--to" in there.stderr
    assert file.read_text() == "mine"
    assert not (tmp_path / "new.jsonl").exists()


def test_a_recording_takes_the_views_as_they_are_now(
    milena: Run, data: Path, home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "long.jsonl"
    milena("snapshots", "record", home.store.streams("game")[0], "--to", str(file), data=data)
    recorded = file.read_text()
    lines = recorded.splitlines()
    fields = json.loads(lines[5])
    lines[5] = json.dumps({**fields, "views": ["0" * 16] * 2}, separators=(",", ":"))
    file.write_text("\n".join(lines))

    done = milena("snapshots", "record", str(file))

    assert done.returncode == 0
    assert file.read_text() == recorded


def test_a_whole_log_is_recorded_checked_and_recorded_again(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus"
    file = corpus / "logs" / "mine.jsonl"

    def snapshots(*arguments: str) -> tuple[int, str]:
        status = run(["snapshots", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    assert snapshots("record", "log", "--to", str(file), "--data", str(data))[0] == 0
    recorded = file.read_bytes()
    assert snapshots("record", "log", "--to", str(file), "--data", str(data))[0] == 1
    assert snapshots("record", str(file))[0] == 0
    assert file.read_bytes() == recorded
    status, said = snapshots("check", "--corpus", str(corpus))
    assert (status, said.splitlines()[-1].partition(" (")[0]) == (0, "1 recorded log read as recorded")

    file.write_bytes(recorded.replace(b'"ready":0', b'"ready":1', 1))
    status, said = snapshots("check", "--corpus", str(corpus))
    assert (status, said.partition(": command")[0]) == (1, "milena: logs/mine.jsonl, line 2")


def test_a_folder_without_recordings_is_no_success(milena: Run, data: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()

    done = milena("snapshots", "check", "--corpus", str(tmp_path / "none"), data=data)
    missing = milena("snapshots", "check", "--corpus", str(tmp_path / "missing"), data=data)

    assert done.returncode == 1
    assert "no recorded games" in done.stderr
    assert missing.returncode == 2
