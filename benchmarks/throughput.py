"""Durable commands a second, and the time of one command, against bare sqlite3 and the plain library.

Each round measures all of them one after the other; the ratios are taken round by round, so that a
machine that gets slower for a while slows both sides.
"""

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
    name = f"{callers} caller{'s' * (callers > 1)}, durable commands/s"
    return [
        Row(name, f"{median(ours):,.0f}", f"raw sqlite3: {median(bare):,.0f}", ratio(ours, bare), {1: 0.67, 64: 0.6}.get(callers)),
        Row(name, f"{median(ours):,.0f}", f"plain library: {median(plain):,.0f}", ratio(ours, plain), {64: 25}.get(callers)),
    ]  # fmt: skip


def latency(rounds: int, games: int) -> list[Row]:
    ours: dict[float, list[float]] = {0.5: [], 0.99: []}
    bare: dict[float, list[float]] = {0.5: [], 0.99: []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            directory = Path(folder)
            commands: list[float] = []
            commits: list[float] = []
            scenario.run(directory / "milena", 1, games, commands.append)
            baselines.raw(
                directory / "raw.db", baselines.recorded_moves(directory / "milena"), 1, commits.append
            )
            for q in ours:
                ours[q].append(quantile(commands, q))
                bare[q].append(quantile(commits, q))
    return [
        Row(f"one command, p{q * 100:.0f}", f"{median(ours[q]) * 1e6:.0f} µs", f"raw commit: {median(bare[q]) * 1e6:.0f} µs",
            ratio(ours[q], bare[q]), aim, smaller=True)
        for q, aim in ((0.5, 1.5), (0.99, 2.0))
    ]  # fmt: skip
