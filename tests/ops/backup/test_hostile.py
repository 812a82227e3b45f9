"""What is no sound backup is refused with the reason, and changes nothing: whoever made it, however."""

import gzip
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from archives import Parts, described, parts_of, tarred, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playing_on import Played, tree

from milena import __version__
from milena.home import Home
from milena.ops.backup import Backup, make, name_of, restore
from milena.store import Damaged, StoreError, Unavailable
from milena.store.formats import statements
from milena.store.schema import MIGRATIONS


@pytest.fixture(scope="module")
def parts(made: Backup) -> Parts:
    return parts_of(made.path)


def refused(path: Path, folder: Path) -> str:
    """Why a backup is not restored: neither where nothing is, nor in a rehearsal, nor where something is."""
    there = folder / "there"
    Home(there).close()
    before = tree(folder)
    said = set()
    for home, dry in ((folder / "new", False), (folder / "new", True), (there, False), (there, True)):
        with pytest.raises(StoreError) as caught:
            restore(path, home, dry=dry)
        said.add(str(caught.value))
    assert tree(folder) == before
    [one] = said
    return one


def edited(data: bytes, folder: Path, *statements: str) -> bytes:
    """An SQLite file after ``statements`` of SQL."""
    file = folder / "edited.db"
    file.write_bytes(data)
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE").fetchone()
        for statement in statements:
            db.execute(statement)
    result = file.read_bytes()
    file.unlink()
    return result


TRIGGERS = ("events_are_never_changed", "events_are_never_deleted")
OPEN = tuple(f"DROP TRIGGER {name}" for name in TRIGGERS)
CLOSE = tuple(
    next(each for each in reversed(statements("".join(MIGRATIONS))) if f"CREATE TRIGGER {name}" in each)
    for name in TRIGGERS
)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        ((*OPEN, "UPDATE events SET player = 'me' WHERE position = 5", *CLOSE), "position 5 was changed"),
        ((*OPEN, "DELETE FROM events WHERE position = 5", *CLOSE), "position 5 is missing"),
        ((*OPEN, "DELETE FROM events WHERE position > 5", *CLOSE), "its log ends at position 5"),
        (OPEN, "other tables, indexes or triggers"),
        (("CREATE INDEX more ON events (player)",), "other tables, indexes or triggers"),
        (("CREATE VIEW more AS SELECT 1",), "other tables, indexes or triggers"),
        (("DROP INDEX events_streams",), "other tables, indexes or triggers"),
        (
            ("CREATE TRIGGER more AFTER INSERT ON snapshots BEGIN DELETE FROM snapshots; END",),
            "other tables, indexes or triggers",
        ),
        (("PRAGMA application_id = 7",), "is not Milena's log"),
        (("PRAGMA user_version = 99",), "its events.db has format 99, and this release knows "),
    ],
)
def test_a_log_that_was_edited(
    parts: Parts, tmp_path: Path, statements: tuple[str, ...], reason: str
) -> None:
    # Given somebody who edits the log, and makes the manifest fit
    log = edited(parts["events.db"], tmp_path, *statements)
    path = write(tmp_path / "edited.tar.gz", tarred(described({**parts, "events.db": log})))

    assert reason in refused(path, tmp_path)


def test_a_log_that_is_shorter_with_a_manifest_that_says_so(parts: Parts, tmp_path: Path) -> None:
    log = edited(parts["events.db"], tmp_path, *OPEN, "DELETE FROM events WHERE position > 5", *CLOSE)
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(log)
        (hash,) = db.execute("SELECT hash FROM events WHERE position = 5").fetchone()
        (games,) = db.execute(
            "SELECT count(*) FROM events WHERE version = 1 AND stream LIKE 'game:%'"
        ).fetchone()
    shorter = described({**parts, "events.db": log}, position=5, hash=hash.hex(), games=games)
    path = write(tmp_path / "shorter.tar.gz", tarred(shorter))

    assert "does not end where its vault signed that it does" in refused(path, tmp_path)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (("CREATE TRIGGER more AFTER INSERT ON players BEGIN SELECT 1; END",), "triggers or views"),
        (("UPDATE secrets SET value = zeroblob(32)",), "was not signed by this vault"),
        (("DELETE FROM secrets",), "has lost its secret"),
        (("DELETE FROM players",), "other games or players"),
        (("PRAGMA application_id = 7",), "is not a vault of Milena's"),
    ],
)
def test_a_vault_that_was_edited(
    parts: Parts, tmp_path: Path, statements: tuple[str, ...], reason: str
) -> None:
    vault = edited(parts["vault.db"], tmp_path, *statements)
    path = write(tmp_path / "edited.tar.gz", tarred(described({**parts, "vault.db": vault})))

    assert reason in refused(path, tmp_path)


