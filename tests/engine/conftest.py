"""What the tests of the engine share: engines with commands of their own, batches, and a look at the log."""

import asyncio
import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from milena.aggregates import AGGREGATES
from milena.commands import commands
from milena.domain.command import Command, Invocation
from milena.engine import Answer, Engine
from milena.home import Home
from milena.ops.config import EngineLimits
from milena.store import Head

Row = dict[str, Any]


@pytest.fixture
def make_engine(home: Home) -> Callable[..., Engine]:
    """``make_engine(command, ..., queue=2)``: an engine, not started, that knows these commands too."""

    def make(*more: Command, on_commit: Callable[[Head], None] | None = None, **limits: int) -> Engine:
        known = commands() | {command.name: command for command in more}
        return Engine(home.store, AGGREGATES, known, EngineLimits(**limits), on_commit)

    return make


@pytest.fixture(scope="session")
def in_one_batch() -> Callable[[Engine, Sequence[Invocation]], list[Answer]]:
    """Let an engine that was not started yet find all of these in its queue when it starts."""

    async def execute(engine: Engine, invocations: Sequence[Invocation]) -> list[Answer]:
        tasks = [asyncio.ensure_future(engine.execute(invocation)) for invocation in invocations]
        while engine.waiting < len(tasks):
            await asyncio.sleep(0)
        with engine:
            return await asyncio.gather(*tasks)

    return lambda engine, invocations: asyncio.run(execute(engine, invocations))


@pytest.fixture
def rows(home: Home) -> Callable[..., list[Row]]:
    """All rows of the log, or those of one correlation, as a connection of nobody else's sees them."""

    def read(correlation: str | None = None) -> list[Row]:
        return list(_rows(home.path / "events.db", correlation))

    return read


def _rows(path: Path, correlation: str | None = None) -> Iterator[Row]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        for row in connection.execute("SELECT * FROM events ORDER BY position"):
            if correlation is None or row["correlation"] == correlation:
                yield {**dict(row), "payload": json.loads(row["payload"])}


@pytest.fixture(scope="session")
def assert_whole() -> Callable[[Path], None]:
    """The log in a data directory has no gap, no repetition, and an unbroken chain."""
    return _assert_whole


def _assert_whole(directory: Path) -> None:
    with closing(sqlite3.connect(directory / "events.db")) as connection:
        found = connection.execute("SELECT * FROM events ORDER BY position").fetchall()
    assert [row[0] for row in found] == list(range(1, len(found) + 1))
    previous = bytes(32)
    versions: defaultdict[str, int] = defaultdict(int)
    for *fields, linked in found:
        line = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        previous = hashlib.sha256(previous + line.encode()).digest()
        assert linked == previous, f"the chain breaks at {fields[0]}"
        versions[fields[1]] += 1
        assert fields[2] == versions[fields[1]], f"{fields[1]} is not contiguous"
    _assert_whole_invocations(found)


def _assert_whole_invocations(found: Iterable[Sequence[Any]]) -> None:
    """Each ``command.invoked`` is followed at once by all that it caused."""
    cause = None
    for position, _, _, tag, _, _, _, _, _, causation, invocation, _ in found:
        assert (invocation is not None) == (tag == "command.invoked")
        if invocation is not None:
            cause = position
        else:
            assert causation == cause
