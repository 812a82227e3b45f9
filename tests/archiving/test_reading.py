"""Archives that are missing, damaged, or a stranger's; and who reads all of a log."""

import gzip
import io
import os
import shutil
import sqlite3
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from long_ago import LONG_AGO, Playing, archived, models

sys.path.append(str(Path(__file__).parents[1] / "replay"))

from spoiling import hand_in

from milena.aggregates import AGGREGATES, GAMES
from milena.archiving import check
from milena.home import Home
from milena.privacy import document
from milena.readside.digest import digest
from milena.readside.disk import look
from milena.replay.export import export
from milena.replay.verify import verify, verify_stream
from milena.store import Damaged
from milena.store import archive as format
from milena.store.archive import Archive, Missing, Packed, read
from milena.store.moving import archived_games, archives
from milena.store.whole import whole


@pytest.fixture
def moved(data: Path) -> Path:
    """The file of the one archive of ``data``."""
    with Home(data) as home:
        [archive] = archived(home).archives
    return data / "archive" / archive.file


def test_one_that_is_missing_is_named_and_the_chain_goes_on_over_the_stubs(data: Path, moved: Path) -> None:
    moved.rename(data / "elsewhere")
    with Home(data) as home:
        report = verify(home.store, AGGREGATES)

        [finding] = report.findings
        assert (finding.level, moved.name in finding.sentence) == ("doubt", True)
        assert report.unread == report.archived == home.store.rows("SELECT count(*) FROM archived")[0][0]
        assert report.events == home.store.head().position
        # Who asks for a game of it is told the same
        [packed, *_] = archived_games(home.store, 1)
        for ask in (
            lambda: home.store.fold(GAMES, packed.stream.removeprefix("game:")),
            lambda: verify_stream(home.store, AGGREGATES, packed.stream),
            lambda: export(home.store, io.BytesIO()),
            lambda: home.readside().rebuild("leaderboard"),
        ):
            with pytest.raises(Missing, match=moved.name):
                ask()
        with home.engine() as engine:
            playing = Playing(home, engine, 0, LONG_AGO + 10**10)
            answer = playing.ask("game show", game=packed.stream.removeprefix("game:"))
            assert (answer.code, moved.name in answer.sentence) == ("archived", True)
            assert playing.ask("roll").verdict == "accepted"
        told = document(home.store, AGGREGATES, home.readside(), playing.people[0])
        assert [problem for problem in told["problems"] if moved.name in problem]
        assert [(each.missing, bool(each.trouble)) for each in check(home.store, GAMES)] == [(True, True)]
        (data / "elsewhere").rename(moved)
        assert verify(home.store, AGGREGATES).findings == []


def test_where_it_is_missing_what_stays_in_the_log_is_still_held_to_its_hash(data: Path, moved: Path) -> None:
    moved.unlink()
    with sqlite3.connect(data / "events.db") as db:
        [(trigger,)] = db.execute("SELECT sql FROM sqlite_master WHERE name = 'events_are_never_changed'")
        db.execute("DROP TRIGGER events_are_never_changed")
        [(position,)] = db.execute("SELECT position FROM events WHERE position > 40 LIMIT 1")
        db.execute("UPDATE events SET time = time + 1 WHERE position = ?", (position,))
        db.execute(trigger)
    db.close()
    with Home(data) as home:
        damage, doubt = verify(home.store, AGGREGATES).findings
        assert (damage.level, damage.position, doubt.level) == ("damage", position, "doubt")


@pytest.mark.parametrize("at", [0, 0.3, 0.99])
def test_a_changed_byte_is_damage_and_is_named(data: Path, moved: Path, at: float) -> None:
    content = bytearray(moved.read_bytes())
    content[int(at * len(content))] ^= 1
    moved.write_bytes(content)
    with Home(data) as home:
        report = verify(home.store, AGGREGATES)
        assert (report.level, moved.name in report.findings[0].sentence) == ("damage", True)
        assert 0 < report.unread < report.archived, "the other games of the file are read"
        [checked] = check(home.store, GAMES)
        assert (moved.name in checked.trouble, checked.missing) == (True, False)
        with pytest.raises(Damaged, match=moved.name):
            models(home)


def test_more_behind_the_end_of_a_file_is_found_by_its_sum(data: Path, moved: Path) -> None:
    with moved.open("ab") as file:
        file.write(gzip.compress(b'[1,"game:x",1,"game.opened","{}",0,"a","t","c",null,null]\n'))
    with Home(data) as home:
        assert [checked.archive.number for checked in check(home.store, GAMES) if checked.trouble] == [1]
        assert verify(home.store, AGGREGATES).level is None, "nobody looks for what the log does not name"


def test_the_file_of_another_archive_is_none(data: Path, moved: Path) -> None:
    moved.write_bytes(gzip.compress(b"[]\n"))
    with Home(data) as home:
        assert verify(home.store, AGGREGATES).level == "damage"


LINE = b'[1,"game:x",1,"game.opened","{}",0,"a","t","c",null,null]\n'


HOSTILE = {
    "a bomb": gzip.compress(b"\0" * (format.LONGEST + 1)),
    "cut off": gzip.compress(LINE)[:-4],
    "more behind it": gzip.compress(LINE) + b"more",
    "two members": gzip.compress(LINE) * 2,
    "another stream": gzip.compress(LINE.replace(b'"game:x"', b'"member:x"')),
    "another version": gzip.compress(LINE.replace(b",1,", b",2,")),
    "more events": gzip.compress(LINE * 2),
    "deep": gzip.compress(b"[" * 100_000),
    "an object": gzip.compress(b"{}\n"),
    "no text": gzip.compress(b"\xff\n"),
    "no gzip": b"no gzip at all",
    "nothing": b"",
}


