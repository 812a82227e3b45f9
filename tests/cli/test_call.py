"""milena call: every command, for any player of this terminal."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from milena.commands import commands

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def call(milena: Run, data: Path) -> Callable[..., dict[str, Any]]:
    """``call("join", "ann", game="last")``: what the command answers."""

    def run(command: str, who: str, **options: str) -> dict[str, Any]:
        words = [f"{name}={value}" for name, value in options.items()]
        done = milena("call", command, *words, "--as", who, "--json", data=data)
        assert (done.returncode, done.stderr) == (0, "")
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return run


Call = Callable[..., dict[str, Any]]


def test_a_game_is_opened_joined_played_and_given_up(milena: Run, data: Path, call: Call) -> None:
    opened = call("match", "ann", game="tictactoe", clock="5m")
    assert (opened["status"], call("match", "bob", game="tictactoe", clock="5m")["game"]) == (
        "waiting", opened["game"],
    )  # fmt: skip
    assert call("move", "ann", game="last", move="5")["ply"] == 1
    done = milena("call", "resign", f"game={opened['game'][4:]}", "--as", "bob", data=data)
    assert done.stdout == f"game {opened['game']}, status ended, ply 1\n"


def test_players_are_named_and_not_numbered(milena: Run, data: Path, call: Call) -> None:
    key = call("open", "ann", game="crazy-eights", invite="bob, cyd", private="true")["game"]
    assert "bob and cyd are invited" in milena("games", data=data).stdout
    call("decline", "bob", game=key)
    call("invite", "ann", game=key, player="dan")
    call("accept", "cyd", game=key)
    assert call("accept", "dan", game=key)["status"] == "playing"


def test_what_is_refused_names_players_and_has_status_1(milena: Run, data: Path, call: Call) -> None:
    key = call("open", "ann", game="tictactoe")["game"]
    call("join", "bob", game=key)
    done = milena("call", "move", f"game={key}", "move=1", "--as", "bob", data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "milena: It is not your turn: ann may move now.\n"


def test_options_that_are_numbers_and_objects_are_read_as_such(call: Call) -> None:
    game = call("open", "ann", game="2048", options='{"size": 3, "target": 0}', sit="false")
    assert game["status"] == "waiting"
    assert call("join", "ann", game="last", seat="1")["status"] == "playing"


def test_limits_hold_in_other_places(milena: Run, data: Path) -> None:
    here = ("call", "open", "game=2048", "--as", "ann", "--place", "club/hall")
    assert milena(*here, data=data).returncode == 0
    again = milena(*here, data=data)
    assert again.returncode == 1
    assert again.stderr.startswith(
        "milena: At most 1 game of 2048 for each member here at once, and ann sits at"
    )
    assert milena("call", "open", "game=2048", "--as", "ann", data=data).returncode == 0, (
        "not in the terminal"
    )


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["nonsense"], 1, "There is no command 'nonsense'. 'milena call' lists them."),
        (["expire", "game=last"], 1, "There is no command 'expire'. 'milena call' lists them."),
        (["open"], 1, "/open needs game=..."),
        (["open", "tictactoe"], 1, "'tictactoe' has no =. /open has: game=, options=, seats=, "),
        (["open", "gaem=tictactoe"], 1, "'gaem=tictactoe' is not known. /open has: game=, "),
        (["open", "game=a", "game=b"], 1, "'game=b' is given twice."),
        (["open", "game=2048", "seats=many"], 1, "/open: seats can be a whole number or nothing."),
        (["open", "game=chess"], 1, "There is no game 'chess'. There are: 2048, "),
        (["open", "game=tictactoe", "clock=soon"], 1, "'soon' is no clock. Write 5m"),
        (["open", "game=tictactoe", "machines=deepblue"], 1, "There is no "),
        (["open", "game=tictactoe", "invite=-x"], 2, "Invalid value: '-x' is no name"),
        (["resign", "game=nothing"], 1, "There is no game 'nothing'; 'milena games' lists them."),
        (
            ["open", "game=2048", "--place", "here"],
            2,
            "Invalid value for --place: a place is written GUILD/CHANNEL.",
        ),
        (["open", "game=2048", "--as", "-"], 2, "Invalid value for --as: '-' is no name"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_one_line_that_names_the_remedy(
    milena: Run, data: Path, words: list[str], status: int, sentence: str
) -> None:
    done = milena("call", *words, data=data)
    assert (done.returncode, done.stdout) == (status, "")
    [said] = done.stderr.splitlines()
    assert said.startswith(f"milena: {sentence}")


def test_every_command_is_listed_with_its_options(milena: Run, data: Path) -> None:
    listed = json.loads(milena("call", "--json", data=data).stdout)
    offered = [command for command in commands().values() if not command.internal]
    assert [(each["name"], [*each["options"]]) for each in listed] == [
        (command.name, [*command.options.__struct_fields__]) for command in offered
    ]
    text = milena("call", data=data).stdout
    assert all(command.name in text and command.description in text for command in offered)
    assert "(moderators)" in text
    assert not data.exists()
