"""A small log that says what it is told, and small read models of it.

``tally`` counts calls by SQL, and has their words in full-text tables; ``diary`` writes down by a handler
which events came, and in which order: one that was missed, came twice or too early is seen at once.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from milena.aggregates import AGGREGATES
from milena.home import Home
from milena.readside import Log, Model, People, ReadSide
from milena.readside.file import ModelFile
from milena.readside.model import Folding
from milena.readside.own import make
from milena.readside.question import parse
from milena.readside.shelf import Shelf
from milena.store import Envelope

SCHEMA = (
    """CREATE TABLE calls (
        position INTEGER PRIMARY KEY, guild TEXT NOT NULL, player TEXT NOT NULL, command TEXT NOT NULL
    ) STRICT;""",
    """CREATE TABLE counts (
        guild TEXT NOT NULL, player TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (guild, player)
    ) STRICT, WITHOUT ROWID;""",
    "CREATE TABLE unscoped (position INTEGER PRIMARY KEY, secret TEXT NOT NULL) STRICT;",
    "CREATE VIRTUAL TABLE words USING fts5 (text, content = '');",
    "CREATE VIRTUAL TABLE own_words USING fts5 (text, guild UNINDEXED);",
    "CREATE VIRTUAL TABLE calls_words USING fts5 (command, content = 'calls', content_rowid = 'position');",
)
FOLD = (
    """INSERT INTO main.calls
    SELECT position, substr(place, 1, instr(place, '/') - 1), player, payload ->> '$.command' FROM batch
    WHERE tag = 'command.invoked';""",
    """INSERT INTO main.counts
    SELECT substr(place, 1, instr(place, '/') - 1) AS guild, player, count(*) FROM batch
    WHERE tag = 'command.invoked' GROUP BY guild, player
    ON CONFLICT DO UPDATE SET number = number + excluded.number;""",
    "INSERT INTO main.unscoped SELECT position, 'secret of ' || place FROM batch;",
    "INSERT INTO main.words (rowid, text) SELECT position, payload ->> '$.command' FROM batch;",
    """INSERT INTO main.own_words (rowid, text, guild)
    SELECT position, payload ->> '$.command', substr(place, 1, instr(place, '/') - 1) FROM batch;""",
    "INSERT INTO main.calls_words (rowid, command) SELECT position, payload ->> '$.command' FROM batch;",
)
DIARY = ("CREATE TABLE diary (nth INTEGER PRIMARY KEY AUTOINCREMENT, position INTEGER NOT NULL) STRICT;",)


def tally(name: str = "tally", **changes: Any) -> Model:
    """The read model that counts; ``questions``: their texts, by name."""
    questions = {key: parse(name, key, text) for key, text in changes.pop("questions", {}).items()}
    fields: dict[str, Any] = {
        "name": name, "title": name.title(), "about": "", "version": 1, "schema": SCHEMA, "fold": FOLD,
        "tags": frozenset({"command.invoked"}), "questions": questions,
    }  # fmt: skip
    return Model(**fields | changes)


def write_down(folding: Folding, event: Envelope) -> None:
    folding.db.execute("INSERT INTO main.diary (position) VALUES (?)", (event.position,))


def diary(
    name: str = "diary", handler: Callable[[Folding, Envelope], None] = write_down, **changes: Any
) -> Model:
    """The read model that writes down what came."""
    fields: dict[str, Any] = {
        "name": name, "title": name.title(), "about": "", "version": 1, "schema": DIARY,
        "handlers": {"command.invoked": handler}, "tags": frozenset({"command.invoked"}),
    }  # fmt: skip
    return Model(**fields | changes)


class Poisonous:
    """A handler that can't take in some positions, until it is mended."""

    def __init__(self, *positions: int) -> None:
        self.positions = set(positions)
        self.tried: list[int] = []

    def __call__(self, folding: Folding, event: Envelope) -> None:
        if event.position in self.positions:
            self.tried.append(event.position)
            raise KeyError("sæt")
        write_down(folding, event)


class Writing:
    """Writes to a log, and knows what is in it."""

    def __init__(self, home: Home, first: int = 1) -> None:
        self.home = home
        self._number = count(first)
        self._versions: dict[str, int] = {}

    @property
    def log(self) -> Log:
        return Log(self.home.store, AGGREGATES)

    @property
    def head(self) -> int:
        return self.home.store.head().position

    def call(
        self, *commands: str, guild: str = "g1", player: str = "ann", tag: str = "command.invoked"
    ) -> int:
        """These commands are called, one after the other; returns the last position."""
        return self._append([self._row(command, guild, player, tag) for command in commands])

    def calls(
        self, number: int, guilds: Sequence[str] = ("g1", "g2"), players: Sequence[str] = ("ann", "bob")
    ) -> int:
        """Many calls, by everybody everywhere in turns."""
        return self._append(
            [
                self._row(f"word{n % 7}", guilds[n % len(guilds)], players[n % 3 % len(players)])
                for n in range(number)
            ]
        )

    def _row(self, command: str, guild: str, player: str, tag: str = "command.invoked") -> tuple[Any, ...]:
        stream = f"member:{guild}:{player}"
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        invocation = f"i{next(self._number)}" if tag == "command.invoked" else None
        payload = msgspec.json.encode({"command": command, "options": {}, "verdict": "accepted"}).decode()
        return (stream, version, tag, payload, 0, player, f"{guild}/main", "c", None, invocation)

    def _append(self, rows: list[tuple[Any, ...]]) -> int:
        with self.home.store.transaction() as transaction:
            transaction.append(rows)
        return self.head


class Folder:
    """A folder for read models, without an installation around it."""

    def __init__(self, directory: Path, log: Log) -> None:
        self.directory = directory
        self.log = log

    def readside(self, *models: Model) -> ReadSide:
        return ReadSide(self.directory, self.log, {model.name: model for model in models}, People())

    def shelf(self, model: Model) -> Shelf:
        return Shelf(self.directory, model.name)

    def file(self, model: Model, **options: Any) -> ModelFile:
        """A file of its own, not on a shelf."""
        self.directory.mkdir(exist_ok=True)
        path = self.directory / f"{model.name}.alone"
        if not path.exists():
            make(path, model)
        return ModelFile(path, model, self.log, **options)


def written(db: Any) -> list[int]:
    """The positions in a diary, in the order in which they came."""
    return [row[0] for row in db.execute("SELECT position FROM main.diary ORDER BY nth")]


def cut(file: ModelFile, cuts: Iterable[int], head: int) -> None:
    """Take in the log in batches that end at these positions."""
    for end in sorted({*(each for each in cuts if each < head), head}):
        while file.position < end and file.advance(end):
            pass
