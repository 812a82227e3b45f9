"""milena replay: a recorded game, in whole, at one ply, as JSON; secrets; and what can't be replayed."""

import json
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def play(milena: Run, data: Path) -> Callable[..., str]:
    """``play("tictactoe", "5,1,2")`` plays these moves and gives the game's id."""

    def run(game: str, moves: str, *arguments: str) -> str:
        script = moves.replace(",", "\n")
        done = milena("play", game, "ann", "bob", *arguments, "--moves", "-", data=data, input=script)
        assert done.stderr == ""
        return done.stdout.split()[1]

    return run


Play = Callable[..., str]


def shown(milena: Run, data: Path, *arguments: str) -> list[str]:
    done = milena("replay", *arguments, data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    return [line.rstrip() for line in done.stdout.splitlines()]


def as_json(milena: Run, data: Path, *arguments: str) -> dict[str, Any]:
    done = milena("replay", *arguments, "--json", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def damage(data: Path, game: str, before: str, after: str) -> None:
    with sqlite3.connect(data / "events.db") as log:
        log.execute("DROP TRIGGER IF EXISTS events_are_never_changed")
        changed = log.execute(
            "UPDATE events SET payload = replace(payload, ?, ?) WHERE stream = ? AND instr(payload, ?)",
            (before, after, f"game:{game}", before),
        )
        assert changed.rowcount == 1
    log.close()


# ------------------------------------------------------------------------------------- a whole game


def test_a_game_has_a_header_its_plies_and_the_last_board(milena: Run, data: Path, play: Play) -> None:
    key = play("tictactoe", "5,1,2,9,8")
    lines = shown(milena, data, key)
    header = dict(line.split(maxsplit=1) for line in lines[: lines.index("")])
    assert header["game"] == f"Tic-tac-toe  {key}"
    assert header["players"] == "ann X, bob O"
    assert header["result"] == "ann won: three in a row."
    assert sha256(bytes.fromhex(header["seed"])).hexdigest() == header["commitment"]

    plies = [line.split() for line in lines[lines.index("") + 1 :][:6]]
    assert plies[0] == ["ply", "time", "player", "move"]
    assert [[ply, who, move] for ply, _, who, move in plies[1:]] == [
        ["1", "ann", "5"], ["2", "bob", "1"], ["3", "ann", "2"], ["4", "bob", "9"], ["5", "ann", "8"],
    ]  # fmt: skip
    assert lines[-7:] == [
        "+---+---+---+",
        "| O | X |   |",
        "+---+---+---+",
        "|   | X |   |",
        "+---+---+---+",
        "|   | X | O |",
        "+---+---+---+",
    ]


def test_a_game_is_found_by_a_part_of_its_id_or_as_the_last_one(milena: Run, data: Path, play: Play) -> None:
    play("tictactoe", "5")
    key = play("connect4", "4")
    for name in (key, key[:9], key[3:], "last", key.upper()):
        assert shown(milena, data, name)[0].endswith(key)


def test_a_game_that_goes_on_says_whose_turn_it_is_and_keeps_its_seed(
    milena: Run, data: Path, play: Play
) -> None:
    lines = shown(milena, data, play("tictactoe", "5"))
    assert "now         bob to move" in lines
    assert "seed        told when the game ends" in lines


def test_an_aborted_game_and_one_that_was_resigned(milena: Run, data: Path, play: Play) -> None:
    assert "result      Aborted: bob aborted it." in shown(milena, data, play("tictactoe", "5,abort"))
    lines = shown(milena, data, play("tictactoe", "5,resign"))
    assert "result      ann won: bob resigned." in lines
    assert any(line.split()[1:] == ["bob", "resigned"] for line in lines)


# ----------------------------------------------------------------------------------------- one ply


def test_the_board_after_a_ply(milena: Run, data: Path, play: Play) -> None:
    key = play("tictactoe", "5,1,2")
    assert shown(milena, data, key, "--at", "0")[::2] == ["Ply 0 of 3: start", *["+---+---+---+"] * 4]
    lines = shown(milena, data, key, "--at", "2")
    assert lines[0] == "Ply 2 of 3: bob 1"
    assert [lines[3], lines[5], lines[7]] == ["| O | 2 | 3 |", "| 4 | X | 6 |", "| 7 | 8 | 9 |"]


@pytest.mark.parametrize("ply", ["4", "-1", "99999999999"])
def test_a_ply_that_there_is_not_is_told(milena: Run, data: Path, play: Play, ply: str) -> None:
    key = play("tictactoe", "5,1,2")
    done = milena("replay", key, "--at", ply, data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"milena: Game {key} has plies 0 to 3, and none is number {ply}.\n"


def test_stepping_needs_a_terminal(milena: Run, data: Path, play: Play) -> None:
    done = milena("replay", play("tictactoe", "5"), "--step", data=data)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "milena: Invalid value: --step needs a terminal and no --json; use --at PLY"
    )


def test_an_unknown_id_is_told(milena: Run, data: Path, play: Play) -> None:
    play("tictactoe", "5")
    done = milena("replay", "x1", data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "milena: There is no game 'x1'; 'milena games' lists them.\n"


# -------------------------------------------------------------------------------------------- JSON


def test_json_has_everything(milena: Run, data: Path, play: Play) -> None:
    key = play("connect4", "4,4,3,3,2,2,1")
    game = as_json(milena, data, key)
    assert (game["id"], game["game"], game["status"], game["how"]) == (key, "connect4", "ended", "finished")
    assert [seat["name"] for seat in game["seats"]] == ["ann", "bob"]
    assert [seat["mark"] for seat in game["seats"]] == ["●", "○"]
    assert game["result"]["scores"] == [1.0, 0.0]
    assert game["result"]["sentence"] == "ann won: four in a row."
    assert sha256(bytes.fromhex(game["seed"])).hexdigest() == game["commitment"]
    assert game["problem"] is None

    start, *plies = game["plies"]
    assert (start["ply"], start["kind"]) == (0, "start")
    assert [(ply["ply"], ply["name"], ply["move"]) for ply in plies] == [
        (1, "ann", "4"), (2, "bob", "4"), (3, "ann", "3"), (4, "bob", "3"),
        (5, "ann", "2"), (6, "bob", "2"), (7, "ann", "1"),
    ]  # fmt: skip
    assert {ply["player"] for ply in plies} == {seat["player"] for seat in game["seats"]}
    assert [len(discs(ply)) for ply in game["plies"]] == list(range(8))
    assert as_json(milena, data, key, "--at", "4") == plies[3]


def discs(ply: dict[str, Any]) -> list[str]:
    return [cell["text"] for row in ply["view"]["grid"] for cell in row if cell.get("text")]


# ----------------------------------------------------------------------------------------- secrets


def test_a_hidden_draw_shows_when_the_game_is_over(milena: Run, data: Path, play: Play) -> None:
    key = play("hangman", "e")
    running = as_json(milena, data, key)
    draw = running["plies"][1]
    assert (draw["kind"], draw["name"], draw["outcome"]) == ("chance", "chance", None)
    assert running["seed"] is None
    assert any(line.split()[-2:] == ["chance", "hidden"] for line in shown(milena, data, key))

    milena("play", "--resume", key, data=data, input="abort\n")
    word = as_json(milena, data, key)["plies"][1]["outcome"]
    assert word.isalpha()
    assert word not in json.dumps(running)
    assert any(line.split()[-2:] == ["chance", word] for line in shown(milena, data, key))


def test_a_choice_shows_when_all_have_chosen(milena: Run, data: Path, play: Play) -> None:
    key = play("rock-paper-scissors", "paper")
    lines = shown(milena, data, key)
    assert any(line.split()[1:] == ["ann", "chose"] for line in lines)
    assert "paper" not in " ".join(lines[1:])
    [choice] = as_json(milena, data, key)["pending"]
    assert (choice["name"], choice["move"]) == ("ann", None)

    milena("play", "--resume", key, data=data, input="rock\n")
    game = as_json(milena, data, key)
    assert game["pending"] == []
    assert [(choice["name"], choice["move"]) for choice in game["plies"][1]["choices"]] == [
        ("ann", "paper"), ("bob", "rock"),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------ damage


def test_a_game_is_shown_up_to_the_event_that_can_not_be_replayed(
    milena: Run, data: Path, play: Play
) -> None:
    key = play("tictactoe", "5,1,2,9")
    damage(data, key, '"move":"2"', '"move":"5"')

    done = milena("replay", key, data=data)

    assert done.returncode == 3
    [said] = done.stderr.splitlines()
    assert said.startswith("milena: Event 7 (game.move_played, position ")
    assert f"of game {key} can't be replayed: Cell 5 is taken." in said
    assert [line.split()[::2] for line in done.stdout.splitlines() if line.startswith("  ")] == [
        ["1", "ann"], ["2", "bob"],
    ]  # fmt: skip
    assert "| O | 2 | 3 |" in done.stdout

    told = milena("replay", key, "--json", data=data)
    assert told.returncode == 3
    game = json.loads(told.stdout)
    assert "Cell 5 is taken" in game["problem"]
    assert len(game["plies"]) == 3

    resumed = milena("play", "--resume", key, data=data, input="3\n")
    assert resumed.returncode == 3
    assert len(resumed.stderr.splitlines()) == 1


def test_a_game_whose_first_event_is_damaged_has_nothing_to_show(milena: Run, data: Path, play: Play) -> None:
    key = play("tictactoe", "5,1")
    damage(data, key, '"game":"tictactoe"', '"gone":"tictactoe"')
    done = milena("replay", key, data=data)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("milena: Event 1 (game.opened, position ")


def test_a_missing_event_is_noticed(milena: Run, data: Path, play: Play) -> None:
    key = play("rock-paper-scissors", "r,p,r,r")
    with sqlite3.connect(data / "events.db") as log:
        log.execute("DROP TRIGGER events_are_never_deleted")
        log.execute("DELETE FROM events WHERE stream = ? AND tag = 'game.choices_revealed'", (f"game:{key}",))
    log.close()
    done = milena("replay", key, data=data)
    assert done.returncode == 3
    assert "it follows on number 6" in done.stderr
