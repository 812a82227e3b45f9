"""milena archive, from what is typed to the exit status."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from milena.cli import making_room, run
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, new_id
from milena.home import Home


class Said(NamedTuple):
    status: int
    stdout: str
    stderr: str


Milena = Callable[..., Said]


@pytest.fixture
def milena(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Milena:
    """``milena("verify")`` on the data directory ``data``; in this process, which costs less."""

    def typed(*words: str) -> Said:
        capsys.readouterr()
        status = run([*words, "--data", str(tmp_path / "data")])
        return Said(status, *capsys.readouterr())

    return typed


@pytest.fixture
def game(tmp_path: Path) -> str:
    """A game that was given up three years ago, in the data directory ``data``."""
    with Home(tmp_path / "data") as home, home.engine() as engine:
        ann, now = home.vault.player("terminal", "ann"), 1_700_000_000_000

        def ask(command: str, **options: object) -> str:
            place, id = Place("terminal/main"), InvocationId(new_id())
            return str(engine.call(Invocation(id, command, options, ann, place, now)).result.get("game", ""))

        key = ask("open", game="2048")
        # where both tiles lie at the upper edge already, nothing can move up
        assert ask("move", game=key, move="up") or ask("move", game=key, move="down")
        ask("resign", game=key)
        ask("roll")
    return key


def test_a_game_is_archived_and_replayed_checked_and_found_missing(
    milena: Milena, game: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    replayed = milena("replay", game).stdout

    dry = milena("archive", "--older-than", "1y", "--dry-run")
    assert dry.stdout.startswith("Would move 1 game (9 events) to archive/0001-2023-11.jsonl.gz (")
    assert not list(data.glob("archive/*.gz"))
    young = milena("archive", "--older-than", "90y")
    assert (young.status, young.stdout) == (
        0,
        "No game has ended, and rested for 32850 days: nothing is moved.\n",
    )
    moved = milena("archive", "--json")
    told = json.loads(moved.stdout)
    [archive] = told["archives"]
    assert (archive["file"], archive["games"], told["kept"], told["dry_run"]) == (
        "0001-2023-11.jsonl.gz", 1, [], False,
    )  # fmt: skip
    assert told["after"] == (data / "events.db").stat().st_size
    assert not list(data.glob("events.db*part*"))

    assert milena("replay", game).stdout == replayed
    assert game in milena("games", "--all").stdout
    checked = milena("archive", "check")
    assert checked.stdout == "0001-2023-11.jsonl.gz is sound: 1 game (9 events).\n"
    verified = milena("verify")
    assert (verified.status, "Read from archives: 9 events." in verified.stdout) == (0, True)
    refused = milena("call", "void", f"game={game}", "reason=late", "--as", "ann")
    assert (refused.status, f"'milena replay {game}' shows it" in refused.stderr) == (1, True)

    file = data / "archive" / archive["file"]
    kept = file.read_bytes()
    file.unlink()
    for words, status in (
        (("archive", "check"), 1),
        (("verify",), 1),
        (("replay", game), 3),
        (("export",), 3),
    ):
        done = milena(*words)
        assert (words, done.status) == (words, status)
        assert f"{file} can't be read" in done.stderr
        assert "Traceback" not in done.stderr
    assert "but for 9 events that can't be read" in milena("verify").stdout
    assert "missing" in milena("archive", "list").stdout
    doctor = milena("doctor", "--json")
    assert "archive 1" in doctor.stdout
    file.write_bytes(kept[:-1])
    for words in (("archive", "check"), ("verify",), ("doctor",), ("replay", game)):
        assert milena(*words).status == 3


@pytest.mark.parametrize("age", ["soon", "6", "-1d", "6 moons", ""])
def test_what_is_no_age_is_refused_with_examples(milena: Milena, game: str, tmp_path: Path, age: str) -> None:
    wrong = milena("archive", f"--older-than={age}")
    assert (wrong.status, wrong.stdout) == (1, "")
    assert "is no age: write 90d, 12w, 6mo or 1y" in wrong.stderr


def test_its_file_is_not_made_smaller_while_somebody_uses_it(
    milena: Milena, game: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with Home(data):
        moved = milena("archive")
        assert "'milena archive --compact' makes its file smaller when it is not" in moved.stdout
        wanted = milena("archive", "--compact")
        assert (wanted.status, "Milena is running on" in wanted.stderr) == (1, True)
    done = milena("archive", "--compact")
    assert "The log's file was" in done.stdout
    assert milena("verify").status == 0


def start(data: Path, days: str, budget: str) -> str:
    """What a Milena says that is started without a token, as a process: that is how she becomes another."""
    ours = {"MILENA_ARCHIVE_OLDER_THAN": days, "MILENA_BUDGETS_STORE": budget}
    env = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"} | ours
    command = [sys.executable, "-P", "-m", "milena", "run", "--data", str(data)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert "DISCORD_TOKEN" in done.stderr, "she starts, as far as she can here"
    return done.stderr


def test_before_she_starts_she_makes_room_where_that_is_wanted_and_the_store_nears_its_budget(
    milena: Milena, game: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    for days, budget in (("0", "0.001"), ("365", "9"), ("36500", "0.001")):
        assert "Moved" not in start(data, days, budget)
    said = start(data, "365", "0.001")
    assert "Moved 1 game (9 events) to archive/0001-2023-11.jsonl.gz." in said
    assert "The log's file was" in said
    assert milena("verify").status == 0


def test_a_start_takes_no_more_than_its_time_and_the_next_one_goes_on(
    milena: Milena,
    game: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("MILENA_ARCHIVE_OLDER_THAN", "365")
    monkeypatch.setenv("MILENA_BUDGETS_STORE", "0.001")
    # Given a start that has no time for games
    monkeypatch.setattr(making_room, "SECONDS", -1)
    making_room.make_room(data)
    said = capsys.readouterr().err
    assert "1 more game can be moved: at the next starts" in said
    assert "Moved" not in said
    # When the game is moved while she runs, where the file can't be made smaller
    with Home(data):
        assert "The log is in use" in milena("archive").stdout
        making_room.make_room(data)
        assert "The log's file was" not in capsys.readouterr().err
    # Then the next start does that, and the one after it has nothing to do
    making_room.make_room(data)
    assert "The log's file was" in capsys.readouterr().err
    making_room.make_room(data)
    assert "The log's file was" not in capsys.readouterr().err
    assert milena("verify").status == 0
