"""A bot as a process: started, heard through its log, stopped or killed, and measured."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import Process
from pathlib import Path

BARE_BOT = Path(__file__).with_name("bare_bot.py")
PATIENCE = 30.0
"""Seconds after which a process that does not do what it should is given up."""


class Bot:
    def __init__(self, process: Process, log: Path) -> None:
        self.process, self._log = process, log

    @classmethod
    async def start(cls, command: list[str], environment: dict[str, str], log: Path) -> "Bot":
        with log.open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                *command, env=os.environ | environment, stdout=said, stderr=asyncio.subprocess.STDOUT
            )
        return cls(process, log)

    @property
    def log(self) -> str:
        """What it said so far, on both streams."""
        return self._log.read_text(errors="replace")

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    async def says(self, text: str, times: int = 1, patience: float = PATIENCE) -> None:
        """Wait until the log has ``text``."""
        deadline = time.monotonic() + patience
        while self.log.count(text) < times:
            assert self.running, f"it ended without saying {text!r}:\n{self.log}"
            assert time.monotonic() < deadline, f"it never said {text!r}:\n{self.log}"
            await asyncio.sleep(0.01)

    async def ends(self, patience: float = PATIENCE) -> int:
        """Wait for its end; the exit status (minus the signal that killed it)."""
        return await asyncio.wait_for(self.process.wait(), patience)

    async def kill(self) -> None:
        """kill -9, and see it gone."""
        if self.running:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    def terminate(self) -> None:
        """SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    @property
    def memory(self) -> int:
        """Resident bytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def cpu(self) -> float:
        """Seconds of processor time, in user mode and in the system's."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
