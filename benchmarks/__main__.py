"""Run the benchmarks: ``python -m benchmarks`` (some minutes), ``--quick`` (less than one)."""

import argparse
from collections.abc import Callable

from benchmarks import (
    bench_discord,
    bench_machines,
    bench_open_games,
    bench_opponents,
    bench_readside,
    footprint,
    reading,
    throughput,
)
from benchmarks.table import Row, show

QUICK: dict[str, Callable[[], list[Row]]] = {
    "throughput-1": lambda: throughput.throughput(1, rounds=3, games=10),
    "throughput-8": lambda: throughput.throughput(8, rounds=3, games=4),
    "throughput-64": lambda: throughput.throughput(64, rounds=3, games=3),
    "latency": lambda: throughput.latency(rounds=3, games=20),
    "large-store": lambda: throughput.large_store(events=100_000, rounds=3, games=3),
    "refold": lambda: reading.refold(rounds=15, moves=300),
    "snapshot": lambda: reading.behind_snapshot(rounds=9, longer=10_000),
    "readside-rebuild": lambda: bench_readside.rebuild(events=100_000, rounds=3),
    "readside-memory": lambda: bench_readside.memory(events=200_000),
    "readside-visible": lambda: bench_readside.visible(seconds=3),
    "readside-beside": lambda: bench_readside.beside(rounds=3, games=3),
    "discord": lambda: bench_discord.beside(rounds=2, minute=6, second=3),
    "memory": lambda: footprint.open_games(1_000),
    "open-games": lambda: bench_open_games.many(1_000, rounds=3),
    "start": lambda: footprint.start(rounds=5),
    "machines": lambda: bench_machines.beside(rounds=3),
    "opponents": lambda: bench_opponents.strength(rounds=10),
    "opponents-pace": lambda: bench_opponents.pace(moves=4),
    "opponents-memory": bench_opponents.notes,
}
FULL: dict[str, Callable[[], list[Row]]] = {
    "throughput-1": lambda: throughput.throughput(1, rounds=9, games=40),
    "throughput-8": lambda: throughput.throughput(8, rounds=9, games=20),
    "throughput-64": lambda: throughput.throughput(64, rounds=9, games=10),
    "latency": lambda: throughput.latency(rounds=9, games=80),
    "large-store": lambda: throughput.large_store(events=1_000_000, rounds=5, games=5),
    "refold": lambda: reading.refold(rounds=25, moves=1000),
    "snapshot": lambda: reading.behind_snapshot(rounds=25, longer=100_000),
    "readside-rebuild": lambda: bench_readside.rebuild(events=1_000_000, rounds=3),
    "readside-memory": lambda: bench_readside.memory(events=1_000_000),
    "readside-visible": lambda: bench_readside.visible(seconds=7),
    "readside-beside": lambda: bench_readside.beside(rounds=5, games=10),
    "discord": lambda: bench_discord.beside(rounds=5, minute=12, second=5),
    "memory": lambda: footprint.open_games(10_000),
    "open-games": lambda: bench_open_games.many(10_000, rounds=7),
    "start": lambda: footprint.start(rounds=15),
    "machines": lambda: bench_machines.beside(rounds=10),
    "opponents": lambda: bench_opponents.strength(rounds=100),
    "opponents-pace": lambda: bench_opponents.pace(moves=20),
    "opponents-memory": bench_opponents.notes,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones, of: {', '.join(FULL)}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    arguments = parser.parse_args()
    suite = QUICK if arguments.quick else FULL
    rows: list[Row] = []
    for name in arguments.names or suite:
        if name not in suite:
            parser.error(f"there is no benchmark {name!r}; there are: {', '.join(suite)}")
        rows += suite[name]()
    show(rows)


if __name__ == "__main__":
    main()
