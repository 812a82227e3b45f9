"""This process, as the operating system sees it."""

import os
import time
from typing import NamedTuple


class Measured(NamedTuple):
    """``uptime`` in seconds since the process began; ``memory`` that it has in RAM, in bytes; ``cpu`` in
    percent of one core, over its whole life."""

    uptime: float
    memory: int
    cpu: float


def measure() -> Measured:
    import psutil  # only who asks needs it

    process = psutil.Process(os.getpid())
    with process.oneshot():
        uptime = max(0.001, time.time() - process.create_time())
        used = process.cpu_times()
        return Measured(uptime, process.memory_info().rss, 100 * (used.user + used.system) / uptime)
