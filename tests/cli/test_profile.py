"""milena profile: what a player has played, won and achieved, and with whom."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from milena.cli import run

sys.path.append(str(Path(__file__).parent))

from evening import play_a_season

Run = Callable[..., CompletedProcess[str]]
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season was played there."""
    directory = tmp_path_factory.mktemp("profile") / "data"
    play_a_season(directory)
    return directory


@pytest.fixture
def typed(data: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    """``typed("ann")``: status, output and complaints of ``milena profile ann``."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(["profile", *arguments, "--data", str(data)])
        out, err = capsys.readouterr()
        return status, out, err

    return call


def told(typed: Typed, *arguments: str) -> dict[str, Any]:
    status, out, err = typed(*arguments, "--json")
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_json_is_a_promise(typed: Typed) -> None:
    ann = told(typed, "ann")
    assert list(ann) == [
        "player", "player_name", "record", "achievements", "favourites", "opponents", "ratings",
    ]  # fmt: skip
    assert ann["player_name"] == "ann"
    tictactoe, dice = ann["record"]
    assert (tictactoe["kind"], tictactoe["played"]) == ("tictactoe", 5)
    assert (tictactoe["won"], tictactoe["drawn"], tictactoe["lost"]) == (3, 1, 1)
    assert (tictactoe["best_streak"], tictactoe["best"]) == (2, None)
    assert (dice["kind"], dice["won"], dice["best"]) == ("liars-dice", 1, 5)
    assert [(each["kind"], each["games"]) for each in ann["favourites"]] == [
        ("tictactoe", 5),
        ("liars-dice", 1),
    ]
    bob, cyd = ann["opponents"]
    assert (bob["opponent_name"], bob["games"], bob["better"], bob["level"], bob["worse"]) == (
        "bob",
        5,
        4,
        1,
        0,
    )
    assert (cyd["opponent_name"], cyd["games"], cyd["worse"]) == ("cyd", 1, 1)
    assert [each["kind"] for each in ann["ratings"]] == ["liars-dice", "tictactoe"]


def test_what_was_achieved(typed: Typed) -> None:
    achieved = {each["achievement"]: each for each in told(typed, "ann")["achievements"]}
    assert achieved["first win"]["time"] == "2026-03-01T18:02:00.000Z"
    assert achieved["ten wins"]["time"] is None
    assert (achieved["ten wins"]["have"], achieved["ten wins"]["need"]) == (4, 10)


def test_a_guild_knows_its_own_games_only(typed: Typed) -> None:
    there = told(typed, "ann", "--guild", "811")
    [record] = there["record"]
    assert (record["played"], record["won"], record["lost"]) == (2, 0, 2)
    assert [each["opponent_name"] for each in there["opponents"]] == ["dan"]
    everywhere = told(typed, "ann", "--all")
    assert everywhere["record"][0]["played"] == 7
    assert everywhere["ratings"] == []
    assert told(typed, "dan")["record"] == []


def test_a_profile_reads_well(milena: Run, data: Path) -> None:
    done = milena("profile", "ann", data=data, env={"TZ": "UTC"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "ann · terminal"
    assert lines[1] == "game played won drawn lost streak points rating"
    assert lines[2].startswith("tictactoe 5 (83%) 3 1 1 ████████████▒▒▒▒░░░░ 2 ")
    assert lines[3].startswith("liars-dice 1 (17%) 1 0 0 ████████████████████ 1 5 ")
    achieved = lines[lines.index("achievements") + 1 : lines.index("opponents") - 1]
    assert "✓ first win 2026-03-01 Win a game." in achieved
    assert "ten wins ████████░░░░░░░░░░░░ 4 of 10: Win ten games." in achieved
    assert lines[-2:] == [
        "bob 5 4 1 0 ████████████████▒▒▒▒ 2026-03-01",
        "cyd 1 0 0 1 ░░░░░░░░░░░░░░░░░░░░ 2026-03-01",
    ]


def test_who_has_not_played_is_told_so(typed: Typed) -> None:
    assert typed("dan") == (0, "dan · terminal\nNo game that ended with a result.\n", "")


def test_an_unknown_player_is_refused(typed: Typed) -> None:
    status, out, err = typed("zoe")
    assert (status, out) == (1, "")
    assert err == "milena: There is no player 'zoe'; give a name as it is shown, or an id.\n"
    assert typed("ann", "--guild", "811", "--all")[0] == 2
    assert typed()[0] == 2


def test_no_data_is_told(milena: Run, tmp_path: Path) -> None:
    done = milena("profile", "ann", data=tmp_path / "nothing")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no Milena data in" in done.stderr