@pytest.mark.parametrize("name", ["events.db", "vault.db"])
def test_pages_that_are_garbage(parts: Parts, tmp_path: Path, name: str) -> None:
    data = parts[name][:4096] + os.urandom(len(parts[name]) - 4096)
    path = write(tmp_path / "garbage.tar.gz", tarred(described({**parts, name: data})))

    assert "is no sound backup" in refused(path, tmp_path)


def test_one_part_that_is_not_what_the_manifest_says(parts: Parts, tmp_path: Path) -> None:
    path = write(tmp_path / "edited.tar.gz", tarred({**parts, "milena.toml": b"[engine]\nqueue = 78\n"}))

    assert "its milena.toml was changed: it has another SHA-256" in refused(path, tmp_path)


def linked(member: tarfile.TarInfo) -> None:
    if member.name == "events.db":
        member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/passwd", 0


def device(member: tarfile.TarInfo) -> None:
    if member.name == "vault.db":
        member.type, member.size = tarfile.CHRTYPE, 0


def climbing(member: tarfile.TarInfo) -> None:
    if member.name == "head.json":
        member.name = "../../head.json"


def absolute(member: tarfile.TarInfo) -> None:
    if member.name == "milena.toml":
        member.name = "/tmp/milena.toml"


def folded(member: tarfile.TarInfo) -> None:
    if member.name == "milena.toml":
        member.type, member.size = tarfile.DIRTYPE, 0


@pytest.mark.parametrize("change", [linked, device, climbing, absolute, folded])
def test_a_file_that_is_none_or_would_be_somewhere_else(
    parts: Parts, tmp_path: Path, change: Callable[[tarfile.TarInfo], None]
) -> None:
    path = write(tmp_path / "hostile.tar.gz", tarred(parts, change))

    assert "where the file" in refused(path, tmp_path)


def without(parts: Parts, name: str) -> Parts:
    return {each: data for each, data in parts.items() if each != name}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda parts: without(parts, "manifest.json"), "'events.db' where the file manifest.json"),
        (lambda parts: without(parts, "milena.toml"), "its milena.toml is missing"),
        (lambda parts: without(parts, "vault.db"), "'head.json' where the file vault.db"),
        (lambda parts: described(without(parts, "vault.db")), "names other files"),
        (lambda parts: described(parts | {"passwd": b""}), "names other files"),
        (lambda parts: parts | {"passwd": b""}, "more files than its manifest says"),
        (lambda parts: parts | {"manifest.json": b"{}"}, "manifest is not what Milena writes"),
        (lambda parts: parts | {"manifest.json": b"\xff" * 99}, "manifest is not what Milena writes"),
        (lambda parts: parts | {"manifest.json": b" " * 70_000}, "its manifest.json has another size"),
        (
            lambda parts: described(parts, format=2),
            f"made by a newer Milena, {__version__} (format 2, this one knows 1)",
        ),
        (lambda parts: described(parts, installation="0" * 16), "another installation than its manifest"),
        (lambda parts: {}, "no sound backup"),
    ],
)
def test_other_files_than_those_of_a_backup(
    parts: Parts, tmp_path: Path, change: Callable[[Parts], Parts], reason: str
) -> None:
    path = write(tmp_path / "other.tar.gz", tarred(change(parts)))

    assert reason in refused(path, tmp_path)


