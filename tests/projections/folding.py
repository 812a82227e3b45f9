"""Folding a scenario's log into a read model, in batches of any size, and looking at the result."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st
from scenario import STORIES, Scenario

from milena.readside.asking import Asking, People
from milena.readside.file import ModelFile
from milena.readside.model import load
from milena.readside.own import make

Row = dict[str, Any]


class Folded(NamedTuple):
    """A read model that has taken in all of a scenario."""

    file: ModelFile
    scenario: Scenario

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """The rows of any statement, each as a dict."""
        cursor = self.file.db.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """All tables, as sorted rows; a full-text table as its words and where they stand."""
        tables = self.file.db.execute(
            "SELECT name, sql FROM main.sqlite_master WHERE type = 'table' AND name NOT IN (?, ?)",
            ("_readside", "_dead_letters"),
        ).fetchall()
        words = [name for name, sql in tables if sql.startswith("CREATE VIRTUAL")]
        dumped = {}
        for name, _ in tables:
            if name in words:
                self.file.db.execute(
                    f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, {name}, instance)"
                )
                rows = self.file.db.execute("SELECT * FROM temp.vocabulary").fetchall()
                self.file.db.execute("DROP TABLE temp.vocabulary")
            elif any(name.startswith(f"{text}_") for text in words):
                continue
            else:
                rows = self.file.db.execute(f'SELECT * FROM main."{name}"').fetchall()
            dumped[name] = sorted(rows, key=repr)
        return dumped

    def ask(self, question: str, guild: str | None = None, limit: int = 1000, **parameters: Any) -> list[Row]:
        """The rows of a named question, as a guild or an operator gets them."""
        model, vault = self.file.model, self.scenario.home.vault
        people = People(vault.name, lambda player: vault.source(player) == "machine")
        with Asking(self.file.path, model.name, guild, people) as asking:
            answered = asking.ask(model.questions[question], parameters, limit=limit)
        return [dict(zip(answered.columns, row, strict=True)) for row in answered.rows]


@contextmanager
def fold(
    scenario: Scenario, model: str, cuts: Iterable[int] = (), dropped: Iterable[int] = ()
) -> Iterator[Folded]:
    """``scenario`` folded into a read model, in batches that end at the positions ``cuts``, and without
    the events at the positions ``dropped``."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / f"{model}.db"
        make(path, load(model))
        with ModelFile(path, load(model), scenario.log, aside=True) as file:
            for position in dropped:
                file.leave_out(position)
            for cut in sorted({*(cut for cut in cuts if cut <= scenario.head), scenario.head}):
                while file.position < cut:
                    file.advance(cut)
            yield Folded(file, scenario)


def without(row: Mapping[str, Any], *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


# --------------------------------------------------------------------------------------- strategies

played = st.lists(st.tuples(st.sampled_from(sorted(STORIES)), st.integers(0, 29)), min_size=1, max_size=6)
"""Stories, each with a number that says where and by whom it is played."""
orders = st.integers(0, 2**32)
"""The order in which the stories go on."""
cuts = st.one_of(
    st.sets(st.integers(1, 150), max_size=12),
    st.integers(1, 7).map(lambda size: set(range(size, 400, size))),
)
"""Where batches end: anywhere, or after so many events each."""


@contextmanager
def playing(stories: list[tuple[str, int]], order: int) -> Iterator[Scenario]:
    """These stories, played in a data directory of their own."""
    with tempfile.TemporaryDirectory() as directory, Scenario(Path(directory) / "data") as scenario:
        scenario.play(stories, order)
        yield scenario
