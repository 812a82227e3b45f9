"""``milena verify``: what it prints, and its exit status."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from milena.domain.ids import PlayerId
from milena.home import Home

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(home: Home, invoke: Callable[..., Any], ann: PlayerId, bob: PlayerId) -> Path:
    """A game that was won, and one that waits for another player."""
    key = invoke("open", ann, game="tictactoe").result["game"]
    invoke("join", bob, game=key)
    for player, move in ((ann, "1"), (bob, "4"), (ann, "2"), (bob, "5"), (ann, "3")):
        invoke("move", player, game=key, move=move)
    invoke("open", bob, game="connect4")
    return home.path


def by_hand(data: Path, *statements: str) -> None:
    with sqlite3.connect(data / "events.db") as db:
        for name in ("events_are_never_changed", "events_are_never_deleted"):
            db.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            db.execute(statement)


def test_an_intact_log_is_summed_up(milena: Run, data: Path, home: Home) -> None:
    done = milena("verify", data=data)

    head = home.store.head()
    assert (done.returncode, done.stderr) == (0, "")
    assert "The log is whole: 24 events, 2 games (1 ended), 2 members." in done.stdout
    assert f"Head: position 24, {head.hash.hex()}" in done.stdout


def test_a_damaged_log_is_one_line_with_the_first_bad_position(milena: Run, data: Path) -> None:
    by_hand(data, "UPDATE events SET payload = replace(payload, 'tictactoe', 'connect4') WHERE position = 2")

    done = milena("verify", data=data)

    assert done.returncode == 3
    assert done.stderr.splitlines()[0].startswith("milena: position 2: ")
    assert "Traceback" not in done.stderr
    assert "whole" not in done.stdout


def test_a_cut_log_is_damaged(milena: Run, data: Path) -> None:
    by_hand(data, "DELETE FROM events WHERE position > 18")

    done = milena("verify", data=data)

    assert done.returncode == 3
    assert done.stderr.startswith("milena: position 19: it is missing")


def test_something_odd_has_the_status_1(milena: Run, data: Path) -> None:
    by_hand(data)

    done = milena("verify", data=data)

    assert done.returncode == 1
    assert "not as Milena made it: trigger events_are_never_changed" in done.stderr
    assert "The log is whole" in done.stdout


def test_as_json_it_says_the_same(milena: Run, data: Path) -> None:
    by_hand(data, "DELETE FROM events WHERE position = 7")

    done = milena("verify", "--json", data=data)

    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (3, "")
    assert (report["findings"][0]["level"], report["findings"][0]["position"]) == ("damage", 7)
    assert report["events"] == 6


def test_one_game_is_checked_by_the_end_of_its_id(milena: Run, data: Path, home: Home) -> None:
    key = home.store.streams("game")[0]

    done = milena("verify", key[-4:], data=data)

    assert done.returncode == 0
    assert "The game is whole: 10 events." in done.stdout


def test_an_unknown_game_and_missing_data_are_one_line_each(milena: Run, data: Path, tmp_path: Path) -> None:
    for done in (milena("verify", "nowhere", data=data), milena("verify", data=tmp_path / "nothing")):
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert done.stdout == ""
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("page", [1, 2, 3, 4, 5, 6])
def test_a_file_with_a_ruined_page_is_damaged_without_a_traceback(
    milena: Run, data: Path, tmp_path: Path, page: int
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("events.db", "vault.db"):
        with sqlite3.connect(data / name) as whole, sqlite3.connect(copy / name) as other:
            whole.backup(other)
    content = bytearray((copy / "events.db").read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xaa" * 4096
    (copy / "events.db").write_bytes(content)

    done = milena("verify", data=copy)

    assert done.returncode == 3
    assert all(line.startswith("milena: ") for line in done.stderr.splitlines())
