"""What Milena uses: sampled every few seconds, and kept for a few minutes.

Of the bytes on the wire only those of Discord's REST API are counted, as they are before TLS: an operating
system tells them for a machine, not for a process.
"""

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
from msgspec import Struct

from milena.ops.meter import Meter
from milena.ops.sample import Sample

MB = 1_000_000
DAY = 24 * 3600.0
KEPT = 60
"""Samples that are kept, for the graphs."""
PACE = 600.0
"""Seconds over which it is measured how fast files grow; before, at least SHORTEST."""
SHORTEST = 60.0


class Sources(Struct, frozen=True):
    """Where the sampler gets what it can't see itself."""

    queue: Callable[[], int] = lambda: 0
    lag: Callable[[], int] = lambda: 0
    loop: Callable[[], float] = lambda: 0.0
    """Seconds."""
    processes: Callable[[], Iterable[int]] = tuple
    """The ids of those that are Milena's, beside this one. To find them, all of a machine's would have to be
    looked at, which takes 2 ms for a hundred."""


class Pace:
    """How fast files grow together, in bytes a day: what is written counts, and not what is removed."""

    def __init__(self) -> None:
        self._sizes: dict[Path, int] | None = None
        self._grown: deque[tuple[float, int]] = deque()
        self._began = 0.0

    def __call__(self, sizes: dict[Path, int], now: float) -> float:
        """``sizes`` of the files now; ``now`` in seconds, of any clock that never goes back."""
        if self._sizes is None:
            self._began, self._sizes = now, sizes
        before = self._sizes
        # A file that shrank was begun anew: all of it is new.
        changes = {path: (size, before.get(path, 0)) for path, size in sizes.items()}
        grown = sum(size - old if size >= old else size for size, old in changes.values())
        self._sizes = sizes
        self._grown.append((now, grown))
        while self._grown[0][0] <= now - PACE:
            self._grown.popleft()
        span = min(PACE, max(SHORTEST, now - self._began))
        return sum(each for _, each in self._grown) / span * DAY


class Sampler:
    """``take()`` measures everything once; ``history`` are the last samples, oldest first. ``directory`` is
    that of the data. For one thread."""

    def __init__(self, directory: Path, meter: Meter, sources: Sources) -> None:
        self.history: deque[Sample] = deque(maxlen=KEPT)
        self._directory, self._meter, self._sources = directory, meter, sources
        self._process = psutil.Process()
        self._logs, self._store = Pace(), Pace()
        self._before = self._counted()

    def take(self) -> Sample:
        before, self._before = self._before, self._counted()
        now, cpu, wire, commands = self._before
        seconds = max(0.001, now - before[0])
        store = store_sizes(self._directory)
        logs = sizes([self._directory / "logs"], (".jsonl",))
        values = {
            "command": 1000 * self._meter.slowest(),
            "commands": (commands - before[3]) / seconds,
            "memory": self._memory() / MB,
            "cpu": 100 * max(0.0, cpu - before[1]) / seconds,
            "loop": 1000 * self._sources.loop(),
            "queue": self._sources.queue(),
            "lag": self._sources.lag(),
            "network": (wire - before[2]) / MB / seconds,
            "store": sum(store.values()) / MB,
            "growth": self._store(store, now) / MB,
            "logs": self._logs(logs, now) / MB,
            "disk": shutil.disk_usage(self._directory).free / MB,
        }
        sample = Sample(time.time(), {name: round(float(value), 3) for name, value in values.items()})
        self.history.append(sample)
        return sample

    def _counted(self) -> tuple[float, float, int, int]:
        """The time, and what has come together until now: seconds of the processor, bytes, commands."""
        cpu = sum(sum(each.cpu_times()[:2]) for each in self._alive())
        ended = self._process.cpu_times()
        cpu += getattr(ended, "children_user", 0.0) + getattr(ended, "children_system", 0.0)
        wire = self._meter.sent + self._meter.received
        return time.monotonic(), cpu, wire, sum(self._meter.answered.counts)

    def _memory(self) -> int:
        return sum(each.memory_info().rss for each in self._alive())

    def _alive(self) -> Iterable[psutil.Process]:
        yield self._process
        for each in self._sources.processes():
            try:
                process = psutil.Process(each)
                process.memory_info()
            except psutil.Error:  # it has ended meanwhile
                continue
            yield process


def store_sizes(directory: Path) -> dict[Path, int]:
    """The bytes of each file that counts for the store, of the data in ``directory``."""
    return sizes([directory, directory / "projections"], (".db", ".db-wal"))


def sizes(folders: Iterable[Path], ends: tuple[str, ...]) -> dict[Path, int]:
    """The bytes of each file in these folders whose name ends so; links are left out."""
    found = {}
    for folder in folders:
        if folder.is_dir():
            for file in folder.iterdir():
                try:
                    if file.name.endswith(ends) and not file.is_symlink():
                        found[file] = file.stat().st_size
                except OSError:  # removed meanwhile
                    continue
    return found
