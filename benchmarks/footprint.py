"""Memory with many open games, and how fast the command line starts."""

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import scenario
from benchmarks.table import Row, ratio
from milena.home import Home

PEAK = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
"""The peak of this process alone, in KiB (ru_maxrss would begin with that of its parent)."""


def open_games(count: int) -> list[Row]:
    """Peak memory of a process that plays ``count`` games at once, against one that plays ten."""
    peaks = {}
    for games in (10, count):
        code = f"from benchmarks.footprint import play_at_once; play_at_once({games}); {PEAK}"
        peaks[games] = int(
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        )
    each = (peaks[count] - peaks[10]) / (count - 10)
    return [
        Row(f"peak memory, {count:,} open games", f"{peaks[count] / 1024:.0f} MiB",
            f"10 open games: {peaks[10] / 1024:.0f} MiB", peaks[count] / peaks[10]),
        Row("memory of one open game", f"{each:.1f} KiB", "the whole process: 1 MiB", each / 1024),
    ]  # fmt: skip


def play_at_once(count: int) -> None:
    """Open ``count`` games and make six moves in each."""

    async def work(home: Home) -> None:
        with home.engine() as engine:
            tables = [scenario.Table(home, number) for number in range(count)]
            for first in range(0, count, 256):
                await asyncio.gather(*(table.sit_down(engine) for table in tables[first : first + 256]))
            for number in range(6):
                for first in range(0, count, 256):
                    await asyncio.gather(
                        *(table.move(engine, number) for table in tables[first : first + 256])
                    )

    with tempfile.TemporaryDirectory() as folder, Home(Path(folder)) as home:
        asyncio.run(work(home))


def start(rounds: int) -> list[Row]:
    """``milena --help`` against the import of the library that it is written with."""
    commands = {
        "milena": [sys.executable, "-c", "import sys; from milena.cli import run; run(['--help'])"],
        "typer": [sys.executable, "-c", "import typer"],
        "typer's own help": [sys.executable, "-c", _HELLO],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            seconds[name].append(time.perf_counter() - started)
    ours = seconds["milena"]
    return [
        Row(
            "milena --help",
            milliseconds(ours),
            f"{name}: {milliseconds(theirs)}",
            ratio(ours, theirs),
            aim,
            True,
        )
        for name, theirs, aim in (
            ("import typer", seconds["typer"], 1.5),
            ("typer's own help", seconds["typer's own help"], None),
        )
    ]


def milliseconds(seconds: list[float]) -> str:
    return f"{median(seconds) * 1e3:.0f} ms"


_HELLO = """
import typer
app = typer.Typer()
@app.command()
def hello() -> None: "Say hello."
@app.command()
def bye() -> None: "Say bye."
app(["--help"], standalone_mode=False)
"""
