"""Everything that lies in a data directory: what it is, its format, and what an upgrade does with it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from milena.ops import backup, errors_db, releases, status
from milena.ops.config import FILE as CONFIGURATION
from milena.ops.config import BadConfig
from milena.privacy.erasing import ERASED, HISTORY
from milena.readside import Model
from milena.readside.disk import look as look_at_model
from milena.readside.own import Spoilt, read_stamp
from milena.readside.shelf import Shelf
from milena.store import formats, heads, upgrading
from milena.store.archive import FOLDER as ARCHIVES

Action = Literal["nothing", "migrate", "rebuild", "too new", "wrong"]

READ_MODELS, LOGS, ERRORS = "projections", "logs", "errors.db"
BOARDS, SHARDS = "boards.json", "shards.lock"
WITHOUT = {
    ERASED: "who was erased",
    status.FILE: "what the running Milena uses",
    BOARDS: "how far boards are shown",
    SHARDS: "a lock, so that no shard is run by two processes",
    HISTORY: "what was typed in the shell",
    releases.FILE: "which releases were used",
    LOGS: "log files",
    ARCHIVES: "games that were moved out of the log, which says what is in them",
    backup.FOLDER: "backups: each says its own format",
}
"""What has no format that could change: text, one thing a line, or what may be lost."""


class Part(Struct, frozen=True):
    """A file, or a folder. ``format``: the one it has, ``known``: that of this release (None: there is none).
    ``note``: what it is; or what is wrong with it, and the remedy."""

    name: str
    format: int | None
    known: int | None
    action: Action
    note: str


def parts(home: Path, models: Iterable[Model], configure: Callable[[], object]) -> list[Part]:
    """What is there, and what ``milena upgrade`` would do with it. ``configure`` reads the configuration, and
    raises BadConfig."""
    return [
        *_store(home),
        *_note(home),
        *_configuration(home, configure),
        *_errors(home),
        *_read_models(home, models),
        *(
            Part(name, None, None, "nothing", what)
            for name, what in WITHOUT.items()
            if (home / name).exists()
        ),
    ]


def _store(home: Path) -> Iterator[Part]:
    there = upgrading.found(home)
    for name, format in upgrading.formats().items():
        if found := there.get(name):
            steps = f"{len(found.migrations)} step{'s' * (len(found.migrations) != 1)}"
            yield _numbered(home, name, found.version, found.known, format.what, steps)
        elif (home / name).exists():
            yield Part(
                name, None, format.version, "wrong", f"it is not {format.what}: 'milena doctor' says more"
            )


def _numbered(home: Path, name: str, format: int, known: int, what: str, steps: str = "") -> Part:
    if format > known:
        return Part(name, format, known, "too new", releases.remedy(home))
    if format < known:
        return Part(name, format, known, "migrate", steps)
    return Part(name, format, known, "nothing", what)


def _note(home: Path) -> Iterator[Part]:
    try:
        format = heads.format_of(home / heads.NAME)
    except FileNotFoundError:
        return
    except (OSError, msgspec.DecodeError):
        yield Part(heads.NAME, None, heads.FORMAT, "wrong", "it is no kept head: 'milena verify' says more")
    else:
        yield _numbered(home, heads.NAME, format, heads.FORMAT, "the signed head of the log")


def _configuration(home: Path, configure: Callable[[], object]) -> Iterator[Part]:
    if not (home / CONFIGURATION).exists():
        return
    try:
        configure()
    except BadConfig as error:
        yield Part(CONFIGURATION, None, None, "wrong", str(error))
    else:
        yield Part(CONFIGURATION, None, None, "nothing", "settings, all of them known")


def _errors(home: Path) -> Iterator[Part]:
    if not (home / ERRORS).exists():
        return
    try:
        with closing(formats.look(home / ERRORS)) as db:
            found = formats.stamp(db)
    except sqlite3.Error:
        yield Part(
            ERRORS, None, errors_db.VERSION, "wrong", "move it away: the next failure begins a new one"
        )
    else:
        yield _numbered(home, ERRORS, found.version, errors_db.VERSION, "what failed")


def _read_models(home: Path, models: Iterable[Model]) -> Iterator[Part]:
    for model in models:
        live = Shelf(home / READ_MODELS, model.name).live()
        if live is None:
            continue
        name, version = f"{READ_MODELS}/{live.name}", model.version
        try:
            with closing(look_at_model(live)) as db:
                stamp = read_stamp(db)
        except (sqlite3.Error, Spoilt):
            yield Part(name, None, version, "rebuild", "it is damaged, and made anew from the log")
            continue
        if stamp.version > version:
            why = (
                f"Milena {stamp.milena} made it: 'milena projections rebuild {model.name}' makes an older one"
            )
            yield Part(name, stamp.version, version, "too new", why)
        elif stamp.fingerprint != model.fingerprint:
            yield Part(name, stamp.version, version, "rebuild", "made anew from the log")
        else:
            yield Part(name, stamp.version, version, "nothing", "a read model")
