"""Durable commands a second, and the time of one command, against bare sqlite3 and the plain library.

Each round measures all of them one after the other; the ratios are taken round by round, so that a
machine that gets slower for a while slows both sides.
"""

import shutil
import tempfile
from pathlib import Path
from statistics import median

from benchmarks import baselines, scenario
from benchmarks.table import Row, quantile, ratio


def throughput(callers: int, rounds: int, games: int) -> list[Row]:
    ours, bare, plain = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            directory = Path(folder)
            ours.append(scenario.run(directory / "milena", callers, games))
            rows = baselines.recorded_moves(directory / "milena")
            bare.append(baselines.raw(directory / "raw.db", rows, callers))
            plain.append(baselines.library(directory / "library.db", callers, max(2, 200 // callers)))
    name, rate = f"{callers} caller{'s' * (callers > 1)}, durable commands/s", f"{median(ours):,.0f}"
    against_raw, against_plain = {1: (0.67, None), 64: (0.6, 25.0)}.get(callers, (None, None))
    return [
        Row(name, rate, f"raw sqlite3: {median(bare):,.0f}", ratio(ours, bare), against_raw),
        Row(name, rate, f"plain library: {median(plain):,.0f}", ratio(ours, plain), against_plain),
    ]


def latency(rounds: int, games: int) -> list[Row]:
    """One caller. Commands and raw commits take turns, so that the disk is as busy for both."""
    commands: list[list[float]] = []
    commits: list[list[float]] = []
    with tempfile.TemporaryDirectory() as folder:
        scenario.run(Path(folder) / "first", 1, games)
        rows = baselines.recorded_moves(Path(folder) / "first")
        for number in range(rounds):
            with baselines.Raw(Path(folder) / f"raw{number}.db", rows) as raw:
                seconds: list[float] = []
                scenario.run(Path(folder) / f"milena{number}", 1, games, seconds.append, between=raw.commit)
                commands.append(seconds)
                commits.append(raw.seconds)
    result = []
    for q, aim in ((0.5, 1.5), (0.99, 2.0)):
        ours, bare = [quantile(each, q) for each in commands], [quantile(each, q) for each in commits]
        result.append(
            Row(f"one command, p{q * 100:.0f}", f"{median(ours) * 1e6:.0f} µs",
                f"raw commit: {median(bare) * 1e6:.0f} µs", ratio(ours, bare), aim, smaller=True)
        )  # fmt: skip
    return result


def large_store(events: int, rounds: int, games: int) -> list[Row]:
    """64 callers on a store that holds many events of many members and games, and on an empty one."""
    full, empty = [], []
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template"
        scenario.fill(template, events)
        for number in range(rounds):
            directory = Path(folder) / f"full{number}"
            shutil.copytree(template, directory)
            full.append(scenario.run(directory, 64, games))
            shutil.rmtree(directory)
            empty.append(scenario.run(Path(folder) / f"empty{number}", 64, games))
    return [
        Row(f"64 callers, store of {events:,} events", f"{median(full):,.0f}",
            f"empty store: {median(empty):,.0f}", ratio(full, empty), 0.9)
    ]  # fmt: skip
