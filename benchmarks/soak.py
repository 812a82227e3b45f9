"""Milena for some minutes as she is used: 100 commands a minute on Discord, with 10 games open.

``python -m benchmarks.soak [MINUTES]`` (10). It fails where a budget is passed, an answer is lost or doubled,
or memory still grows in the second half.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from rich.console import Console
from rich.table import Table as Shown

from benchmarks.discord_load import MILENA, Club, club
from benchmarks.table import quantile

GAMES, MINUTE = 10, 100 / 60
"""Open at any time; commands a second."""
FLAT = 0.05
"""So much of its memory may be more at the end than at half time."""
LIMIT = 3.0
"""Seconds in which Discord takes an answer."""
MEMORY, CPU, WIRE, DISK = 512 * 2**20, 0.3, 1e6, 2**30
"""Budgets: bytes, of a core, bytes a second, bytes."""


class Sample(Struct):
    """``time`` in s; ``cpu`` in s of processor time; the others in bytes."""

    time: float
    memory: int
    cpu: float
    wire: int
    disk: int


async def soak(folder: Path, minutes: float) -> tuple[list[Sample], list[float], int]:
    """How it was at the start and after each tenth; seconds until people were answered; how many were not, or
    twice."""
    async with club(folder / "milena", MILENA) as discord:
        await discord.open_games(GAMES)
        await discord.at_once(discord.ping, len(discord.people))
        samples, waited = [_sample(discord, folder)], []
        for tenth in range(10):
            shown = await discord.steadily(discord.mixed, MINUTE, minutes * 6, tenth)
            await discord.quiet()
            waited += [each.interaction.latency or LIMIT for each in shown]
            samples.append(_sample(discord, folder))
            _tell(samples)
        return samples, waited, discord.wrong()


def _sample(club: Club, folder: Path) -> Sample:
    disk = 0
    for each in folder.rglob("*"):
        with suppress(FileNotFoundError):  # some are only there for a moment
            disk += each.stat().st_size
    wire = club.discord.record.bytes_on_the_wire
    return Sample(time.monotonic(), club.bot.memory, club.bot.cpu, wire, disk)


def _tell(samples: list[Sample]) -> None:
    first, last = samples[0], samples[-1]
    print(f"{last.time - first.time:5.0f} s: {last.memory / 2**20:.1f} MiB", file=sys.stderr)


def judge(samples: list[Sample], waited: list[float], wrong: int) -> bool:
    """Show what was measured beside the budgets; whether all was kept."""
    first, half, last = samples[0], samples[len(samples) // 2], samples[-1]
    seconds = last.time - first.time
    memory = max(each.memory for each in samples)
    cpu = (last.cpu - first.cpu) / seconds
    wire = (last.wire - first.wire) / seconds
    grown = last.memory / half.memory - 1
    # Files that are made at the start, and logs that are written over and over, are there by half time.
    more = (last.disk - half.disk) / (len(waited) / 2)
    rows = [
        ("memory, at most", f"{memory / 2**20:.0f} MiB", "512 MiB", memory <= MEMORY),
        ("memory, second half", f"{grown:+.1%}", f"{FLAT:+.0%}", grown <= FLAT),
        ("of a core", f"{cpu:.1%}", "30 %", cpu <= CPU),
        ("on the wire", f"{wire / 1e3:.1f} kB/s", "1,000 kB/s", wire <= WIRE),
        ("on the disk", f"{last.disk / 2**20:.1f} MiB", "1,024 MiB", last.disk <= DISK),
        ("the same, second half", f"{more / 1e3:+.2f} kB a command", "", True),
        ("answers, p50", f"{quantile(waited, 0.5) * 1e3:.1f} ms", "100 ms", quantile(waited, 0.5) <= 0.1),
        ("answers, p99", f"{quantile(waited, 0.99) * 1e3:.1f} ms", "100 ms", quantile(waited, 0.99) <= 0.1),
        (f"of {len(waited):,}, lost or doubled", str(wrong), "0", wrong == 0),
    ]
    table = Shown("what", "Milena", "budget", title=f"{seconds / 60:.0f} minutes")
    for what, value, budget, kept in rows:
        table.add_row(what, f"[{'green' if kept else 'yellow'}]{value}", budget)
    Console().print(table)
    return all(kept for *_, kept in rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("minutes", nargs="?", type=float, default=10.0, metavar="MINUTES")
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        return 0 if judge(*asyncio.run(soak(Path(folder), minutes))) else 1


if __name__ == "__main__":
    sys.exit(main())
