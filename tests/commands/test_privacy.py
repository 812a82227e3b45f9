"""Privacy: a person gets all that is kept, and can become unknown; nothing of the name, the id elsewhere and
the private texts is then left in any file, and all else stays as it was."""

import gzip
import logging
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from asking import ACCEPTED, invocation_of
from msgspec import Struct
from msgspec.structs import replace

from milena.aggregates import AGGREGATES, GAMES
from milena.commands import commands
from milena.domain.command import Command, Desk, Invocation, Result
from milena.domain.ids import InvocationId, Place
from milena.home import Home
from milena.ops import backup, logs
from milena.privacy import document
from milena.replay.history import History
from milena.replay.verify import verify
from milena.terminal.clock import now

Guild = Any
NAME, OUTSIDE = "Zephyrine Quuxmoor", "917349812376498123"
PRIVATE, PUBLIC = "swordfish at dawn", "kumquats for everyone"
TEXTS = {"text", "question", "reason", "title", "among", "choices"}
"""Options in which people write what they like."""


def contents(file: Path) -> Iterator[bytes]:
    """What is in a file, and in what is packed in it."""
    data = file.read_bytes()
    yield data
    if file.name.endswith(backup.SUFFIX):
        with tarfile.open(file) as packed:
            for member in packed.getmembers():
                found = packed.extractfile(member)
                yield found.read() if found else b""
    elif file.suffix == ".gz":
        yield gzip.decompress(data)


def holding(directory: Path, *needles: bytes) -> list[str]:
    """The files below a directory in which one of these is found."""
    files = [file for file in directory.rglob("*") if file.is_file()]
    assert len(files) > 10, "the log, the vault, read models, logs"
    return [
        f"{file.relative_to(directory)}: {needle!r}"
        for file in files
        for needle in needles
        if any(needle in content for content in contents(file))
    ]


class Anything(Struct, frozen=True):
    text: str


def _fail(desk: Desk, options: Anything) -> Result:
    raise RuntimeError("a bug")


def _use_everything(guild: Guild) -> None:
    """Ann calls every command, each in a server of its own, with her own words; some are refused then."""
    here = guild.invocation
    for number, (name, ask) in enumerate(sorted(ACCEPTED.items()), 900):
        if name.startswith("privacy"):
            continue
        server = "811" if name in ("remind fire", "effect settle") else number  # they name it
        guild.invocation = partial(here, place=f"{server}/4711")
        command, player, options = ask(guild)
        player = player if commands()[command].internal else guild.ann
        private = commands()[command].private
        words = {each: PRIVATE if each in private else PUBLIC for each in TEXTS & {*options}}
        if "choices" in words or "among" in words:
            words = {each: f"{text}, tea" for each, text in words.items()}
        own = invocation_of(guild, (command, player, {**options, **words}))
        answer = guild.seeing.shown(own, guild.engine.call(own))
        assert answer.verdict != "failed", (name, answer)
    guild.invocation = here
    guild.engine.commands["boom"] = Command("boom", "fun", "Fail.", Anything, _fail, private=("text",))
    assert guild.ask("boom", guild.ann, text=PRIVATE).verdict == "failed"
    assert guild.ask("remind me", guild.ann, when="yesteryear", text=PRIVATE).verdict == "refused"
    assert guild.ask("remind me", guild.ann, when="in 2h", text=PRIVATE * 100).code == "bad_option"
    assert guild.ask("remind me", guild.ann, when="in 2h", txt=PRIVATE).code == "bad_option"
    guild.does("remind me", guild.ann, when="every day 18:00", text=PRIVATE, privately=True)


@pytest.fixture
def person(guild: Guild) -> Iterator[Guild]:
    """The guild with ann as somebody whose name and id are found nowhere else; all is logged."""
    guild.ann = guild.home.vault.meet("discord", OUTSIDE, f"{NAME} before she married")
    guild.ann = guild.home.vault.meet("discord", OUTSIDE, NAME)
    with logs.begin(guild.home.path, shows="debug"):
        yield guild


def _erase(guild: Guild) -> str:
    """Asked for, and confirmed as it is told. Returns what is said then."""
    asked = guild.does("privacy erase", guild.ann)
    assert "can't be undone" in asked.result["says"]
    [action] = asked.result["actions"]
    return str(guild.does(action["command"], guild.ann, **action["options"]).result["says"])


