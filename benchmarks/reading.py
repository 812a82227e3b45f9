"""Reading back: the fold of a game and of a whole log, and loading behind a snapshot."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from benchmarks import scenario
from benchmarks.table import Row, ratio
from milena.aggregates import AGGREGATES, GAMES, MEMBERS
from milena.domain.ids import new_id
from milena.domain.member import CommandInvoked, key
from milena.engine import Engine
from milena.home import Home


def timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def bare_fold(database: sqlite3.Connection, stream: str) -> tuple[Any, int]:
    """Select, decode and evolve by hand, with nothing of Milena's store in between."""
    decoders = {cls.tag: msgspec.json.Decoder(cls).decode for each in AGGREGATES for cls in each.events}
    kind, _, name = stream.partition(":")
    aggregate = GAMES if kind == "game" else MEMBERS
    state: Any = aggregate.initial(name)
    rows = database.execute(
        "SELECT tag, payload FROM events WHERE stream = ? ORDER BY version", (stream,)
    ).fetchall()
    for tag, payload in rows:
        state = aggregate.evolve(state, decoders[tag](payload))
    return state, len(rows)


def select_and_decode(database: sqlite3.Connection, stream: str) -> None:
    decoders = {cls.tag: msgspec.json.Decoder(cls).decode for each in AGGREGATES for cls in each.events}
    for tag, payload in database.execute(
        "SELECT tag, payload FROM events WHERE stream = ? ORDER BY version", (stream,)
    ).fetchall():
        decoders[tag](payload)


async def _long_game(home: Home, engine: Engine, moves: int) -> str:
    """A game of 2048 with at least ``moves`` moves."""
    player = home.vault.player("terminal", "long")
    rules = GAMES.load("2048")
    while True:
        opened = await engine.execute(
            scenario.invocation("open", player, game="2048", options={"target": 0, "size": 6})
        )
        game = opened.result["game"]
        for number in range(moves):
            board = engine.read("game", game).state.board
            legal = rules.legal(board, 0)
            if not legal:
                break
            await engine.execute(
                scenario.invocation("move", player, game=game, move=legal[number % len(legal)])
            )
        else:
            return str(game)


def refold(rounds: int, moves: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        with Home(Path(folder)) as home, home.engine() as engine:
            game = asyncio.run(_long_game(home, engine, moves))
            member = key("terminal", home.vault.player("terminal", "long"))
        database = sqlite3.connect(Path(folder) / "events.db")
        ours: dict[str, list[float]] = {"game": [], "member": []}
        bare: dict[str, list[float]] = {"game": [], "member": []}
        decoded: dict[str, list[float]] = {"game": [], "member": []}
        counts = {}
        with Home(Path(folder)) as home:
            for _ in range(rounds):
                for aggregate, name in ((GAMES, game), (MEMBERS, member)):
                    kind, stream = aggregate.kind, f"{aggregate.kind}:{name}"
                    counts[kind] = bare_fold(database, stream)[1]
                    ours[kind].append(
                        timed(lambda a=aggregate, n=name: home.store.fold(a, n, snapshots=False))
                    )  # type: ignore[misc]
                    bare[kind].append(timed(lambda s=stream: bare_fold(database, s)))  # type: ignore[misc]
                    decoded[kind].append(timed(lambda s=stream: select_and_decode(database, s)))  # type: ignore[misc]
        database.close()
    rows = []
    for kind, what in (("game", "refold of one game of 2048"), ("member", "refold of one member")):
        rate = counts[kind] / median(ours[kind])
        for baseline, seconds, aim in (
            ("select + decode + match", bare[kind], 0.7),
            ("select + decode only", decoded[kind], None),
        ):
            theirs = f"{baseline}: {counts[kind] / median(seconds):,.0f}"
            rows.append(Row(f"{what}, events/s", f"{rate:,.0f}", theirs, ratio(seconds, ours[kind]), aim))
    return rows


def behind_snapshot(rounds: int, longer: int) -> list[Row]:
    """Loading a member with a long history, and one with a short one."""
    with tempfile.TemporaryDirectory() as folder, Home(Path(folder)) as home:
        names = {}
        for count in (100, longer):
            names[count] = key("terminal", home.vault.player("terminal", str(count)))
            _invocations(home, names[count], count)
        seconds: dict[int, list[float]] = {100: [], longer: []}
        for _ in range(rounds):
            for count, name in names.items():
                seconds[count].append(
                    min(timed(lambda n=name: home.store.fold(MEMBERS, n)) for _ in range(20))
                )  # type: ignore[misc]
    long, short = seconds[longer], seconds[100]
    what, theirs = (
        f"load behind a snapshot, history of {longer:,}",
        f"history of 100: {median(short) * 1e6:.0f} µs",
    )
    return [Row(what, f"{median(long) * 1e6:.0f} µs", theirs, ratio(long, short), 1.2, smaller=True)]


def _invocations(home: Home, name: str, count: int) -> None:
    """A member's stream of ``count`` invocations, with a snapshot 50 events before its end."""
    stream, state = f"member:{name}", MEMBERS.initial(name)
    event = CommandInvoked("move", {"move": "1"}, "accepted")
    payload = home.store.codec.encode(event, stream)
    with home.store.transaction() as transaction:
        rows = []
        for version in range(1, count + 1):
            invocation = new_id()
            rows.append(
                (
                    stream,
                    version,
                    event.tag,
                    payload,
                    version,
                    name,
                    "terminal/main",
                    invocation,
                    None,
                    invocation,
                )
            )
            state = MEMBERS.evolve(state, event)
            if version == count - 50:
                transaction.snapshot("member", stream, version, MEMBERS.encode(state))
        transaction.append(rows)
