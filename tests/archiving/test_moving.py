"""Ended games are moved to archives: nobody sees a difference, but that they can't be changed any more."""

import gzip
import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from long_ago import LONG_AGO, Playing, archived, models, seen

from milena.aggregates import AGGREGATES, GAMES
from milena.archiving import check, strays
from milena.home import Home
from milena.replay.verify import verify
from milena.store import Conflict, Damaged, moving
from milena.store.archive import Archive, Packed


def ended(home: Home) -> list[str]:
    return [key for key in home.store.streams("game") if home.store.fold(GAMES, key).state.status == "ended"]


def in_table(home: Home) -> set[str]:
    return {row[0] for row in home.store.rows("SELECT DISTINCT stream FROM events")}


def test_nobody_sees_a_difference(data: Path) -> None:
    with Home(data) as home:
        before, digests, over = seen(home), models(home), ended(home)
        rows = home.store.rows("SELECT * FROM events WHERE stream NOT GLOB 'game:*'")

        [archive] = archived(home).archives

        assert seen(home) == before
        assert models(home) == digests
        assert (archive.games, archive.events) == (len(over), len(home.store.rows("SELECT 1 FROM archived")))
        # What is no ended game stays where it was
        assert home.store.rows("SELECT * FROM events WHERE stream NOT GLOB 'game:*'") == rows
        assert {stream for stream in in_table(home) if stream.startswith("game:")} == {
            f"game:{key}" for key in home.store.streams("game") if key not in over
        }
        assert home.store.rows("SELECT 1 FROM snapshots WHERE originator_id GLOB 'game:*'") == []
        assert [each.trouble for each in check(home.store, GAMES)] == [""]
        assert list(home.store.archives.glob("whole/*")) == [], "copies are gone when they are not needed"


def test_the_file_holds_the_lines_that_were_hashed_and_any_gzip_reads_it(data: Path) -> None:
    with Home(data) as home:
        rows = {row[0]: row for row in home.store.rows("SELECT * FROM events")}
        [archive] = archived(home).archives
        with gzip.open(home.store.archives / archive.file) as file:
            lines = file.read().splitlines()
    assert len(lines) == archive.events
    assert all(tuple(json.loads(line)) == rows[json.loads(line)[0]][:-1] for line in lines)


def test_only_games_that_rest_long_enough_are_moved(data: Path) -> None:
    with Home(data) as home:
        lasts = sorted(home.store.touched(f"game:{key}") for key in ended(home))

        dry = archived(home, lasts[3], dry=True)
        assert moving.archives(home.store) == []
        assert list(data.glob("archive/*.gz")) == []
        done = archived(home, lasts[3])

        assert [each._replace(time=0) for each in dry.archives] == [
            each._replace(time=0) for each in done.archives
        ]
        assert [each.games for each in done.archives] == [3]
        assert verify(home.store, AGGREGATES).findings == []


def test_where_it_is_enough_the_rest_waits_for_the_next_time(data: Path) -> None:
    with Home(data) as home:
        before, lasts = seen(home), sorted(home.store.touched(f"game:{key}") for key in ended(home))
        asked = iter([False, False])

        first = archived(home, enough=lambda: next(asked, True))

        assert ([each.games for each in first.archives], first.left) == ([2], len(lasts) - 2)
        month = datetime.fromtimestamp(lasts[1] / 1000, UTC).strftime("%Y-%m")
        assert first.archives[0].file == f"0001-{month}.jsonl.gz"
        assert seen(home) == before
        nothing = archived(home, enough=lambda: True)
        assert (nothing.archives, nothing.left) == ([], first.left)
        rest = archived(home)
        assert ([each.games for each in rest.archives], rest.left) == ([first.left], 0)
        assert seen(home) == before


def test_a_second_run_moves_what_has_ended_since_to_a_file_of_its_own(data: Path) -> None:
    with Home(data) as home, home.engine() as engine:
        [first] = archived(home).archives
        assert archived(home).archives == []
        playing = Playing(home, engine, 7, LONG_AGO + 10**10)
        playing.play("yahtzee")
        playing.play("tictactoe")
        playing.ask("roll")
        before = seen(home)

        [second] = archived(home).archives

        assert (first.number, second.number, second.games) == (1, 2, 2)
        assert moving.archives(home.store) == [first, second]
        assert seen(home) == before


