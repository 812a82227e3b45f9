"""A bot as a process: started, heard through its log, stopped or killed, and measured."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from queue import Queue

HERE = Path(__file__).parent
BARE_BOT = HERE / "bare_bot.py"
PATIENCE = 60.0
"""Seconds after which a process that does not do what it should is given up."""


class Bot:
    """A running bot; ``poll`` gives its exit status (minus the signal that killed it) once it has ended."""

    def __init__(self, pid: int, log: Path, poll: Callable[[], int | None]) -> None:
        self.pid, self._log, self._poll = pid, log, poll

    @classmethod
    def start(cls, command: list[str], environment: dict[str, str], log: Path) -> "Bot":
        with log.open("wb") as said:
            process = subprocess.Popen(
                command, env=os.environ | environment, stdout=said, stderr=subprocess.STDOUT
            )
        return cls(process.pid, log, process.poll)

    @property
    def log(self) -> str:
        """What it said so far, on both streams."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def running(self) -> bool:
        return self._poll() is None

    async def says(self, text: str, times: int = 1, patience: float = PATIENCE) -> None:
        """Wait until the log has ``text``."""
        deadline = time.monotonic() + patience
        while self.log.count(text) < times:
            assert self.running, f"it ended without saying {text!r}:\n{self.log}"
            assert time.monotonic() < deadline, f"it never said {text!r}:\n{self.log}"
            await asyncio.sleep(0.01)

    async def ends(self, patience: float = PATIENCE) -> int:
        """Wait for its end; the exit status."""
        deadline = time.monotonic() + patience
        while (status := self._poll()) is None:
            assert time.monotonic() < deadline, f"it never ended:\n{self.log}"
            await asyncio.sleep(0.01)
        return status

    async def kill(self) -> int:
        """kill -9, and see it gone."""
        self.signal(signal.SIGKILL)
        return await self.ends()

    def terminate(self) -> None:
        """SIGTERM."""
        self.signal(signal.SIGTERM)

    def signal(self, number: int) -> None:
        if self.running:
            os.kill(self.pid, number)

    @property
    def memory(self) -> int:
        """Resident bytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def cpu(self) -> float:
        """Seconds of processor time, in user mode and in the system's."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


StartBot = Callable[..., Awaitable[Bot]]


class Warm:
    """warm.py, running: bots that need not import the library again; bare ones, or ("milena") real ones.
    What imports should find comes by keyword, as variables."""

    def __init__(self, *kind: str, **environment: str) -> None:
        command = [sys.executable, str(HERE / "warm.py"), *kind]
        self._process = subprocess.Popen(
            command, env=os.environ | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._started: Queue[int] = Queue()
        self._ended: dict[int, int] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, environment: dict[str, str], log: Path, *arguments: str) -> Bot:
        assert self._process.stdin
        order = {"environment": environment, "log": str(log), "arguments": arguments}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        pid = self._started.get(timeout=PATIENCE)
        return Bot(pid, log, lambda: self._ended.get(pid))

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(PATIENCE)

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            said = json.loads(line)
            if "started" in said:
                self._started.put(said["started"])
            else:
                self._ended[said["ended"]] = said["status"]
