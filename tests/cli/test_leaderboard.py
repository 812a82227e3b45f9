"""milena leaderboard: who is ahead, and how a rating went."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from xml.etree import ElementTree

import pytest

from milena.cli import run
from milena.terminal.standings import LEGEND

sys.path.append(str(Path(__file__).parent))

from evening import play_a_season

Run = Callable[..., CompletedProcess[str]]
Typed = Callable[..., tuple[int, str, str]]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season was played there."""
    directory = tmp_path_factory.mktemp("leaderboard") / "data"
    play_a_season(directory)
    return directory


@pytest.fixture
def typed(data: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    """``typed("tictactoe")``: status, output and complaints of ``milena leaderboard tictactoe``."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(["leaderboard", *arguments, "--data", str(data)])
        out, err = capsys.readouterr()
        return status, out, err

    return call


def rows(typed: Typed, *arguments: str) -> list[dict[str, Any]]:
    status, out, err = typed(*arguments, "--json")
    assert (status, err) == (0, "")
    found: list[dict[str, Any]] = json.loads(out)
    return found


def standing(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[field] for field in ("rank", "player_name", "score", "won", "drawn", "lost"))


TOP = [(1, "ann", 3.5, 3, 1, 1), (2, "bob", 1.5, 1, 1, 3), (3, "cyd", 1.0, 1, 0, 1)]


# ----------------------------------------------------------------------------------------- one game


def test_the_standings_are_a_table_with_bars(milena: Run, data: Path) -> None:
    done = milena("leaderboard", "tictactoe", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    shown = re.sub(r"\d{4} ±\d+", "RATING ±D", done.stdout)
    assert [line.rstrip() for line in shown.splitlines()] == [
        "Tic-tac-toe · terminal",
        "#  player  score  won  drawn  lost  share                          streak     rating",
        "1  ann       3.5    3      1     1   70% ██████████████▒▒▒▒▒░░░░░   0 (2)  RATING ±D",
        "2  bob       1.5    1      1     3   30% █████▒▒▒▒▒░░░░░░░░░░░░░░   1 (1)  RATING ±D",
        "3  cyd         1    1      0     1   50% ████████████░░░░░░░░░░░░   0 (1)  RATING ±D",
        LEGEND,
    ]


def test_json_is_a_promise(typed: Typed) -> None:
    found = rows(typed, "tictactoe")
    assert list(found[0]) == [
        "rank", "player", "player_name", "score", "games", "won", "drawn", "lost", "streak", "best_streak",
        "points", "best", "share", "rating", "deviation",
    ]  # fmt: skip
    assert [standing(row) for row in found] == TOP
    assert [row["share"] for row in found] == [0.7, 0.3, 0.5]
    assert [(row["streak"], row["best_streak"]) for row in found] == [(0, 2), (1, 1), (0, 1)]
    best, *others = (row["rating"] for row in found)
    assert all(best > other for other in others)
    assert all(0 < row["deviation"] < 400 for row in found)


def test_csv_has_the_same_columns(typed: Typed) -> None:
    _, out, _ = typed("tictactoe", "--csv")
    found = list(csv.DictReader(io.StringIO(out, newline="")))
    assert [row["player_name"] for row in found] == ["ann", "bob", "cyd"]
    assert found[0]["share"] == "0.7"


def test_a_guild_has_its_own_leaderboard(typed: Typed) -> None:
    assert [standing(row) for row in rows(typed, "tictactoe", "--guild", "811")] == [
        (1, "dan", 2.0, 2, 0, 0), (2, "ann", 0.0, 0, 0, 2)
    ]  # fmt: skip
    assert rows(typed, "tictactoe", "--guild", "81") == []
    assert typed("tictactoe", "--guild", "81")[1] == "Nobody is on this leaderboard.\n"


def test_all_guilds_together_have_no_rating(typed: Typed) -> None:
    found = rows(typed, "tictactoe", "--all")
    assert standing(found[0]) == (1, "ann", 3.5, 3, 1, 3)
    assert standing(found[1]) == (2, "dan", 2.0, 2, 0, 0)
    assert {row["rating"] for row in found} == {None}
    assert "rating" not in typed("tictactoe", "--all")[1]


def test_a_span_of_time(typed: Typed) -> None:
    """ann and cyd were done fourteen minutes after it began."""
    late = rows(typed, "tictactoe", "--since", "2026-03-01 18:13Z")
    assert [standing(row)[1:3] for row in late] == [("bob", 1.0), ("cyd", 1.0), ("ann", 0.0)]
    early = rows(typed, "tictactoe", "--until", "2026-03-01 18:03Z")
    assert [standing(row)[1:3] for row in early] == [("ann", 1.0), ("bob", 0.0)]
    assert rows(typed, "tictactoe", "--since", "2027-01-01") == []


def test_pages(typed: Typed) -> None:
    assert [row["rank"] for row in rows(typed, "tictactoe", "--limit", "2")] == [1, 2]
    assert [row["rank"] for row in rows(typed, "tictactoe", "--limit", "2", "--page", "2")] == [3]
    assert typed("tictactoe", "--limit", "2")[1].splitlines()[-1] == "... and more: --page 2 shows them."
    assert "more" not in typed("tictactoe")[1]
    assert typed("tictactoe", "--page", "9")[1] == "Nobody more.\n"


def test_where_a_player_stands(typed: Typed) -> None:
    assert [standing(row) for row in rows(typed, "tictactoe", "--player", "bob")] == TOP
    assert typed("tictactoe", "--player", "dan")[1] == "dan is not on this leaderboard.\n"
    assert rows(typed, "tictactoe", "--player", "dan") == []


# ------------------------------------------------------------------------------------------- points


def test_the_most_points(typed: Typed) -> None:
    [first, second] = rows(typed, "liars-dice", "--points")
    assert (first["rank"], first["player_name"], first["points"]) == (1, "ann", 5)
    assert (second["rank"], second["player_name"], second["points"]) == (2, "bob", 0)
    assert rows(typed, "--points") == [first, second]
    assert rows(typed, "tictactoe", "--points") == []
    shown = typed("--points")[1].splitlines()
    assert shown[0] == "All games: the most points · terminal"
    assert shown[2].split()[:3] == ["1", "ann", "5"]
    assert typed("tictactoe", "--points")[1] == "No game that counts points has ended here.\n"


# ----------------------------------------------------------------------------------------- overview


def test_without_a_game_who_leads_each(typed: Typed) -> None:
    first, second = rows(typed)
    assert list(first) == [
        "game", "title", "played", "players", "last", "leaders", "score", "games", "record", "record_player",
        "record_player_name",
    ]  # fmt: skip
    assert (first["game"], first["title"], first["played"], first["players"]) == (
        "tictactoe",
        "Tic-tac-toe",
        6,
        3,
    )
    assert [leader["name"] for leader in first["leaders"]] == ["ann"]
    assert (first["score"], first["games"], first["record"]) == (3.5, 5, None)
    assert (second["game"], second["record"], second["record_player_name"]) == ("liars-dice", 5, "ann")
    heading, one, other = (line.split() for line in typed()[1].splitlines())
    assert heading == ["game", "played", "leads", "score", "most", "points", "last", "game"]
    assert one[:6] == ["tictactoe", "6", "ann", "3.5", "of", "5"]
    assert other[:8] == ["liars-dice", "1", "ann", "1", "of", "1", "5", "ann"]
    assert [row["game"] for row in rows(typed, "--guild", "811")] == ["tictactoe"]
    assert rows(typed, "--guild", "none") == []
    assert typed("--guild", "none")[1].startswith("No game has ended here")
    assert typed("--guild", "none", "--csv")[1] == f"{','.join(first)}\r\n"


# ------------------------------------------------------------------------------------------ history


def test_how_a_rating_went_is_plotted(typed: Typed) -> None:
    status, out, _ = typed("tictactoe", "--history", "ann")
    assert status == 0
    title, *plot, told = out.splitlines()
    assert title == "Tic-tac-toe: the rating of ann"
    assert re.fullmatch(
        r"1500 before, \d+ ± \d+ after 5 games \(2026-03-0\d\); highest \d+, lowest \d+\.", told
    )
    assert plot[-1].split() == ["0", "1", "2", "3", "4", "5"]
    assert all(len(line) <= 80 for line in plot)
    assert any("┤" in line for line in plot)


def test_its_rows_are_there_for_programs(typed: Typed) -> None:
    found = rows(typed, "tictactoe", "--history", "ann")
    assert [row["score"] for row in found] == [0.0, 1.0, 0.5, 1.0, 1.0]
    assert {"time", "before", "after", "deviation", "games"} <= set(found[0])
    assert (found[-1]["before"], found[0]["games"]) == (1500.0, 5)
    assert len(rows(typed, "tictactoe", "--history", "ann", "--guild", "811")) == 2


def test_the_picture_stands_alone(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "rating.svg"
    assert typed("tictactoe", "--history", "ann", "--svg", str(file)) == (0, "", "")
    text = file.read_text("utf-8")
    picture = ElementTree.fromstring(text)
    assert picture.get("role") == "img"
    assert picture.findtext(f"{SVG}title") == "Tic-tac-toe: the rating of ann"
    assert "after 5 games" in str(picture.findtext(f"{SVG}desc"))
    line = picture.find(f"{SVG}polyline")
    assert line is not None
    assert len(str(line.get("points")).split()) == 6
    assert not re.search(r"<script|href|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)
    assert typed("tictactoe", "--history", "ann", "--svg", "-")[1] == text


def test_a_name_in_the_picture_is_only_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from evening import Evening

    name = "<script>&\"'"
    with Evening(tmp_path / "data") as evening:
        evening.open("tictactoe", name, "bob")
        evening.resign("bob")
    arguments = [
        "leaderboard",
        "tictactoe",
        "--history",
        name,
        "--svg",
        "-",
        "--data",
        str(tmp_path / "data"),
    ]
    assert run(arguments) == 0
    text = capsys.readouterr().out
    assert "<script" not in text
    assert ElementTree.fromstring(text).findtext(f"{SVG}title") == f"Tic-tac-toe: the rating of {name}"


# --------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["chess"], 1, "There is no game 'chess'. There are: 2048, "),
        (["' OR 1=1 --"], 1, 'There is no game "\' OR 1=1 --". There are: '),
        (["tictactoe", "--player", "zoe"], 1, "There is no player 'zoe'"),
        (["tictactoe", "--history", "dan"], 1, "dan has no rated game of Tic-tac-toe here."),
        (["tictactoe", "--history", "ann", "--svg", "/nowhere/x.svg"], 1, "/nowhere/x.svg can't be written"),
        (["tictactoe", "--since", "soon"], 2, "--since: 'soon' is no date"),
        (["--player", "ann"], 2, "--player and --history go with a GAME."),
        (["tictactoe", "--svg", "x.svg"], 2, "--svg goes with --history."),
        (["tictactoe", "--history", "ann", "--all"], 2, "a rating is that of one guild"),
        (["tictactoe", "--history", "ann", "--player", "ann"], 2, "give one of them"),
        (["tictactoe", "--json", "--csv"], 2, "give one of them"),
        (["--guild", "811", "--all"], 2, "give one of them"),
        (["tictactoe", "--page", "0"], 2, "--page"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_can_not_be_is_refused_and_says_what_can(
    typed: Typed, arguments: list[str], status: int, complaint: str
) -> None:
    found, out, err = typed(*arguments)
    assert (found, out) == (status, "")
    assert complaint in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("text", ["' OR 1=1 --", '"', "\\", "%", "811/1", "terminal'", "x\x00y"], ids=ascii)
def test_no_guild_is_another(typed: Typed, text: str) -> None:
    assert rows(typed, "tictactoe", f"--guild={text}") == []
    assert rows(typed, f"--guild={text}") == []
    assert rows(typed, "tictactoe", "--player=ann", f"--guild={text}") == []


def test_no_data_is_told(milena: Run, tmp_path: Path) -> None:
    done = milena("leaderboard", data=tmp_path / "nothing")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no Milena data in" in done.stderr