@pytest.mark.parametrize("part", HOSTILE.values(), ids=HOSTILE)
def test_a_strangers_file_is_refused_whatever_its_log_says_of_it(tmp_path: Path, part: bytes) -> None:
    (tmp_path / "0001-2026-03.jsonl.gz").write_bytes(part)
    sound = Packed("0001-2026-03.jsonl.gz", "game:x", 1, 0, len(part), sha256(part).digest())
    with pytest.raises(Damaged, match="0001-2026-03"):
        read(tmp_path, sound)


def test_what_the_log_has_another_sum_of_is_not_unpacked(tmp_path: Path) -> None:
    part = gzip.compress(LINE)
    (tmp_path / "0001-2026-03.jsonl.gz").write_bytes(part)
    sound = Packed("0001-2026-03.jsonl.gz", "game:x", 1, 0, len(part), sha256(part).digest())
    assert [row[1] for row in read(tmp_path, sound)] == ["game:x"]
    with pytest.raises(Damaged, match="is not what was written"):
        read(tmp_path, sound._replace(sha256=sha256(LINE).digest()))


def test_a_file_that_was_forged_with_sums_in_the_log_that_fit_breaks_the_chain(
    data: Path, moved: Path
) -> None:
    with Home(data) as home:
        [packed, *_] = archived_games(home.store, 1)
        number = home.store.rows("SELECT position FROM archived ORDER BY position LIMIT 1")[0][0]
    content = moved.read_bytes()
    lines = gzip.decompress(content[: packed.length])
    first = lines.replace(b",17000", b",17001", 1)
    forged = gzip.compress(first, 1)
    moved.write_bytes(content + forged)
    with hand_in(data) as db:
        db.execute(
            "UPDATE archived_games SET start = ?, length = ?, sha256 = ? WHERE stream = ?",
            (len(content), len(forged), sha256(forged).digest(), packed.stream),
        )
        whole_file = sha256(moved.read_bytes()).digest()
        db.execute("UPDATE archives SET size = ?, sha256 = ?", (len(content) + len(forged), whole_file))
    with Home(data) as home:
        [checked] = check(home.store, GAMES)
        assert f"position {number}: its hash does not follow" in checked.trouble
        [finding] = verify(home.store, AGGREGATES).findings
        assert (finding.level, finding.position) == ("damage", number)


@pytest.mark.parametrize(
    "name",
    ["../0001-2026-03.jsonl.gz", "/etc/passwd", "0001-2026-03.jsonl.gz\n", "x/0001-2026-03.jsonl.gz", ""],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "0001-2026-03.jsonl.gz").write_bytes(b"")
    with pytest.raises(Damaged, match="none is called that"):
        read(tmp_path / "archive", Packed(name, "game:x", 1, 0, 1, b""))
    with pytest.raises(Damaged, match="none is called that"):
        format.check_sum(tmp_path / "archive", Archive(1, name, 0, b"", 1, 1, 0))


@pytest.mark.parametrize("length", [0, -1, format.LONGEST + 1])
def test_a_length_that_no_game_has_is_refused_before_it_is_read(tmp_path: Path, length: int) -> None:
    (tmp_path / "0001-2026-03.jsonl.gz").write_bytes(b"x")
    with pytest.raises(Damaged):
        read(tmp_path, Packed("0001-2026-03.jsonl.gz", "game:x", 1, 0, length, b""))


# ------------------------------------------------------------------------------- all of a log


def test_a_read_model_that_has_not_seen_what_was_moved_is_made_anew(data: Path) -> None:
    with Home(data) as home:
        expected = models(home)
        shutil.rmtree(data / "projections")
        with home.engine() as engine:
            readside = home.readside()
            # Given models that have come half-way
            for name in readside.models:
                readside.catch_up([name])
                with sqlite3.connect((data / "projections" / f"{name}.db").resolve()) as db:
                    hash = home.store.hash(60)
                    db.execute("UPDATE _readside SET position = 60, hash = ?", (hash,))
                    for table in _tables(db):
                        db.execute(f"DELETE FROM {table}")
                db.close()
            # When games are moved that they know nothing of, and they are asked for the head
            archived(home)
            assert engine is not None
            readside.catch_up()
        # Then they hold what they would without
        for name in expected:
            with look(data / "projections" / f"{name}.db") as db:
                assert digest(db) == expected[name], name
            assert readside.check(name)


def _tables(db: sqlite3.Connection) -> list[str]:
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    hidden = ("_readside", "_dead_letters", "_sittings")
    return [name for (name,) in found if name not in hidden and not name.startswith(("sqlite", "words"))]


def test_a_copy_of_all_is_swept_away_where_its_process_was_killed(data: Path) -> None:
    with Home(data) as home:
        archived(home)
        left = data / "archive" / "whole" / "left"
        left.mkdir(parents=True)
        (left / "events.db").write_bytes(b"x")
        with whole(home.store) as log:
            assert not left.exists()
            with whole(home.store) as other:  # that of somebody who lives is not
                assert log.path.exists()
                assert other.path != log.path
        assert os.listdir(data / "archive" / "whole") == []


def test_what_was_not_archived_is_read_where_it_is(data: Path) -> None:
    with Home(data) as home, whole(home.store) as log:
        assert log is home.store
        assert archives(home.store) == []
    assert not (data / "archive").exists()


def test_there_has_to_be_room_for_a_copy(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Home(data) as home:
        archived(home)
        monkeypatch.setattr("milena.store.whole.SPARE", 1 << 60)
        report = verify(home.store, AGGREGATES)
        [finding] = report.findings
        assert (finding.level, "make room first" in finding.sentence) == ("doubt", True)
