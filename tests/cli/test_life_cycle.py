"""Games that did not just go from move to move, as the verbs show them."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from milena.aggregates import GAMES
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.games.words import listed
from milena.home import Home

Run = Callable[..., CompletedProcess[str]]
SECRET = "Where is the treasure?"
OWN = f"""
[[question]]
text = "{SECRET}"
answer = "Under the oak"
wrong = ["At the well", "In the barn", "By the gate"]
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


class Table:
    """Calls commands at times of its own; ``key`` is the last game that was opened."""

    def __init__(self, home: Home, engine: Any) -> None:
        self.home, self.engine = home, engine
        self.now = 1_795_425_000_000
        self.key = ""

    def ask(self, command: str, who: str, wait: int = 1, **options: Any) -> None:
        self.now += wait * 1000
        if command != "open":
            options["game"] = self.key
        player, place = self.home.vault.player("terminal", who), Place("terminal/main")
        invocation = Invocation(
            InvocationId(new_id()), command, options, player, place, self.now, moderator=True
        )
        answer = self.engine.call(invocation)
        assert answer.verdict == "accepted", answer.sentence
        self.key = answer.result["game"]


@pytest.fixture
def play(data: Path) -> Callable[..., str]:
    """``play(("open", "ann", {"game": "connect4"}), ("join", "bob"), ...)``: the id of the game."""

    def run(*steps: tuple[Any, ...]) -> str:
        with Home(data) as home, home.engine() as engine:
            table = Table(home, engine)
            for command, who, *options in steps:
                table.ask(command, who, **(options[0] if options else {}))
            return table.key

    return run


Play = Callable[..., str]


def shown(milena: Run, data: Path, *arguments: str) -> list[str]:
    done = milena(*arguments, data=data)
    assert (done.returncode, done.stderr) == (0, "")
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def acts(lines: list[str]) -> list[str]:
    """What was done in a replay: without the numbers and the times."""
    start = lines.index("ply time player move") + 1
    return [line.split(":")[-1].partition(" ")[2] for line in lines[start : lines.index("", start)]]


def test_moves_that_were_taken_back_are_replayed_as_such(milena: Run, data: Path, play: Play) -> None:
    key = play(
        ("open", "ann", {"game": "connect4"}), ("join", "bob"), ("move", "ann", {"move": "4"}),
        ("takeback", "ann"), ("accept", "bob"), ("move", "ann", {"move": "1"}),
    )  # fmt: skip
    lines = shown(milena, data, "replay", key)
    assert acts(lines) == ["ann 4", "they took back 1 ply", "ann 1"]
    plies = json.loads(milena("replay", key, "--json", data=data).stdout)["plies"]
    assert [(ply["kind"], ply.get("plies")) for ply in plies[1:]] == [
        ("move", None), ("undone", 1), ("move", None),
    ]  # fmt: skip
    assert plies[2]["view"] == plies[0]["view"], "the board is as it was"


def test_time_that_ran_out_and_the_clock(milena: Run, data: Path, play: Play) -> None:
    key = play(
        ("open", "ann", {"game": "tictactoe", "clock": "3m+2s"}), ("join", "bob"),
        ("move", "ann", {"move": "5"}), ("expire", "ann", {"wait": 3600}),
    )  # fmt: skip
    lines = shown(milena, data, "replay", key)
    assert "clock 3m+2s" in lines
    assert "result ann won: bob ran out of time." in lines
    assert acts(lines)[-1] == "bob ran out of time"
    game = json.loads(milena("replay", key, "--json", data=data).stdout)
    assert (game["clock"], game["pending"][0]["missed"]) == ("3m+2s", "lost")


def test_a_missed_turn_and_somebody_who_came_late(milena: Run, data: Path, play: Play) -> None:
    key = play(
        ("open", "ann", {"game": "hangman", "seats": 2, "clock": "20s/turn"}), ("join", "bob"),
        ("expire", "ann", {"wait": 60}), ("join", "cyd"),
    )  # fmt: skip
    lines = shown(milena, data, "replay", key)
    assert "ann missed the turn" in acts(lines)
    assert "cyd came in" in acts(lines)
    assert any(line.startswith("players ann, bob, cyd") for line in lines)