def test_nothing_of_who_used_every_command_is_left_in_any_file(person: Guild) -> None:
    guild, home = person, person.home
    _use_everything(guild)
    going_on = guild.playing("connect4")
    (home.path / "shell-history").write_text(f"+/as '{NAME}'\n")
    home.readside().catch_up()
    key = home.vault.key(guild.ann)
    needles = [NAME.encode(), OUTSIDE.encode(), PRIVATE.encode(), key]
    found = holding(home.path, *needles)
    assert any(each.startswith("vault.db") and NAME in each for each in found), "the search finds things"
    events = [(row.position, row.hash) for row in home.store.scan()]

    says = _erase(guild)

    assert "given up" in says
    for path in backup.backups(backup.folder_of(home.path)):
        path.unlink()  # as the operator is told to do
    made = backup.make(home.path, home.path / "backups" / backup.name_of(guild.later))
    home.readside().catch_up()
    for name in home.readside().models:
        home.readside().rebuild(name)
    assert holding(home.path, *needles) == []
    assert holding(home.path, PUBLIC.encode()), "what was said to all stays, see docs/privacy.md"
    assert made.manifest.players > 0
    # Nothing was rewritten, all still replays, and the other one has won.
    kept = [(row.position, row.hash) for row in home.store.scan()][: len(events)]
    assert kept == events
    report = verify(home.store, AGGREGATES)
    assert [finding for finding in report.findings if finding.level in ("damage", "doubt")] == []
    for key_ in home.store.streams("game"):
        history = History(home.store, GAMES, key_)
        history.catch_up()
        assert history.problem == ""
    assert guild.game(going_on).how == "resigned"
    assert home.vault.name(guild.ann) == guild.ann, "shown as a number"
    again = home.vault.meet("discord", OUTSIDE, NAME)
    assert again != guild.ann


def loose(directory: Path) -> list[str]:
    """Files and folders that somebody else but their owner may use."""
    return [
        f"{path}: {path.stat().st_mode & 0o777:o}"
        for path in (directory, *directory.rglob("*"))
        if path.stat().st_mode & 0o077
    ]


def test_nothing_in_the_data_directory_is_open_to_others_whatever_the_umask_says(tmp_path: Path) -> None:
    data, before = tmp_path / "data", os.umask(0)
    try:
        with Home(data) as home, logs.begin(data, shows="debug"), home.engine() as engine:
            ann = home.vault.meet("discord", OUTSIDE, NAME)
            asked = Invocation(InvocationId("1"), "coin", {}, ann, Place("811/1"), now())
            assert engine.call(asked).verdict == "accepted"
            readside = home.readside()
            readside.catch_up()
            readside.rebuild("audit")
            made = backup.make(data, data / "backups" / backup.name_of(now()))
            home.eraser(engine).erase(ann, now())
            logging.getLogger("milena").error("it failed", exc_info=RuntimeError("a bug"))
            assert loose(data) == []
        backup.restore(made.path, data)
        for words in (["shell", "--as", "ann"], ["config", "init"], ["export", "--data", str(data)]):
            milena = [sys.executable, "-m", "milena", *words]
            environment = os.environ | {"MILENA_DATA": str(data)}
            done = subprocess.run(
                milena, input="/coin\n", capture_output=True, text=True, env=environment, check=False
            )
            assert done.returncode == 0, done.stderr
        assert loose(data) == []
    finally:
        os.umask(before)
    there = {path.name for path in data.iterdir()}
    assert there >= {
        "events.db",
        "vault.db",
        "head.json",
        "projections",
        "logs",
        "errors.db",
        "backups",
        "erased",
    }
    assert there >= {"milena.toml"}
    assert any(name.startswith("replaced-") for name in there)


def test_the_export_has_all_of_a_person_and_nothing_private_of_others(person: Guild) -> None:
    guild = person
    game = guild.over("rock-paper-scissors")
    guild.does("remind me", guild.ann, when="in 2h", text=PRIVATE)
    guild.does("remind me", guild.bob, when="in 2h", text="the secret of bob")
    guild.does("warn", guild.cat, member=guild.ann, reason=PUBLIC, moderator=True)

    document = guild.does("privacy export", guild.ann).result["document"]

    told = msgspec.json.decode(msgspec.json.encode(document["content"]))
    assert document["name"] == f"milena-{guild.ann}.json"
    assert told["vault"] == {"source": "discord", "outside": OUTSIDE, "name": NAME, "key": True}
    [reminders] = told["reminders"]
    assert [each["text"] for each in reminders["open"]] == [PRIVATE]
    [case] = told["cases"]
    assert (case["act"], case["reason"], case["by"]) == ("warn", PUBLIC, guild.cat)
    [played] = told["games"]
    assert (played["game"], played["how"], played["seat"]) == (game, "resigned", 0)
    assert [row["result"] for row in told["read_models"]["profiles"]["results"]] == ["won"]
    texts = [each["event"]["text"] for each in told["events"] if each["tag"] == "reminder.set"]
    assert texts == [PRIVATE], "unsealed, as it is hers"
    assert told["events"][-1]["event"]["command"] == "privacy export"
    assert told["problems"] == []
    everything = msgspec.json.encode(told).decode()
    assert "the secret of bob" not in everything


def test_what_chance_hides_in_a_game_that_goes_on_is_not_told(person: Guild) -> None:
    guild = person
    guild.does("open", guild.ann, game="hangman", seats=1)  # the word is drawn as she sits down

    events = guild.does("privacy export", guild.ann).result["document"]["content"]["events"]

    [drawn] = [each["event"] for each in events if each["tag"] == "game.chance_hidden"]
    assert drawn["outcome"] == "(sealed until the game ends)"


