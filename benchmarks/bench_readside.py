"""The read side: making the read models anew, memory meanwhile, how soon a commit is visible, and what it
costs those who write.
"""

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import scenario
from benchmarks.footprint import PEAK
from benchmarks.table import Row, quantile, ratio
from milena.home import Home
from milena.readside import Follower, names

AIMS = {"audit": 0.5, "leaderboard": 0.5}
A_SECOND = 100
"""Commands while it is measured how soon they are visible."""


def fill(directory: Path, events: int) -> None:
    """A log of at least ``events`` events: games of connect four by 512 pairs of players, each of 24 moves,
    after which somebody resigns."""

    async def one_game(home: Home, tables: list[scenario.Table]) -> None:
        with home.engine() as engine:
            await asyncio.gather(*(table.sit_down(engine) for table in tables))
            for number in range(len(scenario.MOVES)):
                await asyncio.gather(*(table.move(engine, number) for table in tables))
            await asyncio.gather(
                *(
                    engine.execute(scenario.invocation("resign", table.players[number % 2], game=table.game))
                    for number, table in enumerate(tables)
                )
            )

    with Home(directory) as home:
        tables = [scenario.Table(home, number) for number in range(512)]
        while home.store.head().position < events:
            asyncio.run(one_game(home, tables))


def floor(directory: Path, aside: Path) -> float:
    """Seconds to copy all events into a table of another file, in one statement."""
    path = aside / "floor.db"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(f"file:{path}", uri=True, isolation_level=None)
    database.execute("PRAGMA journal_mode = MEMORY")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("ATTACH ? AS log", (f"file:{directory / 'events.db'}?mode=ro",))
    database.execute("CREATE TABLE events AS SELECT * FROM log.events WHERE 0")
    started = time.perf_counter()
    database.execute("INSERT INTO events SELECT * FROM log.events")
    seconds = time.perf_counter() - started
    database.close()
    return seconds


def rebuild(events: int, rounds: int) -> list[Row]:
    """Events a second that a rebuild takes in, for each read model, against the floor."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "data"
        fill(directory, events)
        ours: dict[str, list[float]] = {name: [] for name in names()}
        floors: list[float] = []
        with Home(directory) as home:
            count, readside = home.store.head().position, home.readside()
            for _ in range(rounds):
                floors.append(floor(directory, Path(folder)))
                for name, seconds in ours.items():
                    started = time.perf_counter()
                    readside.rebuild(name)
                    seconds.append(time.perf_counter() - started)
        baseline = f"INSERT ... SELECT: {count / median(floors):,.0f}"
        return [
            Row(f"rebuild of {name}, {count:,} events, events/s", f"{count / median(seconds):,.0f}", baseline,
                ratio(floors, seconds), AIMS.get(name))
            for name, seconds in ours.items()
        ]  # fmt: skip


def memory(events: int) -> list[Row]:
    """Peak memory of a process that makes a read model anew: of ``events`` events, and of a tenth of them."""
    few: dict[str, float] = {}
    many: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for count, peaks in ((events // 10, few), (events, many)):
            directory = Path(folder) / str(count)
            fill(directory, count)
            for name in names():
                call = f"rebuild_one({str(directory)!r}, {name!r})"
                code = f"from benchmarks.bench_readside import rebuild_one; {call}; {PEAK}"
                done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
                peaks[name] = int(done.stdout) / 1024
    return [
        Row(f"peak memory of a rebuild of {name}, {events:,} events", f"{many[name]:.0f} MiB",
            f"{events // 10:,}: {few[name]:.0f} MiB", many[name] / few[name], 1.2, smaller=True)
        for name in names()
    ]  # fmt: skip


def rebuild_one(directory: str, name: str) -> None:
    with Home(Path(directory)) as home:
        home.readside().rebuild(name)


def visible(seconds: float) -> list[Row]:
    """How long after the answer of a command all read models show it, at 100 commands a second."""
    took: list[float] = []

    async def note(follower: Follower, position: int) -> None:
        started = time.perf_counter()
        await follower.caught_up(position)
        took.append(time.perf_counter() - started)

    async def play(home: Home) -> None:
        follower = home.readside().follower()
        with follower, home.engine(follower.wake) as engine:
            tables = [scenario.Table(home, number) for number in range(32)]
            await asyncio.gather(*(table.sit_down(engine) for table in tables))
            await follower.caught_up(home.store.head().position)
            waiting = []
            moves = [(table, number) for number in range(len(scenario.MOVES)) for table in tables]
            for table, number in moves[: round(seconds * A_SECOND)]:
                began = time.perf_counter()
                move, player = scenario.MOVES[number], table.players[number % 2]
                asked = scenario.invocation("move", player, game=table.game, move=move)
                answer = await engine.execute(asked)
                assert answer.verdict == "accepted"
                waiting.append(asyncio.ensure_future(note(follower, answer.position)))
                await asyncio.sleep(max(0.0, 1 / A_SECOND - (time.perf_counter() - began)))
            await asyncio.gather(*waiting)

    with tempfile.TemporaryDirectory() as folder, Home(Path(folder)) as home:
        asyncio.run(play(home))
    return [
        Row(f"commit to visible in every read model, {what}", f"{quantile(took, q) * 1e3:.2f} ms",
            f"at most {most} ms", quantile(took, q) * 1e3 / most, 1, smaller=True)
        for what, q, most in (("p50", 0.5, 5), ("p99", 0.99, 50))
    ]  # fmt: skip


def beside(rounds: int, games: int) -> list[Row]:
    """Commands a second of 64 callers while the read models follow, against nobody following."""
    followed: list[float] = []
    alone: list[float] = []
    for _ in range(rounds):
        for speeds, following in ((alone, False), (followed, True)):
            with tempfile.TemporaryDirectory() as folder, Home(Path(folder)) as home:
                follower = home.readside().follower()
                if following:
                    with follower, home.engine(follower.wake) as engine:
                        count, seconds = asyncio.run(scenario.play(home, engine, 64, games))
                else:
                    with home.engine() as engine:
                        count, seconds = asyncio.run(scenario.play(home, engine, 64, games))
                speeds.append(count / seconds)
    what = "64 callers while the read models follow, commands/s"
    theirs = f"nobody follows: {median(alone):,.0f}"
    return [Row(what, f"{median(followed):,.0f}", theirs, ratio(followed, alone))]