def test_a_result_that_was_taken_away(milena: Run, data: Path, play: Play) -> None:
    key = play(
        ("open", "ann", {"game": "tictactoe"}), ("join", "bob"), ("resign", "bob"),
        ("void", "mod", {"reason": "it was a test"}),
    )  # fmt: skip
    sentence = "Void: it was a test (it was: ann won, bob resigned)."
    assert f"result {sentence}" in shown(milena, data, "replay", key)
    assert any(sentence in line for line in shown(milena, data, "games"))
    [game] = json.loads(milena("games", "--json", data=data).stdout)
    assert (game["status"], game["voided"]) == ("ended", "it was a test")


def test_whom_a_waiting_game_waits_for(milena: Run, data: Path, play: Play) -> None:
    play(("open", "ann", {"game": "crazy-eights", "seats": 3}), ("join", "bob"))
    assert any("1 seat free" in line for line in shown(milena, data, "games"))


def test_a_game_that_was_set_aside_is_listed_as_such(milena: Run, data: Path, play: Play) -> None:
    key = play(("open", "ann", {"game": "tictactoe"}), ("join", "bob"), ("move", "ann", {"move": "5"}))
    with sqlite3.connect(data / "events.db") as log:
        log.execute("DROP TRIGGER events_are_never_changed")
        log.execute(
            "UPDATE events SET payload = replace(payload, '\"5\"', '\"0\"') WHERE tag = 'game.move_played'"
        )
    log.close()
    assert any("damaged" in line for line in shown(milena, data, "games"))

    refused = milena("call", "resign", f"game={key}", "--as", "ann", data=data)

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"milena: Game {key} is set aside: its event ")
    assert any("set aside" in line for line in shown(milena, data, "games"))
    assert json.loads(milena("games", "--json", data=data).stdout)[0]["aside"] is True


# ------------------------------------------------------------------------------------ own questions