@pytest.mark.parametrize(
    ("name", "size", "reason"),
    [
        ("milena.toml", 2 << 20, "would have 2097152 bytes, and 1048576 are allowed"),
        ("events.db", 1 << 40, "would have 1099511627776 bytes"),
    ],
)
def test_what_would_be_too_large_is_not_even_begun(
    parts: Parts, tmp_path: Path, name: str, size: int, reason: str
) -> None:
    path = write(tmp_path / "huge.tar.gz", tarred(resized(parts, name, size)))

    assert reason in refused(path, tmp_path)


def test_what_does_not_fit_on_the_disk_is_not_even_begun(parts: Parts, tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    path = write(tmp_path / "huge.tar.gz", tarred(resized(parts, "events.db", min(free, 64 << 30))))

    with pytest.raises(StoreError) as caught:
        restore(path, tmp_path / "new")

    # a disk that could hold as much as is allowed hears of it later: the file is not as large as that
    assert ("has another size" if free > (64 << 30) + (32 << 20) else "it needs ") in str(caught.value)
    assert not (tmp_path / "new").exists()


def resized(parts: Parts, name: str, size: int) -> Parts:
    """The manifest says that a part is of this size."""
    manifest = msgspec.json.decode(parts["manifest.json"])
    manifest["parts"][name]["size"] = size
    return parts | {"manifest.json": msgspec.json.encode(manifest)}


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K"], ids=["pax", "global", "long name", "long link"])
def test_a_header_that_would_be_read_into_memory(tmp_path: Path, kind: bytes) -> None:
    # Given the header of a name, or of attributes, that is 200 MB long
    member = tarfile.TarInfo("manifest.json")
    member.type, member.size = kind, 200 << 20
    bomb = gzip.compress(member.tobuf(tarfile.GNU_FORMAT), 1) + gzip.compress(bytes(1 << 20), 1) * 200
    path = tmp_path / "bomb.tar.gz"
    path.write_bytes(bomb)

    assert "headers that no backup has" in refused(path, tmp_path)


@pytest.mark.parametrize("tail", [b"more", gzip.compress(bytes(1 << 20))], ids=["text", "gzip"])
def test_something_behind_its_end(made: Backup, tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "longer.tar.gz"
    path.write_bytes(made.path.read_bytes() + tail)

    assert "is no sound backup" in refused(path, tmp_path)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_that_was_cut_off_or_has_a_wrong_byte(made: Backup, tmp_path: Path, data: st.DataObject) -> None:
    whole = made.path.read_bytes()
    at = data.draw(st.integers(10, len(whole) - 1))  # the first bytes of gzip hold a time, which says nothing
    cut = data.draw(st.booleans())
    path = tmp_path / "damaged.tar.gz"
    wrong = whole[at] ^ data.draw(st.integers(1, 255))
    path.write_bytes(whole[:at] if cut else whole[:at] + bytes([wrong]) + whole[at + 1 :])

    with pytest.raises(Damaged, match="is no sound backup"):
        restore(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("garbage", [b"", b"\x1f\x8b", b"x" * 5000, gzip.compress(b"x" * 5000, mtime=0)])
def test_what_is_no_archive_at_all(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "garbage.tar.gz"
    path.write_bytes(garbage)

    assert "is no sound backup" in refused(path, tmp_path)


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path, reason in ((tmp_path / "none", "There is no file"), (tmp_path / "fifo", "is not a file")):
        with pytest.raises(Unavailable, match=reason):
            restore(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_backup_of_another_installation_takes_nobody_s_place(
    made: Backup, original: Played, tmp_path: Path
) -> None:
    # Given a data directory of one's own, and the sound backup of somebody else's
    with Home(tmp_path / "data") as home:
        home.vault.player("terminal", "cyd")
    before = tree(tmp_path)

    for dry in (False, True):
        with pytest.raises(Unavailable, match="a backup of another installation than that in"):
            restore(made.path, tmp_path / "data", dry=dry)

    assert tree(tmp_path) == before
    own = make(tmp_path / "data", tmp_path / name_of(0))
    restore(own.path, tmp_path / "data")
