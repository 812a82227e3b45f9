"""``milena trace``: a tree for people, and the same as JSON."""

import json
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
    """Two who play rock, paper, scissors; ann has chosen."""
    key = invoke("open", ann, game="rock-paper-scissors").result["game"]
    invoke("join", bob, game=key)
    invoke("move", ann, game=key, move="paper")
    return home.path


def test_the_tree_goes_from_the_invocation_to_all_that_it_caused(milena: Run, data: Path) -> None:
    done = milena("trace", "2", data=data)

    first, second, third, fourth = done.stdout.splitlines()
    assert done.returncode == 0
    assert first.startswith("#1 ")
    assert "ann command.invoked command=open" in first
    assert "verdict=accepted" in first
    assert second.startswith("├── #2 ")
    assert "game.opened game=rock-paper-scissors" in second
    assert second.endswith("◀")
    assert third.startswith("├── #3 ")
    assert "game.seat_taken seat=0" in third
    assert fourth.startswith("└── #4 ")
    assert "lobby.game_listed" in fourth


def test_a_sealed_choice_stays_sealed(milena: Run, data: Path) -> None:
    for arguments in (["#10"], ["10", "--json"]):
        done = milena("trace", *arguments, data=data)

        assert done.returncode == 0
        assert "choice_sealed" in done.stdout
        assert "paper" not in done.stdout.replace("rock-paper-scissors", "")
    assert "move=(sealed)" in milena("trace", "10", data=data).stdout


def test_as_json_the_tree_has_every_field(milena: Run, data: Path, home: Home, ann: PlayerId) -> None:
    key = home.store.streams("game")[0]

    answer = json.loads(milena("trace", key, "--json", data=data).stdout)

    root = answer["tree"]
    assert answer["asked"] == 2
    assert (root["position"], root["player"], root["name"], root["place"]) == (1, ann, "ann", "terminal/main")
    assert [child["tag"] for child in root["caused"]] == [
        "game.opened", "game.seat_taken", "lobby.game_listed",
    ]  # fmt: skip
    assert root["caused"][0]["fields"]["game"] == "rock-paper-scissors"
    assert root["invocation"] == root["correlation"] == root["caused"][0]["correlation"]


def test_what_a_player_typed_can_not_draw_on_the_screen(
    milena: Run, data: Path, invoke: Callable[..., Any], ann: PlayerId
) -> None:
    answer = invoke("move", ann, game="[red]\x1b[31m", move="x\ny")

    done = milena("trace", answer.invocation, data=data)

    assert "\x1b" not in done.stdout
    assert "[red]" in done.stdout
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("id", ["#99", "nothing", "#", ""])
def test_an_unknown_id_is_one_line(milena: Run, data: Path, id: str) -> None:
    done = milena("trace", id, data=data)

    assert done.returncode == 1
    assert done.stderr.startswith("milena: There is no event ")
    assert len(done.stderr.splitlines()) == 1
