"""The manual tells the truth: what it shows is run, and its tables are what the code says."""

import base64
import gzip
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from milena.aggregates import AGGREGATES, GAMES
from milena.archiving import archive
from milena.commands import cooldowns, scopes
from milena.discord import inviting
from milena.domain.command import Invocation
from milena.domain.event import Event
from milena.domain.game import Games, Open, Play, TakeSeat
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.home import Home
from milena.ops.config import settings
from milena.ops.settings import reference
from milena.slash.installed import installed
from milena.store import Envelope

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def block(page: str, title: str) -> str:
    """The code that a page shows under a title."""
    text = (DOCS / page).read_text()
    [found] = re.findall(rf'^```\w+ title="{re.escape(title)}"\n(.*?)^```$', text, re.DOTALL | re.MULTILINE)
    return str(found)


def table(page: str, name: str) -> list[list[str]]:
    """The rows of a table between marks, each the cells of its columns."""
    text = (DOCS / page).read_text()
    [found] = re.findall(rf"^<!-- {name}.*?-->\n(.*?)^<!-- end -->$", text, re.DOTALL | re.MULTILINE)
    lines = str(found).strip().splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def run(*command: str | Path, **options: object) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_no_page_points_at_nothing(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


def test_every_page_is_on_the_map() -> None:
    pages = {page.name for page in DOCS.glob("*.md")} - {"index.md"}
    assert pages <= set(re.findall(r"\]\(([^)]+)\)", (DOCS / "index.md").read_text()))


# ---------------------------------------------------------------------------------------- add a game


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of docs/add-a-game.md, installed into a folder of its own."""
    package, site = tmp_path_factory.mktemp("nim"), tmp_path_factory.mktemp("site")
    for name in ("nim.py", "pyproject.toml", "test_nim.py"):
        (package / name).write_text(block("add-a-game.md", name))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    run(*pip, "--target", site, package)
    (site / "test_nim.py").write_text(block("add-a-game.md", "test_nim.py"))
    return site


def environment(site: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(site)}


def test_the_tests_of_the_example_pass(site: Path) -> None:
    output = run(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_nim.py",
        cwd=site, env=environment(site),
    )  # fmt: skip
    assert "4 passed" in output


def test_the_example_is_played_and_replayed_once_it_is_installed(site: Path, tmp_path: Path) -> None:
    milena = (sys.executable, "-P", "-m", "milena")
    options = ("--set", "heaps=1", "--set", "tallest=2", "--moves", "-", "--data", tmp_path / "data")
    played = run(*milena, "play", "nim", "ann", "bob", *options, input="a1\na1\n", env=environment(site))
    assert "the last match wins" in played
    replayed = run(*milena, "replay", "last", "--data", tmp_path / "data", env=environment(site))
    assert "the last match wins" in replayed
    assert "nim" in run(*milena, "doctor", "--data", tmp_path / "data", env=environment(site))


@pytest.mark.parametrize("number", range(40))
def test_the_example_keeps_the_contract_in_random_games(number: int) -> None:
    scope: dict[str, object] = {"__name__": "nim"}
    exec(block("add-a-game.md", "nim.py"), scope)
    games, random = Games(lambda _: scope["rules"]), Random(number)  # type: ignore[arg-type,return-value]
    ann, bob, seed = PlayerId("ann"), PlayerId("bob"), b"\0" * 32
    options = {
        "heaps": random.randint(1, 8),
        "tallest": random.randint(1, 20),
        "last": random.choice(["wins", "loses"]),
    }
    events: list[Event] = []

    game = games.initial("1g5k2m9xq4")
    commands: list[object] = [
        Open(ann, "nim", options, None, seed),
        TakeSeat(ann, "a", seed),
        TakeSeat(bob, "b", seed),
    ]
    while commands:
        changes = games.decide(game, commands.pop(0))  # type: ignore[arg-type]
        game, events = changes.state, events + changes.events
        if not commands and game.status == "playing":
            [seat] = games.actors(game)
            moves = games.view(game, seat).choices
            assert moves
            commands.append(Play((ann, bob)[seat], random.choice(moves), seed))
    assert game.status == "ended"
    assert game.ply <= games.rules(game).bound
    folded = games.initial("1g5k2m9xq4")
    for event in events:
        folded = games.evolve(folded, event)
        assert games.decode(games.encode(folded)) == folded
    assert folded == game


# ----------------------------------------------------------------------------------------- operators


def test_the_table_of_settings_is_what_can_be_set() -> None:
    expected = reference(settings(cooldowns(), scopes()))
    page = (DOCS / "operators.md").read_text()
    assert expected in page, f"docs/operators.md should have:\n{expected}"


# ------------------------------------------------------------------------------------------- Discord


def test_the_permissions_are_those_of_the_invitation() -> None:
    described = [permission for permission, _ in table("discord.md", "permissions")]
    assert described == list(inviting.NEEDED)


def test_the_doctor_tells_what_the_page_shows(tmp_path: Path) -> None:
    [shown] = re.findall(
        r"^\$ milena doctor\n(.*?)^```$", (DOCS / "discord.md").read_text(), re.DOTALL | re.MULTILINE
    )
    [application] = set(re.findall(r"\b\d{18}\b", shown))
    token = f"{base64.urlsafe_b64encode(application.encode()).decode()}.G4x7Qz.{'x' * 27}"
    others = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN_FILE"}
    # Where the packages of the bot are not installed, that is a problem, but not ours.
    command = [sys.executable, "-m", "milena", "doctor", "--data", str(tmp_path / "data")]
    environment = {**others, "DISCORD_TOKEN": token}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60).stdout
    told = [" ".join(line.split()) for line in said.splitlines()]
    for line in filter(None, (" ".join(line.removesuffix("...").split()) for line in shown.splitlines())):
        assert any(each.startswith(line) for each in told), line


def test_faults_are_told_in_the_words_of_the_code() -> None:
    code = "".join(file.read_text() for file in Path(inviting.__file__).parent.glob("*.py"))
    [rows] = re.findall(
        r"^<!-- faults.*?-->\n(.*?)^<!-- end -->$",
        (DOCS / "discord.md").read_text(),
        re.DOTALL | re.MULTILINE,
    )
    for row in rows.strip().splitlines()[2:]:
        _, seen, logged, _ = re.split(r"\s*\|\s*", row.strip("| "))
        said = re.findall(r"`([^`]+)`", logged) + re.findall(r'"([A-Z][^"]+?)(?: \.\.\.)?"', seen)
        assert [each for each in said if each not in code] == []


@pytest.mark.parametrize("page", ["discord.md", "../README.md"])
def test_what_is_to_be_typed_on_discord_is_a_command(page: str) -> None:
    typed = re.findall(r"`/([a-z][^`]*)`", (DOCS / page).read_text())
    paths = {" ".join(slash.path) for slash in installed()}
    assert typed
    assert [each for each in typed if re.sub(r" \w+[:=].*", "", each) not in paths] == []


# ------------------------------------------------------------------------------------------- storage


def test_the_table_of_columns_is_what_is_stored(tmp_path: Path) -> None:
    with Home(tmp_path / "data") as home:
        columns = [row[1] for row in home.store.rows("PRAGMA table_info(events)")]
    described = [row[0].strip("`") for row in table("storage.md", "columns")]
    assert described == columns == list(Envelope.__struct_fields__)


def test_the_table_of_events_is_what_is_recorded() -> None:
    events = [event for aggregate in AGGREGATES for event in aggregate.events]
    expected = [
        [
            f"`{event.tag}`",
            ", ".join(f"`{name}`" for name in event.__struct_fields__),
            f"`{event.sealed}`" if event.sealed else "",
            str(event.class_version),
        ]
        for event in events
    ]
    described = [
        [tag, fields, sealed, version] for tag, fields, sealed, version, _ in table("storage.md", "events")
    ]
    assert described == expected


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with a game of hangman that was given up, and one refusal."""
    data = tmp_path_factory.mktemp("data")
    with Home(data) as home, home.engine() as engine:
        ann = home.vault.player("terminal", "ann")

        def ask(command: str, **options: object) -> str:
            now = time.time_ns() // 1_000_000
            invocation = Invocation(
                InvocationId(new_id()), command, options, ann, Place("terminal/main"), now
            )
            return str(engine.call(invocation).result.get("game", ""))

        game = ask("open", game="hangman", options={"category": "animals"})
        ask("move", game=game, move="e")
        ask("move", game=game, move="ß")
        ask("resign", game=game)
        ask("roll")
        word = home.store.fold(GAMES, game).state.board.word
    (data / "word").write_text(f"game:{game} {word}")
    return data / "events.db"


def test_the_chain_can_be_checked_as_it_says(log: Path, tmp_path: Path) -> None:
    (tmp_path / "chain.py").write_text(block("storage.md", "chain.py"))
    with sqlite3.connect(log) as db:
        [head] = db.execute("SELECT hash FROM events ORDER BY position DESC LIMIT 1").fetchone()
    db.close()
    assert run(sys.executable, tmp_path / "chain.py", log) == f"all head {head.hex()}\n"


def test_the_chain_of_a_log_with_archives_can_be_checked_as_it_says(log: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(log.parent, tmp_path / "data"))
    (tmp_path / "chain.py").write_text(block("storage.md", "chain.py"))
    with Home(data) as home:
        [moved] = archive(home.store, GAMES, 2**62).archives
        head = home.store.head()
        [(position,)] = home.store.rows("SELECT min(position) FROM archived")
    whole = [sys.executable, tmp_path / "chain.py", data / "events.db"]
    assert run(*whole) == f"all head {head.hash.hex()}\n"

    file = data / "archive" / moved.file
    lines = gzip.decompress(file.read_bytes())
    file.write_bytes(gzip.compress(lines.replace(b"hangman", b"hangmen", 1)))
    changed = subprocess.run(whole, capture_output=True, text=True)
    assert (changed.returncode, changed.stderr) == (1, f"position {position} is not what was written\n")
    file.write_bytes(gzip.compress(lines))
    with sqlite3.connect(data / "events.db") as db:
        db.execute("DROP TRIGGER archived_events_are_never_deleted")
        db.execute("DELETE FROM archived WHERE position = ?", (position,))
    db.close()
    assert f"position {position} is not" in subprocess.run(whole, capture_output=True, text=True).stderr


def test_the_tables_of_archives_are_those_that_are_described(log: Path) -> None:
    with sqlite3.connect(log) as db:
        names = ("archives", "archived_games", "archived")
        stored = [(name, column[1]) for name in names for column in db.execute(f"PRAGMA table_info({name})")]
    db.close()
    described = [(name.strip("`"), column.strip("`")) for name, column, _ in table("storage.md", "archives")]
    assert described == stored


def test_what_was_hidden_can_be_read_again_as_it_says(log: Path, tmp_path: Path) -> None:
    (tmp_path / "unseal.py").write_text(block("storage.md", "unseal.py"))
    assert run(sys.executable, tmp_path / "unseal.py", log).strip() == (log.parent / "word").read_text()


def test_the_questions_in_sql_have_answers(log: Path) -> None:
    moves, refusals = re.findall(
        r"^```sql\n(.*?)^```$", (DOCS / "storage.md").read_text(), re.DOTALL | re.MULTILINE
    )
    with sqlite3.connect(log) as db:
        assert [count for _, count in db.execute(moves)] == [1]
        [(_, command, sentence)] = db.execute(refusals)
    db.close()
    assert command == "move"
    assert "Guess one of" in sentence
