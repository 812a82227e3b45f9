"""Whether an installation is well: checks that look and never touch.

Nothing is made, changed or upgraded: not the data directory, not its files, nor the files that SQLite
puts beside them when it opens a log for writing.
"""

import os
import platform
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from msgspec import Struct

from milena.store import StoreError, archive, copying, heads, schema, sqlite, vault
from milena.store.envelope import FIELDS, GENESIS, envelope, expected_hash
from milena.store.errors import Damaged
from milena.store.formats import Format, look, stamp

Finding = Literal["ok", "note", "problem", "damaged"]
"""``note``: worth to know, and no reason to act at once."""

OLDEST_SQLITE = (3, 38, 0)
"""The first with the ``->>`` operator."""
LARGEST_WAL = 160_000_000
"""Bytes; it is emptied, and used again, at a quarter of that."""
VERSIONS_AT, WAL_MODE = 18, b"\x02\x02"
"""Where an SQLite file says by which kind of journal it is kept: https://sqlite.org/fileformat.html"""
SYNCHRONOUS = ("off", "normal", "full", "extra")


class Check(Struct, frozen=True):
    """What was looked at, what was found, and what to do about it (empty where all is well)."""

    name: str
    found: str
    finding: Finding = "ok"
    remedy: str = ""


def check_versions() -> Iterator[Check]:
    """The versions of what Milena is and of what she runs on."""
    yield Check("Milena", version("milena"))
    yield Check("Python", platform.python_version())
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        remedy = f"use a Python that comes with SQLite {oldest} or newer"
        yield Check("SQLite", sqlite3.sqlite_version, "problem", remedy)
    else:
        yield Check("SQLite", sqlite3.sqlite_version)
    for package in ("eventsourcing", "msgspec"):
        yield Check(package, version(package))


def check_configuration(load: Callable[[], Mapping[str, str]], bad: type[Exception]) -> Iterator[Check]:
    """``load`` reads the configuration, and raises ``bad`` where it is; it returns those variables that win
    over a line of the file, by what they set."""
    try:
        won = load()
    except bad as error:
        yield Check("configuration", str(error), "problem", "correct it; 'milena config check' tells all")
    else:
        told = ", ".join(f"{variable} wins over {name}" for name, variable in won.items())
        if told:
            remedy = "remove the variable, or the line of the file; 'milena config show' tells what holds"
            yield Check("configuration", f"good; {told} in the file", "note", remedy)
        else:
            yield Check("configuration", "good")


def check_games(names: Iterable[str], load: Callable[[str], object], bad: type[Exception]) -> Iterator[Check]:
    """The games; ``load`` raises ``bad`` for one that can't be used."""
    good = []
    for name in names:
        try:
            load(name)
        except bad as error:
            yield Check(f"game {name}", str(error), "problem", "upgrade or uninstall that package")
        else:
            good.append(name)
    yield Check("games", f"{len(good)}: {', '.join(good)}")


def check_commands(names: Iterable[str], broken: Mapping[str, str]) -> Iterator[Check]:
    """The commands; ``broken``: what is wrong with those of packages that can't be used."""
    for name, wrong in broken.items():
        yield Check(f"command {name}", wrong, "problem", "upgrade or uninstall that package")
    yield Check("commands", f"{len(list(names))}")


def check_log(file: Path) -> Iterator[Check]:
    """The log: what it is, how it is kept, and where it ends."""
    if not os.path.exists(file) or not file.stat().st_size:
        if os.path.exists(file.with_name(heads.NAME)):
            yield Check("log", f"{file} is missing", "damaged", "put it back, or restore a backup")
        else:
            yield Check("log", "none yet")
        return
    try:
        with sqlite.explained(str(file)), closing(look(file)) as log:
            yield from _log(file, log)
    except StoreError as error:
        yield _unusable("log", error)


def _log(file: Path, log: sqlite3.Connection) -> Iterator[Check]:
    yield (check := _format("log", file, log, schema.format()))
    if check.finding != "ok":
        return
    yield _durability(file)
    yield _wal(file.with_name(f"{file.name}-wal"))
    yield _head(log)


def _wal(file: Path) -> Check:
    if not file.exists():
        return Check("WAL", "none: nobody uses the log now")
    size = file.stat().st_size
    if size <= LARGEST_WAL:
        return Check("WAL", size_of(size))
    remedy = (
        "somebody reads the log and never ends, so that it can't be emptied: 'fuser -v' on that file names "
        "who has it; end that program, or start Milena anew"
    )
    return Check("WAL", f"{file} has grown to {size_of(size)}", "problem", remedy)


