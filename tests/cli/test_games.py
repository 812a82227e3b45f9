"""milena games: what has been played here, and what can be played."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from milena import games

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def played(milena: Run, data: Path) -> list[str]:
    """The ids of three games, oldest first: one won, one in which bob is to move, one aborted."""
    scripts = [("tictactoe", "5 1 2 9 8"), ("connect4", "4"), ("tictactoe", "abort")]
    ids = []
    for game, moves in scripts:
        done = milena("play", game, "ann", "bob", data=data, input="\n".join(moves.split()))
        ids.append(done.stdout.split()[1])
    return ids


def shown(milena: Run, data: Path, *arguments: str) -> list[dict[str, Any]]:
    done = milena("games", *arguments, "--json", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_games_are_listed_newest_first(milena: Run, data: Path, played: list[str]) -> None:
    done = milena("games", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    heading, *rows = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert heading == "id game players state plies last move"
    assert [row.split()[0] for row in rows] == played[::-1]
    assert rows[0].startswith(f"{played[2]} Tic-tac-toe ann, bob Aborted: ann aborted it. 0 ")
    assert rows[1].startswith(f"{played[1]} Connect Four ann, bob bob to move 1 ")
    assert rows[2].startswith(f"{played[0]} Tic-tac-toe ann, bob ann won: three in a row. 5 ")
    assert all(row.endswith((" ago", "just now")) for row in rows)


def test_open_and_ended_games_are_told_apart(milena: Run, data: Path, played: list[str]) -> None:
    assert [game["id"] for game in shown(milena, data, "--open")] == [played[1]]
    assert [game["id"] for game in shown(milena, data, "--ended")] == [played[2], played[0]]
    both = milena("games", "--open", "--ended", data=data)
    assert both.returncode == 2


def test_a_limit_says_that_there_are_more(milena: Run, data: Path, played: list[str]) -> None:
    done = milena("games", "--limit", "2", data=data)
    assert done.stdout.splitlines()[-1].startswith("... and older ones: --all lists every game")
    assert "older ones" not in milena("games", "--limit", "3", data=data).stdout
    assert [game["id"] for game in shown(milena, data, "--limit", "1")] == [played[2]]
    assert len(shown(milena, data, "--all", "--limit", "1")) == 3


def test_json_has_all_of_it(milena: Run, data: Path, played: list[str]) -> None:
    won, running, _ = reversed(shown(milena, data))
    assert [player["name"] for player in won["players"]] == ["ann", "bob"]
    assert (won["status"], won["how"], won["scores"]) == ("ended", "finished", [1.0, 0.0])
    assert (won["plies"], won["turn"]) == (5, [])
    assert won["opened"] <= won["last"]
    assert won["opened"].endswith("Z")
    assert (running["game"], running["status"], running["turn"]) == ("connect4", "playing", ["bob"])
    assert running["how"] is None
    assert running["players"] == won["players"]


def test_a_damaged_game_is_named_and_the_others_are_listed(
    milena: Run, data: Path, played: list[str]
) -> None:
    with sqlite3.connect(data / "events.db") as log:
        log.execute("DROP TRIGGER events_are_never_changed")
        log.execute(
            'UPDATE events SET payload = replace(payload, \'"move":"2"\', \'"move":"5"\') WHERE stream = ?',
            (f"game:{played[0]}",),
        )
    log.close()

    rows = [" ".join(line.split()) for line in milena("games", data=data).stdout.splitlines()]
    assert [row.split()[0] for row in rows[1:]] == played[::-1]
    assert rows[3].startswith(f"{played[0]} Tic-tac-toe ann, bob damaged 2 ")

    damaged = shown(milena, data)[-1]
    assert damaged["status"] == "damaged"
    assert "Cell 5 is taken" in damaged["state"]
    assert [game["id"] for game in shown(milena, data, "--ended")] == [played[2]]


def test_what_can_be_played_is_listed_with_its_options(milena: Run, data: Path) -> None:
    done = milena("games", "--available", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    for name in games.names():
        assert any(line.startswith(f"{name}  ") for line in done.stdout.splitlines())
    assert "hangman  Hangman, 1 to 8 players" in done.stdout
    assert "--set wrong=6" in done.stdout
    assert "(1 to 12)" in done.stdout
    assert not data.exists(), "nothing has to be there for that"


def test_the_rules_of_one_game(milena: Run, data: Path) -> None:
    [rules] = shown(milena, data, "--rules", "2048")
    assert rules["notation"] == "Type up, down, left or right, or just u, d, l or r."
    assert rules["seats"] == {"min": 1, "max": 1}
    size, target = rules["options"]
    assert (size["name"], size["default"], size["allowed"]) == ("size", 4, "3 to 6")
    assert (target["name"], target["default"]) == ("target", 2048)

    unknown = milena("games", "--rules", "chess", data=data)
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("milena: There is no game 'chess'. There are: ")


def test_no_games_say_what_to_do(milena: Run, data: Path, played: list[str]) -> None:
    milena("play", "--resume", played[1], data=data, input="abort\n")
    done = milena("games", "--open", data=data)
    assert (done.returncode, done.stdout) == (
        0, "No such games. 'milena games --available' tells what can be played.\n"
    )  # fmt: skip
    assert shown(milena, data, "--open") == []


def test_a_directory_without_data_is_told_and_not_made(milena: Run, data: Path) -> None:
    done = milena("games", data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"milena: There is no Milena data in {data}; play a game first, or use --data.\n"
    assert not data.exists()