def test_nothing_about_an_archived_game_can_be_changed_and_it_can_be_looked_at(data: Path) -> None:
    with Home(data) as home, home.engine() as engine:
        playing = Playing(home, engine, 0, LONG_AGO + 10**10)
        game = playing.play("tictactoe")
        playing.ask("roll")
        assert playing.ask("void", game=game, reason="first").verdict == "accepted"
        playing.ask("roll")
        # It is moved by somebody else, while this engine has it in memory
        with Home(data) as other:
            archived(other)
        for command, options in (("rematch", {}), ("void", {"reason": "again"}), ("resign", {})):
            answer = playing.ask(command, game=game, **options)
            assert (answer.verdict, answer.code) == ("refused", "archived"), answer
            assert f"'milena replay {game}'" in answer.sentence
        assert playing.done("game show", game=game)["status"] == "ended"
        assert playing.ask("move", game=game, move="1").code == "archived"
        # nor can another game have its id, whoever writes it
        row = (f"game:{game}", 1, "game.opened", "{}", 0, "ann", "t/t", "c", None, None)
        with pytest.raises(Conflict, match="nothing is appended"), home.store.transaction() as transaction:
            transaction.append([row])
        assert verify(home.store, AGGREGATES).findings == []


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("DELETE FROM events WHERE position = 1", "events are never deleted"),
        ("DELETE FROM events", "events are never deleted"),
        ("UPDATE events SET payload = '{}'", "events are never changed"),
        ("DELETE FROM archived", "archived events are never deleted"),
        ("UPDATE archived SET hash = x'00'", "archived events are never changed"),
        ("DELETE FROM archives", "archives are never deleted"),
        ("UPDATE archives SET sha256 = x'00'", "archives are never changed"),
        ("DELETE FROM archived_games", "archived games are never deleted"),
        ("UPDATE archived_games SET start = 0", "archived games are never changed"),
        ("INSERT INTO archived VALUES (1, 1, x'00')", "only events of archived games"),
        (
            "INSERT INTO archived SELECT position, 1, hash FROM events LIMIT 1",
            "only events of archived games",
        ),
        ("INSERT INTO archived_games VALUES (99, 'member:a:b', 1, 1, 0, 1, x'00')", "only whole games"),
        (
            "INSERT INTO archived_games SELECT 99, stream, 1, 1, 0, 1, x'00' FROM events "
            "WHERE stream GLOB 'game:*' LIMIT 1",
            "only whole games",
        ),
        ("INSERT INTO archived_games VALUES (99, 'game:none', 0, 1, 0, 1, x'00')", "only whole games"),
    ],
)
def test_the_log_lets_nothing_go_that_is_not_archived(data: Path, sql: str, why: str) -> None:
    with Home(data) as home:
        archived(home)
    before = (data / "events.db").read_bytes()
    with sqlite3.connect(data / "events.db") as db, pytest.raises(sqlite3.IntegrityError, match=why):
        db.execute(sql)
    db.close()
    assert (data / "events.db").read_bytes() == before


def test_a_game_that_changes_while_its_file_is_written_stays(data: Path) -> None:
    with Home(data) as home:
        key = ended(home)[0]
        length = len(home.store.stream(f"game:{key}"))
        one = Packed("0001-2023-11.jsonl.gz", f"game:{key}", length - 1, 0, 100, b"x")
        with home.store.transaction() as transaction:
            entered = moving.register(transaction, Archive(1, one.file, 100, b"x", 1, 1, 0), [one])
        assert (entered.games, moving.archives(home.store)) == (0, [])


def test_a_game_that_is_not_what_was_written_stays_and_is_named(data: Path) -> None:
    with Home(data) as home:
        key = ended(home)[2]
    with sqlite3.connect(data / "events.db") as db:
        [(trigger,)] = db.execute("SELECT sql FROM sqlite_master WHERE name = 'events_are_never_changed'")
        db.execute("DROP TRIGGER events_are_never_changed")
        db.execute("UPDATE events SET time = time + 1 WHERE stream = ? AND version = 2", (f"game:{key}",))
        db.execute(trigger)
    db.close()
    with Home(data) as home:
        done = archived(home)
        [kept] = done.kept
        assert kept.game == key
        assert "its hash does not follow" in kept.reason
        assert f"game:{key}" in in_table(home)


def test_a_file_that_the_log_does_not_know_is_not_touched_and_named(data: Path) -> None:
    with Home(data) as home:
        (data / "archive").mkdir()
        stray = data / "archive" / "0004-2023-12.jsonl.gz"
        stray.write_bytes(b"of a later state of this log")
        [archive] = archived(home).archives
        assert archive.number == 5
        assert strays(home.store) == [stray]
    shutil.rmtree(data / "archive")


def test_the_game_that_has_the_last_event_waits_for_another(data: Path) -> None:
    with Home(data) as home, home.engine() as engine:
        playing = Playing(home, engine, 0, LONG_AGO + 10**10)
        game = playing.play("2048", 1)
        playing.done("void", game=game, reason="a slip")
        assert home.store.last(f"game:{game}") == home.store.at(home.store.head().position)
        archived(home)
        assert f"game:{game}" in in_table(home)
        playing.ask("roll")
        assert archived(home).archives[0].games == 1


def test_nothing_leaves_the_log_for_a_file_that_is_not_what_was_written(data: Path) -> None:
    # Given a move that was cut short when its file was in its place, and nothing had gone
    with Home(data) as home:
        shutil.copytree(data, data.parent / "before")
        [archive] = archived(home).archives
        packed = moving.archived_games(home.store, 1)
        content = (data / "archive" / archive.file).read_bytes()
    data = data.parent / "before"
    with Home(data) as home:
        with home.store.transaction() as transaction:
            assert moving.register(transaction, archive, packed).games == archive.games
        file = data / "archive" / archive.file
        file.parent.mkdir()
        for wrong in (b"", content[:-1] + b"x"):
            file.write_bytes(wrong)
            with pytest.raises(Damaged, match=archive.file):
                archived(home)
        file.unlink()
        with pytest.raises(Damaged, match=archive.file):
            archived(home)
        assert home.store.rows("SELECT 1 FROM archived") == []
        assert verify(home.store, AGGREGATES).findings == []
        # When it is the right one again, the rest is done
        file.write_bytes(content)
        assert archived(home).archives == []
        assert len(home.store.rows("SELECT 1 FROM archived")) == archive.events
        assert verify(home.store, AGGREGATES).findings == []


def test_a_game_that_is_too_long_to_be_read_again_stays(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Home(data) as home:
        monkeypatch.setattr("milena.store.archive.LONGEST", 3000)
        done = archived(home)
        assert {each.reason for each in done.kept} == {"it is too long for an archive."}
        assert {f"game:{each.game}" for each in done.kept} <= in_table(home)
        assert done.archives[0].games + len(done.kept) == len(ended(home))
        assert [each.trouble for each in check(home.store, GAMES)] == [""]
