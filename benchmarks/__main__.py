"""Run the benchmarks: ``python -m benchmarks`` (some minutes), ``--quick`` (less than one)."""

import argparse
from collections.abc import Callable

from benchmarks import throughput
from benchmarks.table import Row, show

QUICK: dict[str, Callable[[], list[Row]]] = {
    "throughput-1": lambda: throughput.throughput(1, rounds=3, games=10),
    "throughput-8": lambda: throughput.throughput(8, rounds=3, games=4),
    "throughput-64": lambda: throughput.throughput(64, rounds=3, games=3),
    "latency": lambda: throughput.latency(rounds=3, games=20),
}
FULL: dict[str, Callable[[], list[Row]]] = {
    "throughput-1": lambda: throughput.throughput(1, rounds=9, games=40),
    "throughput-8": lambda: throughput.throughput(8, rounds=9, games=20),
    "throughput-64": lambda: throughput.throughput(64, rounds=9, games=10),
    "latency": lambda: throughput.latency(rounds=9, games=80),
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