@pytest.fixture
def quiz(milena: Run, data: Path, tmp_path: Path) -> str:
    (tmp_path / "quiz.toml").write_text(OWN)
    options = ("--set", f"own=@{tmp_path / 'quiz.toml'}", "--set", "questions=1")
    done = milena("play", "quiz", "ann", "bob", *options, "--moves", "-", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()[1]


def test_a_list_among_the_options_is_not_shown_before_the_end(milena: Run, data: Path, quiz: str) -> None:
    for arguments in (("replay", quiz), ("replay", quiz, "--json"), ("games", "--json")):
        running = milena(*arguments, data=data).stdout
        assert "answer" not in running
        assert "1 given" in running
    traced = milena("trace", quiz, data=data).stdout + milena("trace", quiz, "--json", data=data).stdout
    assert SECRET not in traced
    assert "Under the oak" not in traced
    milena("call", "resign", f"game={quiz}", "--as", "ann", data=data)
    milena("call", "resign", f"game={quiz}", "--as", "bob", data=data)
    game = json.loads(milena("replay", quiz, "--json", data=data).stdout)
    assert game["status"] == "ended"
    assert game["options"]["own"][0]["answer"] == "Under the oak"
    assert "own=1 given" in milena("replay", quiz, data=data).stdout


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("gone.toml", None, "can't be read: No such file or directory."),
        ("bad.toml", "= 1", "is not TOML"),
        ("bad.json", "{", "is not JSON"),
        ("half.toml", '[[question]]\ntext = "Why?"\n', "That does not fit Quiz: own, number 1"),
    ],
)
def test_a_file_of_options_that_can_not_be_read_is_told(
    milena: Run, data: Path, tmp_path: Path, name: str, text: str | None, sentence: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    done = milena("play", "quiz", "ann", "--set", f"own=@{tmp_path / name}", data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert not data.exists()


# ---------------------------------------------------------------------------------- scripts, watching


def test_a_script_may_say_words_for_anybody(milena: Run, data: Path) -> None:
    def script(game: str, *lines: str) -> list[str]:
        done = milena("play", game, "ann", "bob", "--moves", "-", data=data, input="\n".join(lines))
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    lines = script("connect4", "4", "ann: takeback", "bob: accept", "1", "bob: draw", "ann: accept")
    assert lines[1:4] == ["1 ann 4", "2 they took back 1 ply", "3 ann 1"]
    assert "Draw: a draw by agreement." in lines
    assert any(" ann draw" in line for line in script("crazy-eights", "ann: draw", "/quit"))


def test_a_word_of_ours_that_continues_a_chain_is_a_move(milena: Run, data: Path) -> None:
    def script(*arguments: str, lines: str = "") -> str:
        done = milena("play", *arguments, "--moves", "-", data=data, input=lines)
        assert done.stderr == ""
        return done.stdout

    key = script("wordchain", "ann", "bob").split()[1]
    with Home(data) as home:
        game = home.store.fold(GAMES, key).state
    begins = game.board.due  # chance names it, and few of its words are listed as legal
    before = next(word for word in listed("en-1") if word.startswith(begins) and word.endswith("d"))
    told = script("--resume", key, lines=f"ann: {before}\nbob: draw\nann: /quit\n").splitlines()
    assert [line.partition(" ")[2] for line in told[1:3]] == [f"ann {before}", "bob draw"]
    assert told[-1].startswith(f"Game {key} is kept.")


def test_a_rematch_from_a_script(milena: Run, data: Path) -> None:
    milena("play", "tictactoe", "ann", "bob", data=data, input="resign\n")
    done = milena("play", "--rematch", "last", data=data, input="5\n")
    assert (done.returncode, done.stdout.splitlines()[1]) == (0, "1 bob 5")
    extra = milena("play", "--rematch", "last", "--clock", "5m", data=data, input="5\n")
    assert extra.returncode == 2
    goes_on = milena("play", "--rematch", "last", data=data)
    assert goes_on.stderr == "milena: This game goes on; a rematch can be asked for when it is over.\n"


def test_what_is_watched_through_a_pipe_comes_a_line_a_ply(milena: Run, data: Path, play: Play) -> None:
    key = play(("open", "ann", {"game": "tictactoe"}))
    watching = subprocess.Popen(
        [sys.executable, "-P", "-m", "milena", "watch", key, "--data", str(data)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert watching.stdout is not None
    assert watching.stdout.readline() == f"Game {key} has not begun: 1 seat free.\n"
    with Home(data) as home, home.engine() as engine:
        table = Table(home, engine)
        table.key = key
        table.ask("join", "bob")
        table.ask("move", "ann", move="5")
        assert watching.stdout.readline() == "1 ann 5\n"
        table.ask("resign", "bob")
    rest = watching.stdout.read()
    assert "|   | X |   |" in rest or "| 4 | X | 6 |" in rest
    assert "ann won: bob resigned." in rest
    assert watching.wait(timeout=60) == 0


def test_a_game_that_was_never_begun_can_be_watched_to_its_end(milena: Run, data: Path, play: Play) -> None:
    key = play(("open", "ann", {"game": "tictactoe"}), ("abort", "ann"))
    assert "Aborted: ann aborted it." in shown(milena, data, "watch", key)


def test_what_time_did_is_traced_to_the_clock(milena: Run, data: Path, play: Play) -> None:
    key = play(("open", "ann", {"game": "tictactoe", "clock": "1s/turn"}), ("join", "bob"))
    with Home(data) as home, home.engine() as engine:
        assert home.scheduler(engine).turn() == 1, "its time is long over"
        last = home.store.head().position

    lines = shown(milena, data, "trace", str(last))

    assert any("command.invoked command=join" in line for line in lines), "it goes back to who began it"
    [expired] = [line for line in lines if "clock command.invoked command=expire" in line]
    assert f"({key}-" in expired
    assert any("game.timed_out ply=0 seat=0 missed=lost" in line for line in lines)
    assert any("bob won" in line for line in shown(milena, data, "games"))