def test_only_the_word_that_was_told_to_the_same_person_a_while_ago_confirms_it(guild: Guild) -> None:
    [action] = guild.does("privacy erase", guild.ann).result["actions"]
    word = action["options"]["confirm"]
    time, _, digest = word.partition("-")
    assert guild.ask("privacy erase", guild.bob, confirm=word).code == "not_confirmed"
    for other in (f"{int(time) + 1}-{digest}", f"{time}-{digest[::-1]}x", time, "-", f"٣-{digest}", "é" * 30):
        assert guild.ask("privacy erase", guild.ann, confirm=other).code == "not_confirmed"
    guild.later = 601
    assert guild.ask("privacy erase", guild.ann, confirm=word).code == "not_confirmed"
    guild.later = 590
    assert guild.home.vault.knows(guild.ann)
    assert guild.does("privacy erase", guild.ann, confirm=word).result["says"].startswith("You are erased.")
    assert not guild.home.vault.knows(guild.ann)


def test_reminders_of_who_is_erased_never_come_and_their_texts_read_as_erased(guild: Guild) -> None:
    for number in range(30):  # more than one snapshot of them
        guild.does("remind me", guild.ann, when="in 1m", text=f"{PRIVATE} {number}")
        guild.does("remind cancel", guild.ann, number=number + 1)
    guild.does("remind me", guild.ann, when="in 1m", text=PRIVATE)
    guild.does("remind me", guild.bob, when="in 1m", text="of bob")

    assert "1 reminder was cancelled" in _erase(guild)

    stream = f"reminder:811:{guild.ann}"
    texts = {
        guild.home.store.event(row).text
        for row in guild.home.store.stream(stream)
        if row.tag == "reminder.set"
    }
    assert texts == {"(erased)"}
    state = guild.engine.read("reminder", f"811:{guild.ann}").state
    assert (state.open, state.count) == ((), 31)
    guild.later = 61
    assert guild.ask("remind fire", guild.cat, reminder=f"811:{guild.bob}").result["numbers"] == [1]
    report = verify(guild.home.store, AGGREGATES)
    assert report.level in (None, "note")


def test_games_in_every_server_are_given_up_and_those_that_wait_are_left(guild: Guild) -> None:
    here, waiting = guild.playing(), guild.waiting("connect4")
    guild.invocation = partial(guild.invocation, place="812/5")
    there = guild.playing("othello")

    assert "3 games were given up" in _erase(guild)

    assert {guild.game(each).how for each in (here, there)} == {"resigned"}
    assert guild.game(there).outcome.scores[1] > guild.game(there).outcome.scores[0]
    assert guild.ann not in guild.game(waiting).players


def test_whoever_was_erased_stays_so_when_an_older_backup_is_restored(tmp_path: Path) -> None:
    path = tmp_path / "data"
    with Home(path) as home, home.engine() as engine:
        ann, bob = (home.vault.meet("discord", *each) for each in ((OUTSIDE, NAME), ("2", "Bob")))
        asked = Invocation(
            InvocationId("1"), "remind me", {"when": "in 2h", "text": PRIVATE}, ann, Place("811/4711"), now()
        )
        assert engine.call(asked).verdict == "accepted"
        made = backup.make(path, tmp_path / "before.tar.gz")
        done = home.eraser(engine).erase(ann, now())
        assert (done.games, done.reminders, done.copies) == (0, 1, []), "the copy is somewhere else"

    backup.restore(made.path, path)

    with Home(path) as restored:
        assert not restored.vault.knows(ann)
        assert restored.vault.name(bob) == "Bob"
        kept = document(restored.store, AGGREGATES, restored.readside(), ann)
        assert [each["text"] for each in kept["reminders"][0]["open"]] == ["(erased)"]
        assert kept["vault"] == {"source": None, "outside": None, "name": None, "key": False}


def test_a_machine_is_nobody_to_erase(guild: Guild) -> None:
    machine = guild.home.vault.player("machine", "clock")
    [action] = guild.does("privacy erase", machine).result["actions"]
    answer = guild.ask("privacy erase", machine, **action["options"])
    assert answer.code == "machine"


def test_an_erasure_that_was_asked_for_is_done_once(guild: Guild) -> None:
    [action] = guild.does("privacy erase", guild.ann).result["actions"]
    asked = guild.invocation("privacy erase", guild.ann, **action["options"])
    first = guild.engine.call(asked)
    assert guild.seeing.shown(asked, first).verdict == "accepted"
    head = guild.home.store.head()
    again = guild.engine.call(asked)
    assert again == replace(first, repeated=True)
    assert guild.seeing.shown(asked, again).verdict == "accepted", "there is nothing left to be done"
    assert guild.home.store.head() == head
