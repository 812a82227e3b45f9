"""What each release left behind is upgraded by this one, verified, replayed, ranked and played on."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from milena.aggregates import AGGREGATES
from milena.cli import run
from milena.domain.command import Invocation
from milena.home import Home
from milena.ops import backup
from milena.replay.verify import verify
from milena.store import upgrading

RELEASES = sorted(path.parent.name for path in Path(__file__).parent.glob("*/events.db"))
Asked = Callable[..., tuple[int, Any]]


@pytest.fixture
def milena(capsys: pytest.CaptureFixture[str]) -> Asked:
    """``milena("games", data=path)``: the exit status of ``milena games --json``, and what it tells."""

    def ask(*arguments: str, data: Path) -> tuple[int, Any]:
        capsys.readouterr()
        status = run([*arguments, "--json", "--data", str(data)])
        return status, json.loads(capsys.readouterr().out or "null")

    return ask


def contents(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in data.iterdir()}


def formats(data: Path) -> dict[str, int]:
    return {name: found.version for name, found in upgrading.found(data).items()}


def now() -> dict[str, int]:
    return {name: format.version for name, format in upgrading.formats().items()}


@pytest.mark.parametrize("release", RELEASES)
def test_a_dry_run_tries_it_on_a_copy_and_touches_nothing(
    released: Callable[[str], Path], milena: Asked, release: str
) -> None:
    data = released(release)
    before = contents(data)

    status, told = milena("upgrade", "--dry-run", data=data)

    actions = {part["name"]: part["action"] for part in told["parts"]}
    assert (status, actions["vault.db"], actions["head.json"]) == (0, "migrate", "nothing")
    assert told["rehearsal"]["report"]["findings"] == []
    assert told["rehearsal"]["report"]["events"] > 50
    assert contents(data) == before


@pytest.mark.parametrize("release", RELEASES)
def test_an_upgrade_makes_a_backup_and_all_that_was_there_goes_on(
    released: Callable[[str], Path], milena: Asked, invocation: Callable[..., Invocation], release: str
) -> None:
    data = released(release)
    with closing(sqlite3.connect(data / "events.db")) as db:
        before = db.execute("SELECT * FROM events").fetchall()
    old = formats(data)

    # When it is upgraded
    status, told = milena("upgrade", data=data)

    # Then the log is what it was, to the last byte of it, and whole
    assert (status, formats(data)) == (0, now())
    with closing(sqlite3.connect(data / "events.db")) as db:
        assert db.execute("SELECT * FROM events").fetchall() == before
    assert told["report"]["findings"] == []
    # and what was before is in a backup, in its old formats
    made = Path(told["upgraded"]["backup"])
    assert backup.check(made).position == len(before)
    aside = data / "aside"
    backup.restore(made, aside)
    assert formats(aside) == old

    # and its games are replayed, ranked, and played on by the same people
    _, games = milena("games", data=data)
    ended = [game["id"] for game in games if game["status"] == "ended"]
    assert ended
    for key in ended:
        status, replayed = milena("replay", key, data=data)
        assert (status, replayed["id"]) == (0, key)
    status, board = milena("leaderboard", "tictactoe", data=data)
    assert (status, board[0]["player_name"]) == (0, "ann")
    with Home(data) as home, home.engine() as engine:
        [going] = [game["id"] for game in games if game["game"] == "tictactoe" and game["plies"] == 3]
        [cleo] = home.vault.find("cleo")
        assert engine.call(invocation("move", cleo, game=going, move="5")).verdict == "accepted"
        assert verify(home.store, AGGREGATES).findings == []


@pytest.mark.parametrize("release", RELEASES)
def test_a_start_upgrades_by_itself_and_says_so_in_one_line(
    released: Callable[[str], Path], caplog: pytest.LogCaptureFixture, release: str
) -> None:
    data = released(release)

    Home(data).close()
    Home(data).close()

    [record] = caplog.records
    [made] = backup.backups(data / "backups")
    assert f"{data} was upgraded for Milena" in record.getMessage()
    assert "vault.db from format 1 to 2" in record.getMessage()
    assert str(made) in record.getMessage()
    assert formats(data) == now()