def _format(name: str, file: Path, db: sqlite3.Connection, format: Format) -> Check:
    """Whose the file is, and of which release."""
    application, version, _ = stamp(db)
    if application != format.application:
        return Check(name, f"{file} is not {format.what}", "damaged", "choose another --data")
    if version > format.version:
        return Check(name, f"{file}: format {version}, of a newer Milena", "problem", "upgrade Milena")
    note = "" if version == format.version else f", becomes {format.version}: see 'milena upgrade --dry-run'"
    return Check(name, f"{file}: format {version}{note}, application id {application:#x}")


def _durability(file: Path) -> Check:
    """The journal is a property of the file, how hard SQLite waits for the disk one of a connection."""
    with file.open("rb") as header, closing(sqlite.connect("file::memory:")) as ours:
        header.seek(VERSIONS_AT)
        journal = "wal" if header.read(2) == WAL_MODE else "rollback"
        synchronous = SYNCHRONOUS[_pragma(ours, "synchronous")]
    found = f"journal {journal}, synchronous {synchronous}"
    if (journal, synchronous) == ("wal", "full"):
        return Check("durability", found)
    return Check("durability", found, "problem", "use the log once: 'milena games' sets it right")


def _head(log: sqlite3.Connection) -> Check:
    """Whether the last event follows from the one before; 'milena verify' looks at all."""
    columns = ", ".join(FIELDS)
    newest = log.execute(f"SELECT {columns} FROM events ORDER BY position DESC LIMIT 1").fetchone()  # noqa: S608
    if newest is None:
        return Check("chain head", "position 0: no events yet")
    last = envelope(newest)
    before = _hash(log, "events", last.position - 1) or _hash(log, "archived", last.position - 1)
    found = f"position {last.position}, {last.hash.hex()[:16]}"
    if last.hash == expected_hash(before or GENESIS, last):
        return Check("chain head", found)
    return Check("chain head", f"{found} does not follow", "damaged", "run 'milena verify'")


def _hash(log: sqlite3.Connection, table: str, position: int) -> bytes | None:
    if not log.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
        return None  # an older log has no archives
    row = log.execute(f"SELECT hash FROM {table} WHERE position = ?", (position,)).fetchone()  # noqa: S608
    return row[0] if row else None


def check_archives(log: Path) -> Iterator[Check]:
    """The archives that the log names: each is there, and the file that was written."""
    if not os.path.exists(log):
        return
    try:
        with sqlite.explained(str(log)), closing(look(log)) as db:
            found = copying.archives_of(db)
    except StoreError:  # which is told of the log
        return
    sound = True
    for each in found:
        try:
            archive.check_sum(log.with_name(archive.FOLDER), each)
        except Damaged as error:
            finding: Finding = "problem" if isinstance(error, archive.Missing) else "damaged"
            sound = False
            yield Check(f"archive {each.number}", str(error), finding)
    if sound:
        games = sum(each.games for each in found)
        yield Check("archives", f"{len(found)}, {games} game{'s' * (games != 1)}" if found else "none")


def check_vault(file: Path, log: Path) -> Iterator[Check]:
    """The identity vault, which must be there when the log is."""
    if not os.path.exists(file):
        if os.path.exists(log):
            remedy = "restore it from a backup: it holds the names, and the seeds of the open games"
            yield Check("vault", f"{file} is missing", "damaged", remedy)
        else:
            yield Check("vault", "none yet")
        return
    try:
        with sqlite.explained(str(file)), closing(look(file)) as db:
            check = _format("vault", file, db, vault.format())
            if check.finding != "ok":
                yield check
                return
            players, secrets = (
                db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in ("players", "secrets")
            )
            if not secrets:
                raise Damaged(f"{file} has lost its secret")
    except StoreError as error:
        yield _unusable("vault", error)
    else:
        yield Check("vault", f"{check.found}, {players} player{'s' * (players != 1)}")
        yield rights("vault rights", file, 0o600)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def rights(name: str, path: Path, wanted: int) -> Check:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~wanted & 0o777:
        return Check(name, f"{path}: {mode:04o}, others can look in", "problem", f"chmod {wanted:o} {path}")
    return Check(name, f"{path}: {mode:04o}")


def _unusable(name: str, error: StoreError) -> Check:
    if isinstance(error, Damaged):
        return Check(name, str(error), "damaged", "restore a backup")
    return Check(name, str(error), "problem", "set that right, then look again")


def size_of(count: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count //= 1000
    return f"{count} GB"
