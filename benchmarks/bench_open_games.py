"""Ten thousand games open at once in one guild, against ten: memory, start, a move, one game more."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.scenario import MOVES
from benchmarks.table import Row, ratio
from milena.domain.command import Invocation
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.limits import GameLimits
from milena.engine import Engine
from milena.home import Home
from milena.ops.config import Config
from milena.unfinished import open_games

FEW = 10
SAMPLE = 10
"""So many games are moved in, spread over all of them."""
CONFIG = Config(limits=GameLimits(guild=1_000_000, channel=1_000_000, member=1_000))
"""Limits that are never reached, so that each of them has to be checked."""

Figures = dict[str, float]


def many(count: int, rounds: int) -> list[Row]:
    """Each round starts a process on a log with ten open games, and one on a log with ``count``."""
    with tempfile.TemporaryDirectory() as folder:
        few, full = Path(folder) / "few", Path(folder) / "full"
        fill(few, FEW)
        fill(full, count)
        found = [(_measured(few, number), _measured(full, number)) for number in range(rounds)]

    def row(what: str, name: str, unit: str, factor: float) -> Row:
        theirs, ours = ([each[side][name] * factor for each in found] for side in (0, 1))
        return Row(
            f"{what}, {count:,} open games",
            f"{median(ours):,.2f} {unit}",
            f"{FEW}: {median(theirs):,.2f} {unit}",
            ratio(ours, theirs),
        )

    each = median(ours["all"] - theirs["all"] for theirs, ours in found) / (count - FEW)
    states = median(ours["all"] - ours["started"] for _, ours in found) / count
    return [
        row("start", "start", "ms", 1e3),
        row("first command of all", "first", "ms", 1e3),
        row("a move, cold", "cold", "ms", 1e3),
        row("a move, cached", "cached", "ms", 1e3),
        row("one open more", "open", "ms", 1e3),
        row("quick match", "match", "ms", 1e3),
        row("memory, started", "started", "MiB", 1 / 1024),
        row("memory, all states cached", "all", "MiB", 1 / 1024),
        Row("one open game", f"{each:.2f} KiB", f"its state in the cache: {states:.2f} KiB", each / states),
    ]  # fmt: skip


def invocation(command: str, player: PlayerId, channel: int, **options: object) -> Invocation:
    now = time.time_ns() // 1_000_000
    return Invocation(InvocationId(new_id()), command, options, player, Place(f"guild/{channel % 50}"), now)


def fill(directory: Path, count: int) -> None:
    """A log with ``count`` games of connect four that have begun, each of two members of its own."""

    async def work(home: Home, engine: Engine) -> None:
        for first in range(0, count, 256):
            numbers = range(first, min(count, first + 256))
            pairs = [players(home, number) for number in numbers]
            opened = await asyncio.gather(
                *(
                    engine.execute(invocation("open", ann, number, game="connect4", clock="3d/turn"))
                    for number, (ann, _) in zip(numbers, pairs, strict=True)
                )
            )
            await asyncio.gather(
                *(
                    engine.execute(invocation("join", bob, number, game=answer.result["game"]))
                    for number, answer, (_, bob) in zip(numbers, opened, pairs, strict=True)
                )
            )

    with Home(directory, CONFIG) as home, home.engine() as engine:
        asyncio.run(work(home, engine))
        assert len(open_games(home.store)) == count


def players(home: Home, number: int) -> list[PlayerId]:
    return [home.vault.player("terminal", f"{side}{number}") for side in ("first", "second")]


def _measured(directory: Path, number: int) -> Figures:
    code = f"from benchmarks.bench_open_games import measure; measure({str(directory)!r}, {number})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def measure(directory: str, number: int) -> None:
    """In a process of its own: print the figures of round ``number``."""
    started = time.perf_counter()
    with Home(Path(directory), CONFIG) as home, home.engine() as engine:
        home.scheduler(engine).turn()
        figures = {"start": time.perf_counter() - started, "started": _memory()}
        games = open_games(home.store)
        numbers = range(0, len(games), len(games) // SAMPLE)
        tables = [(table, games[table], players(home, table)) for table in numbers]
        ann, bob = players(home, len(games))

        def call(command: str, player: PlayerId, channel: int, **options: object) -> str:
            answer = engine.call(invocation(command, player, channel, **options))
            assert answer.verdict == "accepted", answer
            return str(answer.result["game"])

        def moves(ply: int) -> list[float]:
            return [
                _timed(lambda: call("move", pair[ply % 2], table, game=game, move=MOVES[ply]))  # noqa: B023
                for table, game, pair in tables
            ]

        cold = moves(2 * number)
        figures |= {"first": cold[0], "cold": median(cold[1:]), "cached": median(moves(2 * number + 1))}
        for command in ("open", "match"):
            seconds = []
            for channel in range(20):
                opened = []
                seconds.append(_timed(lambda: opened.append(call(command, ann, channel, game="connect4"))))  # noqa: B023
                call("abort", ann, channel, game=opened[0])
            figures[command] = median(seconds)
        asyncio.run(look_at(engine, bob, games))
        figures["all"] = _memory()
    print(json.dumps(figures))


async def look_at(engine: Engine, player: PlayerId, games: list[str]) -> None:
    """The engine remembers the state of each game that somebody asks for, if in vain."""
    for first in range(0, len(games), 256):
        asked = [invocation("join", player, 0, game=game) for game in games[first : first + 256]]
        answers = await asyncio.gather(*(engine.execute(each) for each in asked))
        assert {answer.code for answer in answers} == {"no_free_seat"}


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _memory() -> float:
    """What this process holds at most until now, in KiB."""
    status = Path("/proc/self/status").read_text("ascii")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
